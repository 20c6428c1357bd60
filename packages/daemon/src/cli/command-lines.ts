// The commands that exist, one line each, for the help text.

export const COMMAND_LINES: readonly string[] = [
  '  check FILE...                   all findings with their places; --format text|json|sarif, --strict; several: as nodes',
  '  config FILE --json              the resolved configuration as JSON',
  '  fmt FILE [--write | --check]    canonical layout, comments stay; --diff shows what changes',
  '  decode CAPTURE [--json]         a capture as one line per packet; --analyse, --summary, --vrid N; - reads a pipe',
  '  simulate FILE...                these nodes on a virtual LAN; --script FAULTS, --for TIME, --seed N, --svg FILE, --json',
  '  status [NAME]                   what the running daemon does, and why; --json, --socket PATH',
  '  explain NAME                    why a virtual router is what it is, and what would change it; --json, --socket PATH',
];
