// What came of telling others -> log lines, our own: keepalived says nothing of how a notify script ended, and of mail only
// that it was sent, in its words, or that a connection failed.
import type { Fifo } from '../control/notifications/fifo.js';
import type { MailReport } from '../control/notifications/mailer.js';
import type { Notice } from '../control/notifications/notice.js';
import type { ScriptOutcome, ScriptReport } from '../control/notifications/script-runner.js';
import type { WebhookReport } from '../control/notifications/webhooks.js';
import { formatEvidence } from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import type { LogEntry } from './entry.js';

export function scriptEntries(report: ScriptReport): readonly LogEntry[] {
  const { notice } = report;
  if (report.kind === 'superseded') return [superseded(notice, 'scripts')];
  const { argv, outcome, duration } = report;
  const good = outcome.kind === 'exit' && outcome.status === 0;
  const message = `${who(notice)} notify script ${argv[0] ?? ''} (${notice.state}): ${outcomeText(outcome)}`;
  const fields = { event: 'notify-finished', ...factsOf(notice), argv, outcome, duration };
  return [{ level: good ? 'info' : 'warning', message, fields, detail: good }];
}

export function mailEntries(report: MailReport): readonly LogEntry[] {
  switch (report.kind) {
    case 'superseded':
      return [superseded(report.notice, 'mail')];
    case 'sent': {
      const fields = { event: 'mail-sent', ...factsOf(report.notice) };
      return [{ level: 'info', message: 'SMTP alert successfully sent.', fields }];
    }
    case 'failed': {
      const { notice, server, reason } = report;
      const through = `[${server.host}]:${server.port}`;
      const message = `${who(notice)} mail (${notice.state}) was not sent through ${through}: ${reason}`;
      return [{ level: 'warning', message, fields: { event: 'mail-failed', ...factsOf(notice), server, reason } }];
    }
    case 'abandoned':
      return [abandoned(report.count, 'mail')];
    default:
      return assertNever(report);
  }
}

export function webhookEntries(report: WebhookReport): readonly LogEntry[] {
  if (report.kind === 'abandoned') return [abandoned(report.count, 'webhook')];
  const { notice, url } = report;
  if (report.kind === 'superseded') return [superseded(notice, `webhook ${withoutQuery(url)}`)];
  const facts = { ...factsOf(notice), url: withoutQuery(url), attempts: report.attempts };
  const what = `${who(notice)} webhook ${withoutQuery(url)} (${notice.state})`;
  switch (report.kind) {
    case 'delivered': {
      const late = report.attempts > 1;
      const message = `${what}: delivered${late ? ` at attempt ${report.attempts}` : ''}`;
      return [{ level: 'info', message, fields: { event: 'webhook-delivered', ...facts }, detail: !late }];
    }
    case 'retried': {
      const { reason } = report;
      const message = `${what}: ${reason}; it is tried again`;
      return [{ level: 'warning', message, fields: { event: 'webhook-failed', ...facts, reason } }];
    }
    case 'given-up': {
      const { reason, attempts } = report;
      const message = `${what}: ${reason}; given up after ${attempts} attempt${attempts === 1 ? '' : 's'}`;
      return [{ level: 'warning', message, fields: { event: 'webhook-given-up', ...facts, reason } }];
    }
    default:
      return assertNever(report);
  }
}

/** A line found the pipe full. */
export function fifoEntry({ path, lost }: Pick<Fifo, 'path' | 'lost'>): LogEntry {
  return {
    level: 'warning',
    message: `notify FIFO ${path} is full: ${lost} line${lost === 1 ? '' : 's'} lost so far`,
    fields: { event: 'notify-fifo-full', path, lost },
  };
}

function superseded(notice: Notice, listener: string): LogEntry {
  const verb = listener === 'scripts' ? 'are' : 'is';
  return {
    level: 'info',
    message: `${who(notice)} ${listener} for ${notice.state} ${verb} left out: a newer state came first`,
    fields: { event: 'notify-superseded', listener, ...factsOf(notice) },
    detail: true,
  };
}

function abandoned(count: number, listener: 'mail' | 'webhook'): LogEntry {
  const what = listener === 'mail' ? 'mail' : 'webhook document';
  return {
    level: 'warning',
    message: `${count} ${what}${count === 1 ? ' was' : 's were'} not delivered before the stop`,
    fields: { event: 'notify-abandoned', listener, count },
  };
}

/** What a receiver takes for a password is often in the query. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*/, '');
}

function factsOf({ scope, name, state, priority }: Notice): LogEntry['fields'] {
  return { scope, name, state, priority };
}

function who({ scope, name }: Notice): string {
  return scope === 'GROUP' ? `VRRP_Group(${name})` : `(${name})`;
}

function outcomeText(outcome: ScriptOutcome): string {
  return outcome.kind === 'timeout' ? 'ended because it took too long' : formatEvidence(outcome);
}
