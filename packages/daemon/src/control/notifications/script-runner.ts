// Runs the scripts of notices, one queue for each instance and group, over the spawner and clock of @vrrp/trackers. What a
// script leaves behind in its group when it ends runs on: starting services is what these scripts are for.
import type { Cancel, Clock, ProcessGroup, RunAs, Spawner } from '@vrrp/trackers';
import { SECOND, TIMEOUT_GRACE } from '@vrrp/trackers';
import { Deliveries } from './deliveries.js';
import type { Delivery } from './delivery-queue.js';
import { subjectKey, type NoticeCommand } from './notice.js';
import type { Notice } from '../../reports/notice.js';
import type { ScriptReport } from '../../reports/notification-report.js';

/** A script that runs longer is ended, so that later states are heard of. Microseconds. */
export const NOTIFY_TIMEOUT = 60 * SECOND;
/** At stop: what still runs of earlier states is asked to end after the first, everything is ended after the second. */
export const STOP_PATIENCE = 0.3 * SECOND;
export const STOP_LIMIT = 0.7 * SECOND;

export interface ScriptRunnerPorts {
  readonly clock: Clock;
  readonly spawner: Spawner;
  /** The commands of a notice, as they are configured when its turn comes. */
  commandsFor(notice: Notice): readonly NoticeCommand[];
  /** Who a command runs as, or why it must not run. */
  permit(command: NoticeCommand): { readonly user?: RunAs } | { readonly refused: string };
  report(report: ScriptReport): void;
}

interface Run {
  readonly notice: Notice;
  readonly group: ProcessGroup;
  timedOut: boolean;
}

/** Behind the state whose scripts run, only the latest one waits. */
const WAITING_MAX = 1;

export class ScriptRunner {
  readonly #ports: ScriptRunnerPorts;
  readonly #deliveries: Deliveries<Delivery>;
  readonly #runs = new Set<Run>();
  #closed = false;

  constructor(ports: ScriptRunnerPorts) {
    this.#ports = ports;
    this.#deliveries = new Deliveries({
      waitingMax: WAITING_MAX,
      start: ({ notice }, done) => this.#run(notice, ports.commandsFor(notice), done),
      superseded: ({ notice }) => ports.report({ kind: 'superseded', notice }),
    });
  }

  notify(notice: Notice): void {
    this.#deliveries.offer(subjectKey(notice), { notice });
  }

  /** Resolves when nothing runs any more: at the latest after STOP_LIMIT, with everything ended by then. */
  async stop(): Promise<void> {
    const { clock } = this.#ports;
    const cancel = clock.schedule(clock.now() + STOP_PATIENCE, () =>
      this.#signal('SIGTERM', ({ notice }) => notice.state !== 'STOP'),
    );
    await this.#deliveries.stop(clock, STOP_LIMIT);
    cancel();
    this.#closed = true;
    this.#signal('SIGKILL', () => true);
  }

  /** The commands one after the other. */
  #run(notice: Notice, [command, ...rest]: readonly NoticeCommand[], done: () => void): void {
    if (this.#closed) return;
    if (command === undefined) done();
    else this.#spawn(notice, command, () => this.#run(notice, rest, done));
  }

  #spawn(notice: Notice, command: NoticeCommand, onEnd: () => void): void {
    const { clock, spawner, report } = this.#ports;
    const { argv } = command;
    const permit = this.#ports.permit(command);
    if ('refused' in permit) {
      report({ kind: 'finished', notice, argv, outcome: { kind: 'exec-error', message: permit.refused }, duration: 0 });
      onEnd();
      return;
    }
    const startedAt = clock.now();
    const group = spawner.spawn({ argv, ...permit }, (end) => {
      cancelTimeout();
      this.#runs.delete(run);
      const outcome = run.timedOut ? ({ kind: 'timeout' } as const) : end;
      report({ kind: 'finished', notice, argv, outcome, duration: clock.now() - startedAt });
      onEnd();
    });
    const run: Run = { notice, group, timedOut: false };
    this.#runs.add(run);
    let cancelTimeout: Cancel = clock.schedule(startedAt + NOTIFY_TIMEOUT, () => {
      run.timedOut = true;
      group.signal('SIGTERM');
      cancelTimeout = clock.schedule(clock.now() + TIMEOUT_GRACE, () => group.signal('SIGKILL'));
    });
  }

  #signal(signal: 'SIGTERM' | 'SIGKILL', which: (run: Run) => boolean): void {
    for (const run of this.#runs) if (which(run)) run.group.signal(signal);
  }
}
