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
