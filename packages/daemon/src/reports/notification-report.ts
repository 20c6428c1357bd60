// What came of telling others of a notice: by script, mail, webhook or FIFO.
import type { ProcessEnd } from '@vrrp/trackers';
import type { DesiredMail } from '../plan/notifications.js';
import type { Notice } from './notice.js';

export type NotificationReport =
  | { readonly listener: 'script'; readonly report: ScriptReport }
  | { readonly listener: 'mail'; readonly report: MailReport }
  | { readonly listener: 'webhook'; readonly report: WebhookReport }
  | { readonly listener: 'fifo'; readonly report: FifoReport };

export type ScriptOutcome = ProcessEnd | { readonly kind: 'timeout' };

/** One script that has ended, or a state that nobody was told because a newer one came. */
export type ScriptReport =
  | {
      readonly kind: 'finished';
      readonly notice: Notice;
      readonly argv: readonly string[];
      readonly outcome: ScriptOutcome;
      /** Microseconds. */
      readonly duration: number;
    }
  | { readonly kind: 'superseded'; readonly notice: Notice };

export type MailReport =
  | { readonly kind: 'sent'; readonly notice: Notice }
  | {
      readonly kind: 'failed';
      readonly notice: Notice;
      readonly server: DesiredMail['server'];
      readonly reason: string;
    }
  | { readonly kind: 'superseded'; readonly notice: Notice }
  /** At stop. */
  | { readonly kind: 'abandoned'; readonly count: number };

interface WebhookFacts {
  readonly notice: Notice;
  readonly url: string;
}

export type WebhookReport =
  | ({ readonly kind: 'delivered'; readonly attempts: number } & WebhookFacts)
  | ({ readonly kind: 'retried' | 'given-up'; readonly attempts: number; readonly reason: string } & WebhookFacts)
  | ({ readonly kind: 'superseded' } & WebhookFacts)
  /** At stop. */
  | { readonly kind: 'abandoned'; readonly count: number };

export type FifoReport =
  /** A line found the pipe full, and the one before it did not. */
  | { readonly kind: 'full'; readonly path: string; readonly lost: number }
  | { readonly kind: 'unusable'; readonly path: string; readonly reason: string }
  | { readonly kind: 'reader-refused'; readonly program: string; readonly reason: string }
  | { readonly kind: 'reader-ended'; readonly program: string };
