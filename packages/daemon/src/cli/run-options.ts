// What keepalived's flags say about how the daemon runs and logs, judged before anything starts. Pure.
import type { LoggerOptions } from '../log/logger.js';
import { SYSLOG_FACILITIES } from '../log/syslog.js';
import type { ParsedFlags } from './parse-flags.js';

/** keepalived(8), --umask: files of the daemon are for its user alone. */
const DEFAULT_UMASK = 0o177;

export type RunOptions =
  | {
      readonly ok: true;
      readonly umask: number;
      readonly console: LoggerOptions['console'];
      /** Number of the syslog facility. */
      readonly facility: number;
    }
  | { readonly ok: false; readonly problem: string };

export function runOptions({ values }: Pick<ParsedFlags, 'values'>): RunOptions {
  const facility = SYSLOG_FACILITIES[values.get('log-facility') ?? 'daemon'];
  if (facility === undefined) return wrong(`Invalid log facility '${values.get('log-facility') ?? ''}'`);
  const umask = values.has('umask') ? parseUmask(values.get('umask') ?? '') : DEFAULT_UMASK;
  if (umask === undefined) return wrong(`Invalid umask '${values.get('umask') ?? ''}'`);
  const format = values.get('log-format') ?? 'text';
  if (format !== 'text' && format !== 'json') return wrong(`Invalid log format '${format}': it is text or json`);
  return { ok: true, umask, facility, console: values.has('log-console') ? format : 'off' };
}

function wrong(problem: string): RunOptions {
  return { ok: false, problem };
}

/** Octal with a leading 0, hexadecimal with 0x, else decimal, as strtol(3) base 0; undefined when it is no mask. */
export function parseUmask(text: string): number | undefined {
  const value = /^0[0-7]+$/.test(text)
    ? Number.parseInt(text, 8)
    : /^(0x[0-9a-f]+|\d+)$/i.test(text)
      ? Number(text)
      : NaN;
  return value >= 0 && value <= 0o777 ? value : undefined;
}
