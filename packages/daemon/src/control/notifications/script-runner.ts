// Runs the scripts of notices, one queue for each instance and group, over the spawner and clock of @vrrp/trackers. What a
// script leaves behind in its group when it ends runs on: starting services is what these scripts are for.
import type { Cancel, Clock, ProcessEnd, ProcessGroup, RunAs, Spawner } from '@vrrp/trackers';
import { SECOND, TIMEOUT_GRACE } from '@vrrp/trackers';
import type { Notice, NoticeCommand } from './notice.js';
import { EMPTY_QUEUE, finishNotice, offerNotice, type QueueStep, type ScriptQueue } from './script-queue.js';

/** A script that runs longer is ended, so that later states are heard of. Microseconds. */
export const NOTIFY_TIMEOUT = 60 * SECOND;
/** At stop: what still runs of earlier states is asked to end after the first, everything is ended after the second. */
export const STOP_PATIENCE = 0.3 * SECOND;
export const STOP_LIMIT = 0.7 * SECOND;

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

export class ScriptRunner {
  readonly #ports: ScriptRunnerPorts;
  readonly #queues = new Map<string, ScriptQueue>();
  readonly #runs = new Set<Run>();
  #onIdle: (() => void) | undefined;
  #closed = false;

  constructor(ports: ScriptRunnerPorts) {
    this.#ports = ports;
  }

  notify(notice: Notice): void {
    if (this.#closed) return;
    const key = queueKey(notice);
    this.#take(key, offerNotice(this.#queues.get(key) ?? EMPTY_QUEUE, notice));
  }

  /** Resolves when nothing runs any more: at the latest after STOP_LIMIT, with everything ended by then. */
  stop(): Promise<void> {
    const { clock } = this.#ports;
    const start = clock.now();
    const cancels = [
      clock.schedule(start + STOP_PATIENCE, () => this.#signal('SIGTERM', ({ notice }) => notice.state !== 'STOP')),
      clock.schedule(start + STOP_LIMIT, () => {
        this.#closed = true;
        this.#queues.clear();
        this.#signal('SIGKILL', () => true);
        this.#onIdle?.();
      }),
    ];
    return new Promise<void>((resolve) => {
      this.#onIdle = resolve;
      this.#settle();
    }).finally(() => {
      for (const cancel of cancels) cancel();
    });
  }

  #take(key: string, { queue, start, superseded }: QueueStep): void {
    this.#queues.set(key, queue);
    if (superseded !== undefined) this.#ports.report({ kind: 'superseded', notice: superseded });
    if (start !== undefined) this.#run(key, start, this.#ports.commandsFor(start));
    else this.#settle();
  }

  /** The commands one after the other, then the next notice. */
  #run(key: string, notice: Notice, commands: readonly NoticeCommand[]): void {
    const [command, ...rest] = commands;
    if (this.#closed) return;
    if (command === undefined) {
      this.#take(key, finishNotice(this.#queues.get(key) ?? EMPTY_QUEUE));
      return;
    }
    this.#spawn(notice, command, () => this.#run(key, notice, rest));
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

  #settle(): void {
    const idle = [...this.#queues.values()].every(({ running }) => running === undefined);
    if (idle) this.#onIdle?.();
  }
}

function queueKey({ scope, name }: Notice): string {
  return `${scope} ${name}`;
}
