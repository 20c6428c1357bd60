// The daemon's one logger: pino makes the records, and each sink writes them its way: keepalived's lines or JSON on
// standard error (-l), and syslog unless -G. Everything is written at once, so that nothing is lost at the end, and nothing
// waits: what finds its reader too slow is left out, counted, and said when there is room again.
import { pino, type Logger } from 'pino';
import type { LogEntry, LogLevel } from './entry.js';
import { createLineWriter } from './line-writer.js';
import { formatSyslog, MONTHS, SYSLOG_SEVERITIES } from './syslog.js';

export interface LoggerOptions {
  /** Standard error (keepalived(8), --log-console). */
  readonly console: 'text' | 'json' | 'off';
  /** keepalived(8), --log-detail. */
  readonly detail: boolean;
  /** Sends one syslog datagram, and says whether it was taken; left out with --no-syslog. */
  readonly syslog?: { readonly facility: number; send(datagram: Uint8Array): boolean };
  /** Where the console's lines go; standard error when left out. */
  readonly descriptor?: number;
}

export interface DaemonLogger {
  write(entry: LogEntry): void;
}

const STANDARD_ERROR = 2;
const IDENT = 'Keepalived_vrrp';
/** pino's numbers, with the two syslog levels it lacks. */
const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 20, info: 30, notice: 35, warning: 40, error: 50 };

export function createLogger(options: LoggerOptions): DaemonLogger {
  const sinks = [consoleSink(options), syslogSink(options)]
    .filter((sink) => sink !== undefined)
    .map((sink) => countingLosses(sink));
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

/** Whether the record was taken. */
type Sink = (line: string) => boolean;

function consoleSink(options: LoggerOptions): Sink | undefined {
  if (options.console === 'off') return undefined;
  const write = createLineWriter(options.descriptor ?? STANDARD_ERROR);
  if (options.console === 'json') return write;
  return (line) => {
    const { time, msg } = parseRecord(line);
    return write(`${keepalivedTime(new Date(time))}: ${msg}\n`);
  };
}

function syslogSink({ syslog }: LoggerOptions): Sink | undefined {
  if (syslog === undefined) return undefined;
  return (line) => {
    const { time, level, msg } = parseRecord(line);
    const severity = SYSLOG_SEVERITIES[level];
    return syslog.send(
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

/** What is lost is said once, before the first line for which there is room again. */
function countingLosses(sink: Sink): Sink {
  let lost = 0;
  return (line) => {
    if (lost > 0 && sink(lossRecord(lost))) lost = 0;
    const taken = lost === 0 && sink(line);
    if (!taken) lost += 1;
    return taken;
  };
}

function lossRecord(lost: number): string {
  const msg = `${lost} line${lost === 1 ? '' : 's'} of the log ${lost === 1 ? 'is' : 'are'} missing here: nobody read the ones before`;
  return `${JSON.stringify({ level: 'warning', time: new Date().toISOString(), event: 'log-lost', lost, msg })}\n`;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** ctime(3)'s form, as keepalived prints it: `Sun Nov 22 15:15:22 2026`. */
function keepalivedTime(date: Date): string {
  const day = String(date.getDate()).padStart(2, ' ');
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  return `${WEEKDAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${day} ${clock} ${date.getFullYear()}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
