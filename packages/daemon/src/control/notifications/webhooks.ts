// Posts a JSON document for every change (notify_webhook, an addition): in order for each URL and instance or group, again
// and again with growing pauses until the receiver has it, and never at the cost of anything else.
import { SECOND, type Cancel, type Clock } from '@vrrp/trackers';
import { failureText } from '../../engine/messages.js';
import type { DesiredWebhook } from '../../plan/notifications.js';
import { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery-queue.js';
import { subjectKey } from './notice.js';
import type { Notice } from '../../reports/notice.js';
import type { WebhookReport } from '../../reports/notification-report.js';
import type { WebhookDocument } from './webhook-document.js';

/** Documents about one instance or group that wait for one URL; of more the oldest is left out, the latest stays. */
export const WEBHOOK_WAITING_MAX = 16;
/** How long the receiver may take to answer. Microseconds, as all of these. */
export const WEBHOOK_TIMEOUT = 5 * SECOND;
/** The pause after the first failure; each is twice as long as the one before, up to the longest. */
export const FIRST_PAUSE = 1 * SECOND;
export const LONGEST_PAUSE = 60 * SECOND;
/** Failures after which a document is given up when a newer one waits; the newest is never given up. */
export const ATTEMPTS_MAX = 5;
/** At stop: what is not delivered by then is given up. */
export const WEBHOOK_STOP_LIMIT = 0.7 * SECOND;

/** Answers that are worth another try, beside 500 and above: timeout, too early, too many requests. */
const PASSING_STATUS = new Set([408, 425, 429]);

export interface WebhookClient {
  /** Resolves with the status of the answer; rejects when there is none. Follows no redirection. */
  post(target: DesiredWebhook, body: string, signal: AbortSignal): Promise<number>;
}

interface WebhookDelivery extends Delivery {
  readonly key: string;
  readonly target: DesiredWebhook;
  readonly body: string;
}

export interface WebhooksPorts {
  readonly clock: Clock;
  readonly client: WebhookClient;
  report(report: WebhookReport): void;
}

export class Webhooks {
  readonly #ports: WebhooksPorts;
  readonly #deliveries: Deliveries<WebhookDelivery>;
  readonly #abort = new AbortController();
  /** Those that pause before their next attempt; at stop there is no time for that. */
  readonly #pauses = new Map<Cancel, () => void>();
  #configured: ReadonlySet<string> = new Set();
  #stopping = false;

  constructor(ports: WebhooksPorts) {
    this.#ports = ports;
    this.#deliveries = new Deliveries({
      waitingMax: WEBHOOK_WAITING_MAX,
      start: (job, done) => void this.#deliver(job).then(done),
      superseded: ({ notice, target: { url } }) => ports.report({ kind: 'superseded', notice, url }),
    });
  }

  /** What was to go to others is given up at its next failure. */
  configure(targets: readonly DesiredWebhook[]): void {
    this.#configured = new Set(targets.map(({ url }) => url));
  }

  notify(notice: Notice, target: DesiredWebhook, document: WebhookDocument): void {
    const key = `${target.url} ${subjectKey(notice)}`;
    this.#deliveries.offer(key, { key, notice, target, body: JSON.stringify(document) });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const stopped = this.#deliveries.stop(this.#ports.clock, WEBHOOK_STOP_LIMIT);
    for (const [cancel, resume] of this.#pauses) {
      cancel();
      resume();
    }
    const count = await stopped;
    this.#abort.abort();
    if (count > 0) this.#ports.report({ kind: 'abandoned', count });
  }

  async #deliver(job: WebhookDelivery): Promise<void> {
    const { report } = this.#ports;
    const facts = { notice: job.notice, url: job.target.url };
    for (let attempts = 1; ; attempts += 1) {
      const failure = await this.#attempt(job);
      if (this.#abort.signal.aborted) return;
      if (failure === undefined) {
        report({ kind: 'delivered', attempts, ...facts });
        return;
      }
      const { reason } = failure;
      if (failure.isFinal || this.#isGivenUp(job, attempts)) {
        report({ kind: 'given-up', attempts, reason, ...facts });
        return;
      }
      // One line for each outage, not one for each attempt.
      if (attempts === 1) report({ kind: 'retried', attempts, reason, ...facts });
      await this.#pause(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempts - 1)));
    }
  }

  #isGivenUp({ key, target }: WebhookDelivery, attempts: number): boolean {
    if (this.#stopping || !this.#configured.has(target.url)) return true;
    return attempts >= ATTEMPTS_MAX && this.#deliveries.isOvertaken(key);
  }

  async #attempt({ target, body }: WebhookDelivery): Promise<{ reason: string; isFinal: boolean } | undefined> {
    const { clock, client } = this.#ports;
    const own = new AbortController();
    const late = new Error(`no answer within ${WEBHOOK_TIMEOUT / SECOND} s`);
    const cancel = clock.schedule(clock.now() + WEBHOOK_TIMEOUT, () => own.abort(late));
    try {
      const status = await client.post(target, body, AbortSignal.any([own.signal, this.#abort.signal]));
      if (status >= 200 && status < 300) return undefined;
      return { reason: `the answer is ${status}`, isFinal: status < 500 && !PASSING_STATUS.has(status) };
    } catch (error) {
      return { reason: failureText(own.signal.aborted ? late : error).message, isFinal: false };
    } finally {
      cancel();
    }
  }

  #pause(duration: number): Promise<void> {
    const { clock } = this.#ports;
    return new Promise((resolve) => {
      const cancel = clock.schedule(clock.now() + duration, () => {
        this.#pauses.delete(cancel);
        resolve();
      });
      this.#pauses.set(cancel, resolve);
    });
  }
}
