// keepalived's own command line flags as one table (keepalived(8); behaviour seen on 2.2.7): it drives the parser, the
// help text and the sentences about flags that do not do anything here yet.

export interface Flag {
  readonly long: string;
  readonly short?: string;
  /** `attached`: an optional argument that must be glued on (`-tFILE`, `--config-test=FILE`). */
  readonly argument: 'none' | 'required' | 'attached';
  readonly describe: string;
  /** Set when the flag is accepted without effect: the sentence that says so. */
  readonly without?: string;
}

const NO_CHECKERS = 'vrrpd has no health-checker process';
const NO_BFD = 'vrrpd has no BFD process';
const NO_SNMP = 'vrrpd has no SNMP yet';
const NO_CORE = 'core dumps are left to the system';

export const FLAGS: readonly Flag[] = [
  { long: 'use-file', short: 'f', argument: 'required', describe: 'the configuration file, or a pattern for several' },
  { long: 'vrrp', short: 'P', argument: 'none', describe: 'only run VRRP (vrrpd never runs anything else)' },
  { long: 'check', short: 'C', argument: 'none', describe: 'only run health checkers', without: NO_CHECKERS },
  { long: 'no_bfd', short: 'B', argument: 'none', describe: 'do not run BFD (vrrpd has none)' },
  { long: 'all', argument: 'none', describe: 'force all child processes to run', without: 'vrrpd is one process' },
  { long: 'log-console', short: 'l', argument: 'none', describe: 'log to standard error too' },
  { long: 'log-format', argument: 'required', describe: 'form of the log on standard error: text or json' },
  { long: 'log-detail', short: 'D', argument: 'none', describe: 'log in detail' },
  { long: 'log-facility', short: 'S', argument: 'required', describe: 'syslog facility: 0-7, local0-7, user, daemon' },
  { long: 'no-syslog', short: 'G', argument: 'none', describe: 'do not log to syslog' },
  { long: 'umask', short: 'u', argument: 'required', describe: 'umask for created files (octal, decimal or hex)' },
  {
    long: 'release-vips',
    short: 'X',
    argument: 'none',
    describe: 'drop addresses on a transition from a signal',
    without: 'vrrpd always removes its addresses when it leaves the Master role',
  },
  {
    long: 'dont-release-vrrp',
    short: 'V',
    argument: 'none',
    describe: 'keep the addresses at stop, send no priority 0',
  },
  { long: 'dont-release-ipvs', short: 'I', argument: 'none', describe: 'keep IPVS', without: 'vrrpd has no IPVS' },
  {
    long: 'dont-respawn',
    short: 'R',
    argument: 'none',
    describe: 'do not respawn children',
    without: 'vrrpd is one process',
  },
  { long: 'dont-fork', short: 'n', argument: 'none', describe: 'stay in the foreground' },
  { long: 'dump-conf', short: 'd', argument: 'none', describe: 'log the resolved configuration at start' },
  { long: 'pid', short: 'p', argument: 'required', describe: 'pid file' },
  { long: 'vrrp_pid', short: 'r', argument: 'required', describe: 'pid file of the VRRP part (the same process)' },
  {
    long: 'checkers_pid',
    short: 'c',
    argument: 'required',
    describe: 'pid file of the checkers',
    without: NO_CHECKERS,
  },
  { long: 'bfd_pid', short: 'b', argument: 'required', describe: 'pid file of the BFD process', without: NO_BFD },
  {
    long: 'address-monitoring',
    short: 'a',
    argument: 'none',
    describe: 'log all address changes',
    without: 'vrrpd does not log the addresses of others yet',
  },
  { long: 'snmp', short: 'x', argument: 'none', describe: 'enable SNMP', without: NO_SNMP },
  { long: 'snmp-agent-socket', short: 'A', argument: 'required', describe: 'SNMP agent socket', without: NO_SNMP },
  { long: 'namespace', short: 's', argument: 'required', describe: 'run in this network namespace' },
  { long: 'core-dump', short: 'm', argument: 'none', describe: 'dump core on a crash', without: NO_CORE },
  { long: 'core-dump-pattern', short: 'M', argument: 'attached', describe: 'core dump pattern', without: NO_CORE },
  {
    long: 'all-config',
    short: 'e',
    argument: 'none',
    describe: 'a missing configuration file is an error',
  },
  { long: 'config-id', short: 'i', argument: 'required', describe: "the id that '@id' lines are compared with" },
  {
    long: 'signum',
    argument: 'required',
    describe: 'print the number of a signal: STOP RELOAD DATA STATS STATS_CLEAR JSON',
  },
  {
    long: 'config-test',
    short: 't',
    argument: 'attached',
    describe: 'test the configuration; messages to a file if given',
  },
  { long: 'reload-strict', argument: 'none', describe: 'a reload takes no file with an error' },
  { long: 'ignore-sigint', argument: 'none', describe: 'ignore SIGINT' },
  { long: 'version', short: 'v', argument: 'none', describe: 'print the version' },
  { long: 'help', short: 'h', argument: 'none', describe: 'print this help' },
];
