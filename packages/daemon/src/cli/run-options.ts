// What keepalived's flags say about how the daemon runs and logs, judged before anything starts. Pure.
import type { LoggerOptions } from '../log/logger.js';
import { SYSLOG_FACILITIES } from '../log/syslog.js';
import type { ParsedFlags } from './parse-flags.js';

/** keepalived(8), --umask: files of the daemon are for its user alone. */
const DEFAULT_UMASK = 0o177;
/** LOG_DAEMON. */
const DEFAULT_FACILITY = 3;

export type RunOptions = {
  /** A wrong value of -S or -u, as keepalived says it: the default takes its place. */
  readonly remarks: readonly string[];
} & (
  | {
      readonly ok: true;
      readonly umask: number;
      readonly console: LoggerOptions['console'];
      /** Number of the syslog facility. */
      readonly facility: number;
    }
  | { readonly ok: false; readonly problem: string }
);

export function runOptions({ values }: Pick<ParsedFlags, 'values'>): RunOptions {
  const [facilityText, umaskText] = [values.get('log-facility'), values.get('umask')];
  const facility = facilityText === undefined ? DEFAULT_FACILITY : parseFacility(facilityText);
  const umask = umaskText === undefined ? DEFAULT_UMASK : parseUmask(umaskText);
  const remarks = [
    ...(umask === undefined ? [`Invalid --umask option ${umaskText ?? ''}`] : []),
    ...(facility === undefined ? [`Invalid log facility '${facilityText ?? ''}'`] : []),
  ];
  const format = values.get('log-format') ?? 'text';
  if (format !== 'text' && format !== 'json')
    return { ok: false, remarks, problem: `Invalid log format '${format}': it is text or json` };
  return {
    ok: true,
    remarks,
    umask: umask ?? DEFAULT_UMASK,
    facility: facility ?? DEFAULT_FACILITY,
    console: values.has('log-console') ? format : 'off',
  };
}

/** A name, or a number from 0 to 7 for the local ones, as strtoul(3) reads it; undefined when it is neither. */
function parseFacility(text: string): number | undefined {
  const name = /^\s*\+?0*(\d+)$/.exec(text)?.[1] ?? text;
  return Object.hasOwn(SYSLOG_FACILITIES, name) ? SYSLOG_FACILITIES[name] : undefined;
}

/** Octal with a leading 0, hexadecimal with 0x, else decimal, as strtol(3) base 0; undefined when it is no mask. */
function parseUmask(text: string): number | undefined {
  const digits = text.replace(/^\s*\+?/, '');
  const value = /^0[0-7]+$/.test(digits)
    ? Number.parseInt(digits, 8)
    : /^(0x[0-9a-f]+|0|[1-9]\d*)$/i.test(digits)
      ? Number(digits)
      : NaN;
  return value >= 0 && value <= 0o777 ? value : undefined;
}
