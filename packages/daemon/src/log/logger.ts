// The daemon's one logger: pino makes the records, and each sink writes them its way: keepalived's lines or JSON on
// standard error (-l), and syslog unless -G. Everything is written synchronously, so that nothing is lost at the end.
import { writeSync } from 'node:fs';
import { pino, type Logger } from 'pino';
import type { LogEntry, LogLevel } from './entry.js';
import { formatSyslog, SYSLOG_SEVERITIES } from './syslog.js';

export interface LoggerOptions {
  /** Standard error (keepalived(8), --log-console). */
  readonly console: 'text' | 'json' | 'off';
  /** keepalived(8), --log-detail. */
  readonly detail: boolean;
  /** Sends one syslog datagram; left out with --no-syslog. */
  readonly syslog?: { readonly facility: number; send(datagram: Uint8Array): void };
}

export interface DaemonLogger {
  write(entry: LogEntry): void;
}

const STANDARD_ERROR = 2;
const IDENT = 'Keepalived_vrrp';
/** pino's numbers, with the two syslog levels it lacks. */
const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, notice: 35, warning: 40, error: 50 };

export function createLogger(options: LoggerOptions): DaemonLogger {
  const sinks = [consoleSink(options), syslogSink(options)].filter((sink) => sink !== undefined);
  const logger: Logger<LogLevel> = pino(
    {
      level: 'debug',
      customLevels: LEVELS,
      useOnlyCustomLevels: true,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sinks.forEach((sink) => sink(line)) },
  );
  return {
    write: (entry) => {
      if (entry.detail !== true || options.detail) logger[entry.level](entry.fields, entry.message);
    },
  };
}

type Sink = (line: string) => void;

function consoleSink(options: LoggerOptions): Sink | undefined {
  if (options.console === 'off') return undefined;
  if (options.console === 'json') return (line) => writeStandardError(line);
  return (line) => {
    const { time, msg } = parseRecord(line);
    writeStandardError(`${keepalivedTime(new Date(time))}: ${msg}\n`);
  };
}

function syslogSink({ syslog }: LoggerOptions): Sink | undefined {
  if (syslog === undefined) return undefined;
  return (line) => {
    const { time, level, msg } = parseRecord(line);
    const severity = SYSLOG_SEVERITIES[level];
    syslog.send(
      formatSyslog({
        facility: syslog.facility,
        severity,
        at: new Date(time),
        ident: IDENT,
        pid: process.pid,
        message: msg,
      }),
    );
  };
}

function parseRecord(line: string): { time: string; level: LogLevel; msg: string } {
  return JSON.parse(line) as { time: string; level: LogLevel; msg: string };
}

function writeStandardError(text: string): void {
  try {
    writeSync(STANDARD_ERROR, text);
  } catch {
    // A closed or full standard error must not end a router that holds addresses.
  }
}

/** ctime(3)'s form, as keepalived prints it: `Sun Nov 22 15:15:22 2026`. */
function keepalivedTime(date: Date): string {
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat('en-US', options).format(date);
  const day = String(date.getDate()).padStart(2, ' ');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return `${part({ weekday: 'short' })} ${part({ month: 'short' })} ${day} ${clock} ${date.getFullYear()}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
