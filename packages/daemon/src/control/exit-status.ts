// Exit statuses, as keepalived gives them (reference: keepalived(8) and its behaviour).

export const EXIT = {
  /** Normal end, or another daemon runs already. */
  ok: 0,
  /** A bad option, or a fatal error. */
  fatal: 1,
  /** The configuration cannot be run. */
  configuration: 2,
  /** Asked about a daemon that does not run (as `systemctl status`). */
  notRunning: 3,
  /** A capability is missing: raw sockets need CAP_NET_RAW, addresses CAP_NET_ADMIN. Or a file may not be opened. */
  permission: 4,
  /** Asked about something that the daemon does not have. */
  notFound: 5,
  /** No configuration file, or it cannot be read. */
  noConfiguration: 6,
  /** A bug (sysexits(3), EX_SOFTWARE). */
  programError: 70,
} as const;
