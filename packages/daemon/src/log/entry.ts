// One line of the log as plain data: keepalived's sentence for people and for the tools that grep it, and the same facts
// as fields for everything else.

export type LogLevel = 'debug' | 'info' | 'notice' | 'warning' | 'error';

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Only with -D (keepalived(8), --log-detail). */
  readonly detail?: boolean;
}

/** What every line about a virtual router carries. */
export interface RouterIdentity {
  readonly name: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly interface: string;
  /** The source address it is told to use (mcast_src_ip, unicast_src_ip). */
  readonly source?: string;
}
