// What came of telling others -> log lines, our own: keepalived says nothing of how a notify script ended.
import type { Fifo } from '../control/notifications/fifo.js';
import type { Notice } from '../control/notifications/notice.js';
import type { ScriptOutcome, ScriptReport } from '../control/notifications/script-runner.js';
import { formatEvidence } from '@vrrp/trackers';
import type { LogEntry } from './entry.js';

export function scriptEntries(report: ScriptReport): readonly LogEntry[] {
  const { notice } = report;
  const common = { scope: notice.scope, name: notice.name, state: notice.state, priority: notice.priority };
  if (report.kind === 'superseded') {
    const message = `${who(notice)} scripts for ${notice.state} are left out: a newer state came before their turn`;
    return [{ level: 'info', message, fields: { event: 'notify-superseded', ...common }, detail: true }];
  }
  const { argv, outcome, duration } = report;
  const good = outcome.kind === 'exit' && outcome.status === 0;
  const message = `${who(notice)} notify script ${argv[0] ?? ''} (${notice.state}): ${outcomeText(outcome)}`;
  const fields = { event: 'notify-finished', ...common, argv, outcome, duration };
  return [{ level: good ? 'info' : 'warning', message, fields, detail: good }];
}

/** A line found the pipe full. */
export function fifoEntry({ path, lost }: Pick<Fifo, 'path' | 'lost'>): LogEntry {
  return {
    level: 'warning',
    message: `notify FIFO ${path} is full: ${lost} line${lost === 1 ? '' : 's'} lost so far`,
    fields: { event: 'notify-fifo-full', path, lost },
  };
}

function who({ scope, name }: Notice): string {
  return scope === 'GROUP' ? `VRRP_Group(${name})` : `(${name})`;
}

function outcomeText(outcome: ScriptOutcome): string {
  return outcome.kind === 'timeout' ? 'ended because it took too long' : formatEvidence(outcome);
}
