// What came of telling others -> log lines, our own: keepalived says nothing of how a notify script ended, and of mail only
// that it was sent, in its words, or that a connection failed.
import { formatEvidence } from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import type { Notice } from '../reports/notice.js';
import type {
  FifoReport,
  MailReport,
  NotificationReport,
  ScriptOutcome,
  ScriptReport,
  WebhookReport,
} from '../reports/notification-report.js';
import type { LogEntry } from './entry.js';

export function notificationEntries(told: NotificationReport): readonly LogEntry[] {
  switch (told.listener) {
    case 'script':
      return scriptEntries(told.report);
    case 'mail':
      return mailEntries(told.report);
    case 'webhook':
      return webhookEntries(told.report);
    case 'fifo':
      return [fifoEntry(told.report)];
    default:
      return assertNever(told);
  }
}

function scriptEntries(report: ScriptReport): readonly LogEntry[] {
  const { notice } = report;
  if (report.kind === 'superseded') return [superseded(notice, 'scripts')];
  const { argv, outcome, duration } = report;
  const good = outcome.kind === 'exit' && outcome.status === 0;
  const message = `${who(notice)} notify script ${argv[0] ?? ''} (${notice.state}): ${outcomeText(outcome)}`;
  const fields = { event: 'notify-finished', ...factsOf(notice), argv, outcome, duration };
  return [{ level: good ? 'info' : 'warning', message, fields, detail: good }];
}

function mailEntries(report: MailReport): readonly LogEntry[] {
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

function webhookEntries(report: WebhookReport): readonly LogEntry[] {
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

function fifoEntry(report: FifoReport): LogEntry {
  switch (report.kind) {
    case 'full': {
      const { path, lost } = report;
      const message = `notify FIFO ${path} is full: ${lost} line${lost === 1 ? '' : 's'} lost so far`;
      return { level: 'warning', message, fields: { event: 'notify-fifo-full', path, lost } };
    }
    case 'unusable': {
      const { path, reason } = report;
      const message = `notify FIFO ${path} cannot be used: ${reason}`;
      return { level: 'error', message, fields: { event: 'notify-fifo-unusable', path, reason } };
    }
    case 'reader-refused': {
      const { program, reason } = report;
      const message = `FIFO script ${program} is not run: ${reason}`;
      return { level: 'error', message, fields: { event: 'notify-fifo-reader-refused', program, reason } };
    }
    case 'reader-ended': {
      const { program } = report;
      const message = `FIFO script ${program} has ended`;
      return { level: 'info', message, fields: { event: 'notify-fifo-reader-ended', program } };
    }
    default:
      return assertNever(report);
  }
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
