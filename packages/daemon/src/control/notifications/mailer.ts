// Mails what a notice says (keepalived.conf(5), smtp_alert): in order for each instance and group, a few at a time, each
// within a limit, and whatever the mail server does nothing else waits for it.
// COMPAT: keepalived opens a connection for every mail at once. docs/compatibility.md
import { SECOND, type Clock } from '@vrrp/trackers';
import { failureText } from '../../engine/messages.js';
import type { DesiredMail } from '../../plan/notifications.js';
import { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery-queue.js';
import { isMailed, mailOf, type Mail } from './mail.js';
import { subjectKey } from './notice.js';
import type { Notice, NoticeState } from '../../reports/notice.js';
import type { MailReport } from '../../reports/notification-report.js';

/** Mails about one instance or group that wait; of more the oldest is left out. */
export const MAIL_WAITING_MAX = 16;
/** Connections to the mail server at once: many take a second to greet, and few allow more than some tens of one client. */
export const MAIL_RUNNING_MAX = 10;
/** A mail as a whole may take this many times what the server may take to answer. */
const ANSWERS_MAX = 5;
/** At stop: mails that are not sent by then are given up. */
export const MAIL_STOP_LIMIT = 0.7 * SECOND;

export interface MailTransport {
  /** Resolves when the server has taken it. Rejects with an error that says what happened; never throws. */
  send(mail: Mail, by: DesiredMail, signal: AbortSignal): Promise<void>;
}

interface MailDelivery extends Delivery {
  readonly mail: Mail;
  readonly by: DesiredMail;
}

export interface MailerPorts {
  readonly clock: Clock;
  readonly transport: MailTransport;
  report(report: MailReport): void;
}

export class Mailer {
  readonly #ports: MailerPorts;
  readonly #deliveries: Deliveries<MailDelivery>;
  readonly #abort = new AbortController();
  /** The last state that was mailed: keepalived mails none twice in a row. */
  readonly #last = new Map<string, NoticeState>();

  constructor(ports: MailerPorts) {
    this.#ports = ports;
    this.#deliveries = new Deliveries({
      waitingMax: MAIL_WAITING_MAX,
      runningMax: MAIL_RUNNING_MAX,
      start: (job, done) => void this.#send(job).then(done),
      superseded: ({ notice }) => ports.report({ kind: 'superseded', notice }),
    });
  }

  /** @param node `router_id`, else the host. */
  notify(notice: Notice, by: DesiredMail, node: string): void {
    const { state } = notice;
    const key = subjectKey(notice);
    if (!isMailed(state, by) || this.#last.get(key) === state) return;
    this.#last.set(key, state);
    this.#deliveries.offer(key, { notice, mail: mailOf({ ...notice, state }, node), by });
  }

  async stop(): Promise<void> {
    const count = await this.#deliveries.stop(this.#ports.clock, MAIL_STOP_LIMIT);
    this.#abort.abort();
    if (count > 0) this.#ports.report({ kind: 'abandoned', count });
  }

  async #send({ notice, mail, by }: MailDelivery): Promise<void> {
    const { clock, transport, report } = this.#ports;
    const own = new AbortController();
    const limit = ANSWERS_MAX * by.timeout;
    const cancel = clock.schedule(clock.now() + limit, () =>
      own.abort(new Error(`not done after ${limit / SECOND} s`)),
    );
    try {
      await transport.send(mail, by, AbortSignal.any([own.signal, this.#abort.signal]));
      report({ kind: 'sent', notice });
    } catch (error) {
      const reason = failureText(own.signal.aborted ? own.signal.reason : error).message;
      if (!this.#abort.signal.aborted) report({ kind: 'failed', notice, server: by.server, reason });
    } finally {
      cancel();
    }
  }
}
