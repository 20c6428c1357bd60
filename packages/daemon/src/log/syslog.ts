// The BSD syslog datagram that /dev/log takes (RFC 3164 section 4.1, without host name, as syslog(3) writes it). Pure.
import type { LogLevel } from './entry.js';

/** RFC 3164 table 2. */
export const SYSLOG_SEVERITIES: Readonly<Record<LogLevel, number>> = {
  debug: 7,
  info: 6,
  notice: 5,
  warning: 4,
  error: 3,
};

/** RFC 3164 table 1; keepalived(8), --log-facility. */
export const SYSLOG_FACILITIES: Readonly<Record<string, number>> = {
  user: 1,
  daemon: 3,
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((n) => [
      [`local${n}`, 16 + n],
      [String(n), 16 + n],
    ]),
  ),
};

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** RFC 3164 §4.1: a datagram is at most 1024 bytes; what does not fit is cut. */
const MAX_DATAGRAM = 1024;

export function formatSyslog(record: {
  readonly facility: number;
  readonly severity: number;
  readonly at: Date;
  readonly ident: string;
  readonly pid: number;
  readonly message: string;
}): Uint8Array {
  const { facility, severity, at, ident, pid, message } = record;
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  const stamp = `${MONTHS[at.getMonth()] ?? ''} ${String(at.getDate()).padStart(2, ' ')} ${clock}`;
  const text = `<${facility * 8 + severity}>${stamp} ${ident}[${pid}]: ${message}`;
  return new TextEncoder().encode(text).subarray(0, MAX_DATAGRAM);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
