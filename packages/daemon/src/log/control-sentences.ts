// What the control thread's own parts report -> log lines.
import { RUN_CODES, type RunCode } from '../reports/run-codes.js';
import type { ControlReport } from '../reports/report.js';
import type { LogEntry } from './entry.js';

type Of<K extends ControlReport['kind']> = Extract<ControlReport, { kind: K }>;

export function realtimePauseEntry({ thread, seconds }: Of<'realtime-paused'>): LogEntry {
  const message = `the engine computes without a pause: it has no real-time priority for ${seconds} s`;
  return { level: 'error', message, fields: { event: 'realtime-paused', thread } };
}

export function realtimePauseFailedEntry({ thread, error }: Of<'realtime-pause-failed'>): LogEntry {
  const message = `could not take the real-time priority from the engine's thread: ${error.message}`;
  return { level: 'error', message, fields: { event: 'realtime-pause-failed', thread, error } };
}

export function statusSocketEntry({ path, outcome }: Of<'status-socket'>): LogEntry {
  if (outcome.kind === 'in-use')
    return finding('run/status-socket-in-use', path, `another process answers at ${path}; this daemon has no status`);
  if (outcome.kind === 'failed')
    return finding('run/status-socket-failed', path, `could not open the status socket: ${outcome.message}`);
  const fields = { event: 'status-socket-opened', path };
  return { level: 'info', message: `Status is answered at ${path}`, fields, detail: true };
}

function finding(code: RunCode, path: string, message: string): LogEntry {
  return { level: RUN_CODES[code].severity, message: `${message} [${code}]`, fields: { code, path } };
}
