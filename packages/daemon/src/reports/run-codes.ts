// The diagnostic codes of a daemon that runs: what its log and its status say of its surroundings, with a code that does not
// change.
// docs/reference/diagnostics.md explains each; a test checks that the two name the same codes.

export const RUN_CODES = {
  'run/status-socket-in-use': { severity: 'warning', title: 'another process answers at the status socket' },
  'run/status-socket-failed': { severity: 'warning', title: 'the status socket cannot be opened' },
  'run/instance-refused': { severity: 'error', title: 'the engine cannot run an instance' },
} as const;

export type RunCode = keyof typeof RUN_CODES;
