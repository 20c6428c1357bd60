// Tells scripts, FIFOs, mail and webhooks what the engine reports (keepalived.conf(5), "NOTIFY SCRIPTS"). It keeps what is
// known of each instance and decides nothing about states.
import { randomUUID } from 'node:crypto';
import type { Observation } from '@vrrp/state-machine';
import type { Clock, Spawner } from '@vrrp/trackers';
import { NO_NOTIFICATIONS, type DesiredNotifications, type DesiredSubject } from '../../plan/notifications.js';
import type { NotificationReport } from '../../reports/notification-report.js';
import type { Report } from '../../reports/report.js';
import { runAs } from '../accounts.js';
import { ownUser, refusal } from '../script-inspection.js';
import { FifoSet, type FifoLoss } from './fifo-set.js';
import { httpClient } from './http-client.js';
import { Mailer, type MailTransport } from './mailer.js';
import {
  commandsFor,
  fifoLine,
  noticeState,
  previousState,
  subjectKey,
  type FifoWord,
  type NoticeCommand,
} from './notice.js';
import type { Notice, NoticeReason } from '../../reports/notice.js';
import { ScriptRunner } from './script-runner.js';
import { inStartOrder } from './start-order.js';
import { localHostName, smtpTransport } from './smtp-transport.js';
import { webhookDocument } from './webhook-document.js';
import { Webhooks, type WebhookClient } from './webhooks.js';

export interface NotifierPorts {
  readonly clock: Clock;
  readonly spawner: Spawner;
  readonly mail: MailTransport;
  readonly webhook: WebhookClient;
  /** The name of this node when the configuration gives none. */
  readonly hostName: string;
}

export function realNotifierPorts(ports: Pick<NotifierPorts, 'clock' | 'spawner'>): NotifierPorts {
  const { clock, spawner } = ports;
  return { clock, spawner, mail: smtpTransport, webhook: httpClient, hostName: localHostName() };
}

/** Notifications of a configuration to come. */
export interface PreparedNotifications {
  /** What of them cannot be had: the rest can. */
  readonly problems: readonly string[];
  /** Puts them in the place of what there was, and reports what is left out. */
  commit(): void;
  /** Nothing has been. */
  cancel(): void;
}

type Transition = Extract<Observation, { kind: 'transition' }>;

export class Notifier {
  readonly #hostName: string;
  readonly #scripts: ScriptRunner;
  readonly #fifos: FifoSet;
  readonly #mailer: Mailer;
  readonly #webhooks: Webhooks;
  readonly #subjects = new Map<string, DesiredSubject>();
  readonly #priorities = new Map<string, number>();
  readonly #masters = new Set<string>();
  /** What each instance and group was last told to be. */
  readonly #states = new Map<string, Notice>();
  /** Held back while a configuration starts. */
  #starting: Notice[] | undefined;
  #hasStarted = false;
  /** Documents about each instance and group so far. */
  readonly #sequences = new Map<string, number>();
  /** The latest change of a member that was its own, by group: what its group follows. */
  readonly #leads = new Map<string, NoticeReason>();
  /** Subjects that the latest configuration has no more. */
  #vanished: readonly string[] = [];
  #groupOf: ReadonlyMap<string, string> = new Map();
  #desired: DesiredNotifications = NO_NOTIFICATIONS;

  constructor(ports: NotifierPorts, tell: (report: NotificationReport) => void) {
    const { clock, spawner } = ports;
    this.#hostName = ports.hostName;
    this.#fifos = new FifoSet(ports, permit, (report) => tell({ listener: 'fifo', report }));
    this.#scripts = new ScriptRunner({
      clock,
      spawner,
      commandsFor: (notice) => commandsFor(notice, this.#subjects.get(subjectKey(notice))?.scripts ?? {}),
      permit,
      report: (report) => tell({ listener: 'script', report }),
    });
    this.#mailer = new Mailer({ clock, transport: ports.mail, report: (report) => tell({ listener: 'mail', report }) });
    this.#webhooks = new Webhooks({
      clock,
      client: ports.webhook,
      report: (report) => tell({ listener: 'webhook', report }),
    });
  }

  get fifoLosses(): readonly FifoLoss[] {
    return this.#fifos.losses;
  }

  /** The start, and every reload. FIFOs are made anew, as keepalived does. */
  prepare(desired: DesiredNotifications): PreparedNotifications {
    const fifos = this.#fifos.prepare(desired.fifos);
    return {
      problems: fifos.problems.map(({ path, reason }) => `notify FIFO ${path} cannot be used: ${reason}`),
      commit: () => {
        this.#configure(desired);
        void fifos.commit();
      },
      cancel: () => fifos.cancel(),
    };
  }

  #configure(desired: DesiredNotifications): void {
    this.#desired = desired;
    const before = [...this.#subjects.keys()];
    for (const subject of desired.subjects) this.#subjects.set(subjectKey(subject), subject);
    this.#groupOf = new Map(
      desired.subjects.flatMap(({ name, facts }) =>
        'members' in facts ? facts.members.map((member): [string, string] => [member, name]) : [],
      ),
    );
    this.#webhooks.configure(desired.subjects.flatMap(({ webhooks }) => webhooks));
    const wanted = new Set(desired.subjects.map(subjectKey));
    // One that this change removes is still told its end; what went with the change before is forgotten.
    for (const key of this.#vanished) if (!wanted.has(key)) this.#forget(key);
    this.#vanished = before.filter((key) => !wanted.has(key));
  }

  #forget(key: string): void {
    this.#subjects.delete(key);
    this.#states.delete(key);
    this.#sequences.delete(key);
    const name = key.replace(/^(INSTANCE|GROUP) /, '');
    if (key.startsWith('GROUP ')) this.#leads.delete(name);
    else {
      this.#priorities.delete(name);
      this.#masters.delete(name);
    }
  }

  /** @param instance the name of the virtual router that an observation is about. */
  heard(report: Report, instance: string | undefined): void {
    if (report.kind === 'starting') this.#starting = [];
    else if (report.kind === 'started' || hasFailedToStart(report)) this.#started();
    else this.#heardOf(report, instance);
  }

  #heardOf(report: Report, instance: string | undefined): void {
    if (report.kind === 'group-observation') {
      const { observation } = report;
      const state = noticeState(observation);
      if (state === undefined || observation.kind !== 'group-transition') return;
      const { group: name, from } = observation;
      const lead = this.#leads.get(name) ?? { cause: 'sync-group', faults: [] };
      this.#tell({ scope: 'GROUP', name, state, priority: 0, reason: { ...lead, previous: previousState(from) } });
      return;
    }
    if (report.kind !== 'observation' || instance === undefined) return;
    const { observation } = report;
    if (observation.kind === 'transition') {
      this.#changed(instance, observation);
    } else if (observation.kind === 'priority-changed') {
      this.#priorities.set(instance, observation.to);
      if (this.#subjects.get(`INSTANCE ${instance}`)?.priorityChanges !== true) return;
      this.#line(instance, this.#masters.has(instance) ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY');
    } else if (observation.kind === 'master-heard-lower') {
      this.#tell(this.#instanceNotice(instance, 'MASTER_RX_LOWER_PRI'));
    }
  }

  /** An instance that a reload took away: keepalived says that it is in fault, unless it is to say DELETED. */
  removed(instance: string, wasFaulty: boolean): void {
    const tellsDeleted = this.#subjects.get(`INSTANCE ${instance}`)?.tellsDeleted === true;
    const reason = { cause: 'reload', faults: [] } as const;
    if (tellsDeleted || !wasFaulty)
      this.#tell(this.#instanceNotice(instance, tellsDeleted ? 'DELETED' : 'FAULT', reason));
    this.#masters.delete(instance);
    this.#states.delete(`INSTANCE ${instance}`);
  }

  /** STOP for everything, whatever it was; resolves when nothing of this runs any more, within a second. */
  async stop(): Promise<void> {
    this.#started();
    for (const { scope, name } of this.#desired.subjects) {
      const reason = { cause: 'shutdown', faults: [] } as const;
      this.#tell(
        scope === 'GROUP'
          ? { scope, name, state: 'STOP', priority: 0, reason }
          : this.#instanceNotice(name, 'STOP', reason),
      );
    }
    await Promise.all([this.#fifos.close(), this.#scripts.stop(), this.#mailer.stop(), this.#webhooks.stop()]);
  }

  #changed(instance: string, observation: Transition): void {
    const { from, to, cause, priority, faults } = observation;
    this.#priorities.set(instance, priority);
    if (to === 'master') this.#masters.add(instance);
    else this.#masters.delete(instance);
    const group = this.#groupOf.get(instance);
    if (group !== undefined && cause !== 'sync-group') this.#leads.set(group, { cause, faults, member: instance });
    const state = noticeState(observation);
    const reason = { cause, faults, previous: previousState(from) };
    if (state !== undefined) this.#tell(this.#instanceNotice(instance, state, reason));
  }

  #instanceNotice(name: string, state: Notice['state'], reason?: NoticeReason): Notice {
    const priority = this.#priorityOf({ scope: 'INSTANCE', name });
    return { scope: 'INSTANCE', name, state, priority, ...(reason === undefined ? {} : { reason }) };
  }

  #started(): void {
    const changes = this.#starting;
    if (changes === undefined) return;
    this.#starting = undefined;
    const again = this.#hasStarted && this.#desired.writesStatesOnReload;
    this.#hasStarted = true;
    const known: ReadonlyMap<string, Notice> = again ? new Map(this.#states) : new Map();
    for (const { notice, isNew } of inStartOrder(changes, known, this.#desired.subjects)) {
      if (isNew) this.#tell(notice);
      else this.#toFifos(fifoLine({ ...notice, priority: this.#priorityOf(notice) }));
    }
  }

  #priorityOf(subject: Pick<Notice, 'scope' | 'name'>): number {
    if (subject.scope === 'GROUP') return 0;
    return this.#priorities.get(subject.name) ?? this.#subjects.get(subjectKey(subject))?.priority ?? 0;
  }

  #tell(notice: Notice): void {
    if (this.#starting !== undefined && notice.state !== 'MASTER_RX_LOWER_PRI') {
      this.#starting.push(notice);
      return;
    }
    if (notice.state !== 'MASTER_RX_LOWER_PRI') this.#states.set(subjectKey(notice), notice);
    this.#scripts.notify(notice);
    this.#toFifos(fifoLine(notice));
    const subject = this.#subjects.get(subjectKey(notice));
    if (subject === undefined) return;
    const { mail, node = this.#hostName } = this.#desired;
    if (subject.mailed && mail !== undefined) this.#mailer.notify(notice, mail, node);
    if (subject.webhooks.length > 0) this.#post(notice, subject, node);
  }

  #post(notice: Notice, { webhooks, facts }: DesiredSubject, node: string): void {
    const { state } = notice;
    if (state === 'MASTER_RX_LOWER_PRI') return;
    const key = subjectKey(notice);
    const sequence = (this.#sequences.get(key) ?? 0) + 1;
    this.#sequences.set(key, sequence);
    const document = webhookDocument(
      { ...notice, state },
      { id: randomUUID(), time: new Date(), sequence, node, facts },
    );
    for (const target of webhooks) this.#webhooks.notify(notice, target, document);
  }

  #line(name: string, state: FifoWord): void {
    this.#toFifos(fifoLine({ ...this.#instanceNotice(name, 'MASTER'), state }));
  }

  #toFifos(line: string): void {
    this.#fifos.write(line);
  }
}

/** A start that failed is over, too. */
function hasFailedToStart(report: Report): boolean {
  return report.kind === 'operation-failed' && report.router === undefined && report.operation === 'configure';
}

function permit(command: NoticeCommand): ReturnType<ConstructorParameters<typeof ScriptRunner>[0]['permit']> {
  const { argv, user: name, group, mustBeSafe } = command;
  const user = name === undefined ? ownUser() : runAs(name, group);
  if (user === undefined) return { refused: `there is no user ${name ?? ''}` };
  const refused = mustBeSafe ? refusal(argv[0] ?? '', user) : undefined;
  if (refused !== undefined) return { refused };
  return name === undefined ? {} : { user };
}
