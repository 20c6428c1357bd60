// Two nodes on a simulated LAN, and the status of one of them in virtual time: the production engine, trackers over fakes,
// the service that answers. What there is to say comes about here, nothing is made up.
import type { TrackedObject } from '@vrrp/state-machine';
import { createProcessWatch } from '@vrrp/trackers';
import { FakeClock, FakeFiles, FakeProber, FakeProcesses, FakeSpawner } from '@vrrp/trackers/testing';

import type { LifecycleEvent } from '../../../src/reports/lifecycle-event.js';
import { StatusService, type StatusQuestion } from '../../../src/control/status/status-service.js';
import { TrackerSet } from '../../../src/control/tracker-set.js';
import type { ExplainDocument, StatusDocument } from '../../../src/control/status/document.js';
import type { Desired, DesiredScriptTracker } from '../../../src/plan/desired.js';
import type { SimulatedHost } from '../../../src/simulation/simulated-host.js';
import { desiredRouter, SECOND, Stage } from '../../engine/pair.js';

/** 2026-11-02T03:04:05Z, when virtual time is 0. */
export const EPOCH = Date.UTC(2026, 10, 2, 3, 4, 5);

export interface Check {
  /** How its program ends, or what is the matter with it. */
  readonly does: 'exit 0' | 'exit 3' | 'killed' | 'hangs' | 'missing';
  readonly weight?: number;
}

export class ObservedPair {
  readonly stage = new Stage();
  readonly node: SimulatedHost;
  readonly other: SimulatedHost;
  readonly status: StatusService;
  readonly #trackers: TrackerSet;
  readonly #clock = new FakeClock();
  readonly #spawner = new FakeSpawner(this.#clock);

  constructor() {
    this.other = this.stage.addHost('other');
    this.node = this.stage.addHost('node');
    const watch = createProcessWatch({
      clock: this.#clock,
      table: new FakeProcesses(this.#clock),
      events: new FakeProcesses(this.#clock),
    });
    const ports = { spawner: this.#spawner, prober: new FakeProber(this.#clock), files: new FakeFiles(this.#clock) };
    this.#trackers = new TrackerSet(
      { news: (news) => this.node.engine.track(news), changed: () => undefined, observed: () => undefined },
      { clock: this.#clock, ...ports, processes: watch },
    );
    this.status = new StatusService('/etc/keepalived/keepalived.conf', {
      ask: ({ id }) => queueMicrotask(() => this.#answerFor(id)),
      trackers: this.#trackers,
      notifier: { fifoLosses: [{ path: '/run/notify', lost: 0 }] },
      wall: () => EPOCH + this.stage.clock.now() / 1_000,
    });
  }

  /** Starts the node; what it does with each check is worked out at once. */
  async configure(priority: number, checks: Readonly<Record<string, Check>> = {}): Promise<Desired> {
    const trackedObjects = Object.entries(checks).map(([name, { weight = 0 }]): TrackedObject => ({
      kind: 'script',
      name,
      weight,
      reverse: false,
    }));
    for (const [name, { does }] of Object.entries(checks)) this.#install(`/${name}`, does);
    const trackers = Object.keys(checks).map(scriptTracker);
    const desired: Desired = { ...desiredRouter(priority, { trackedObjects }), trackers };
    this.status.configured(desired);
    await this.node.configure(desired);
    await this.#trackers.configure(trackers);
    return desired;
  }

  /** Runs until this many seconds since the beginning. */
  async until(seconds: number): Promise<void> {
    const target = seconds * SECOND;
    this.#clock.advance(target - this.#clock.now());
    await this.stage.until(seconds);
    const reports = this.stage.reports.get('node') ?? [];
    for (const report of reports.splice(0)) this.status.heard(report);
  }

  heardLifecycle(event: LifecycleEvent): void {
    this.status.heard({ kind: 'lifecycle', at: this.stage.clock.now(), event });
  }

  async document(): Promise<StatusDocument> {
    return (await this.#answer({ kind: 'status' })) as StatusDocument;
  }

  async explain(name: string): Promise<ExplainDocument> {
    return (await this.#answer({ kind: 'explain', name })) as ExplainDocument;
  }

  async metrics(): Promise<readonly string[]> {
    const answer = await this.status.answer({ kind: 'metrics' });
    return answer.kind === 'metrics' ? answer.text.trimEnd().split('\n') : [];
  }

  async #answer(question: StatusQuestion): Promise<StatusDocument | ExplainDocument> {
    const answer = await this.status.answer(question);
    if (answer.kind !== 'json') throw new Error(`no document but ${answer.kind}`);
    return JSON.parse(answer.text) as StatusDocument | ExplainDocument;
  }

  /** As the engine's thread does, without its pauses. */
  #answerFor(id: number): void {
    const parts = this.node.engine.standing();
    const common = { at: this.stage.clock.now(), kind: 'snapshot', id } as const;
    for (let part = parts.next(); ; part = parts.next()) {
      if (part.done === true) return this.status.heard({ ...common, routers: [], counts: part.value });
      this.status.heard({ ...common, routers: part.value });
    }
  }

  #install(path: string, does: Check['does']): void {
    if (does === 'missing') return;
    if (does === 'hangs') this.#spawner.install(path, {});
    else if (does === 'killed')
      this.#spawner.install(path, { runs: 1_000, end: { kind: 'signal', signal: 'SIGKILL' } });
    else this.#spawner.install(path, { runs: 1_000, end: { kind: 'exit', status: Number(does.slice(-1)) } });
  }
}

function scriptTracker(name: string): DesiredScriptTracker {
  return {
    kind: 'script',
    name,
    argv: [`/${name}`],
    interval: SECOND,
    timeout: SECOND,
    rise: 1,
    fall: 1,
    initFail: false,
    mustBeSafe: false,
  };
}
