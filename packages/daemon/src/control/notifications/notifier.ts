// Tells scripts and FIFOs what the engine reports (keepalived.conf(5), "NOTIFY SCRIPTS"). It keeps the latest priority of
// each instance and decides nothing about states.
import type { EngineReport } from '../../engine/messages.js';
import type { LogEntry } from '../../log/entry.js';
import { fifoEntry, scriptEntries } from '../../log/notification-sentences.js';
import { NO_NOTIFICATIONS, type DesiredNotifications, type DesiredSubject } from '../../plan/notifications.js';
import { runAs } from '../accounts.js';
import { ownUser, refusal } from '../script-inspection.js';
import type { TrackerPorts } from '../tracker-factory.js';
import { FifoSet } from './fifo-set.js';
import { commandsFor, fifoLine, noticeState, type FifoWord, type Notice, type NoticeCommand } from './notice.js';
import { ScriptRunner } from './script-runner.js';

export class Notifier {
  readonly #write: (entries: readonly LogEntry[]) => void;
  readonly #scripts: ScriptRunner;
  readonly #fifos: FifoSet;
  readonly #subjects = new Map<string, DesiredSubject>();
  readonly #priorities = new Map<string, number>();
  readonly #masters = new Set<string>();
  #desired: DesiredNotifications = NO_NOTIFICATIONS;

  constructor(ports: Pick<TrackerPorts, 'clock' | 'spawner'>, write: (entries: readonly LogEntry[]) => void) {
    this.#write = write;
    this.#fifos = new FifoSet(ports, permit, (entry) => write([entry]));
    this.#scripts = new ScriptRunner({
      clock: ports.clock,
      spawner: ports.spawner,
      commandsFor: (notice) => commandsFor(notice, this.#subjects.get(subjectKey(notice))?.scripts ?? {}),
      permit,
      report: (report) => write(scriptEntries(report)),
    });
  }

  /** The start, and every reload. FIFOs are made anew, as keepalived does. */
  configure(desired: DesiredNotifications): void {
    this.#desired = desired;
    // One that the reload removes is still told its end.
    for (const subject of desired.subjects) this.#subjects.set(subjectKey(subject), subject);
    this.#fifos.configure(desired.fifos);
  }

  /** @param instance the name of the virtual router that an observation is about. */
  heard(report: EngineReport, instance: string | undefined): void {
    if (report.kind === 'group-observation') {
      const { observation } = report;
      const state = noticeState(observation);
      if (state !== undefined) this.#tell({ scope: 'GROUP', name: observation.group, state, priority: 0 });
      return;
    }
    if (report.kind !== 'observation' || instance === undefined) return;
    const { observation } = report;
    if (observation.kind === 'transition') {
      this.#priorities.set(instance, observation.priority);
      if (observation.to === 'master') this.#masters.add(instance);
      else this.#masters.delete(instance);
      const state = noticeState(observation);
      if (state !== undefined) this.#tell(this.#instanceNotice(instance, state));
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
    if (tellsDeleted || !wasFaulty) this.#tell(this.#instanceNotice(instance, tellsDeleted ? 'DELETED' : 'FAULT'));
    this.#masters.delete(instance);
  }

  /** STOP for everything, whatever it was; resolves when no script of ours runs any more. */
  async stop(): Promise<void> {
    for (const { scope, name } of this.#desired.subjects) {
      this.#tell(scope === 'GROUP' ? { scope, name, state: 'STOP', priority: 0 } : this.#instanceNotice(name, 'STOP'));
    }
    await this.#scripts.stop();
    await this.#fifos.close();
  }

  #instanceNotice(name: string, state: Notice['state']): Notice {
    const priority = this.#priorities.get(name) ?? this.#subjects.get(`INSTANCE ${name}`)?.priority ?? 0;
    return { scope: 'INSTANCE', name, state, priority };
  }

  #tell(notice: Notice): void {
    this.#scripts.notify(notice);
    this.#toFifos(fifoLine(notice));
  }

  #line(name: string, state: FifoWord): void {
    this.#toFifos(fifoLine({ ...this.#instanceNotice(name, 'MASTER'), state }));
  }

  #toFifos(line: string): void {
    for (const failed of this.#fifos.write(line)) this.#write([fifoEntry(failed)]);
  }
}

function permit(command: NoticeCommand): ReturnType<ConstructorParameters<typeof ScriptRunner>[0]['permit']> {
  const { argv, user: name, group, mustBeSafe } = command;
  const user = name === undefined ? ownUser() : runAs(name, group);
  if (user === undefined) return { refused: `there is no user ${name ?? ''}` };
  const refused = mustBeSafe ? refusal(argv[0] ?? '', user) : undefined;
  if (refused !== undefined) return { refused };
  return name === undefined ? {} : { user };
}

function subjectKey({ scope, name }: { readonly scope: string; readonly name: string }): string {
  return `${scope} ${name}`;
}
