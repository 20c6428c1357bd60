// Runs the trackers of the desired state and turns their reports into news for the engine. Which tracker a desired one
// is, tracker-factory.ts knows.
import {
  isSuccess,
  resultWord,
  type Evidence,
  type Tracker,
  type TrackerObservation,
  type TrackerReport,
  type TrackerStatus,
} from '@vrrp/trackers';
import type { TrackerNews } from '../engine/messages.js';
import type { TrackerTold } from '../reports/tracker-told.js';
import type { DesiredTracker } from '../plan/desired.js';
import { createTracker, refusalOf, type TrackerPast, type TrackerPorts } from './tracker-factory.js';

export interface TrackerListeners {
  news(news: TrackerNews): void;
  changed(told: TrackerTold): void;
  observed(observation: TrackerObservation): void;
}

/** What is known of one tracker now. Times are microseconds of `TrackerSet.now()`. */
export interface TrackerRow {
  readonly name: string;
  readonly kind: DesiredTracker['kind'];
  readonly status: TrackerStatus;
  /** Since when. */
  readonly since: number | undefined;
  /** The latest there is. */
  readonly evidence: Evidence;
  /** Why it is down: the latest evidence that spoke for it, whatever came after it. */
  readonly failure: Evidence | undefined;
  readonly lastRun: (FinishedRun & { readonly at: number }) | undefined;
  /** How often a run ended so, by `resultWord`. */
  readonly runs: ReadonlyMap<string, number>;
}

type FinishedRun = Pick<TrackerObservation & { readonly kind: 'run-finished' }, 'evidence' | 'duration'>;

interface Running {
  readonly desired: DesiredTracker;
  readonly tracker: Tracker;
  /** Why it is not run at all. */
  readonly refused: string | undefined;
  row: TrackerRow;
  /** The last that a run ended with. */
  exitStatus: number;
}

export class TrackerSet {
  readonly #listeners: TrackerListeners;
  readonly #ports: TrackerPorts;
  /** By kind and name. */
  #running = new Map<string, Running>();
  #starting = true;

  constructor(listeners: TrackerListeners, ports: TrackerPorts) {
    this.#listeners = listeners;
    this.#ports = ports;
  }

  /**
   * Makes the running set the desired one: an unchanged tracker lives on, a changed one begins with the result of the
   * one before it if it checks the same. Resolves when trackers that are no longer wanted have ended.
   */
  async configure(desired: readonly DesiredTracker[]): Promise<void> {
    const before = this.#running;
    this.#running = new Map();
    const replaced: Running[] = [];
    for (const one of desired) {
      const key = `${one.kind}:${one.name}`;
      const old = before.get(key);
      before.delete(key);
      const refused = refusalOf(one);
      if (old !== undefined && JSON.stringify(old.desired) === JSON.stringify(one) && old.refused === refused) {
        this.#running.set(key, old);
        continue;
      }
      if (old !== undefined) replaced.push(old);
      const past = { ...carriedResult(old, one), starting: this.#starting };
      const failure = past.carriedResult === 'down' ? old?.row.failure : undefined;
      this.#running.set(key, this.#start(one, refused, past, failure));
    }
    this.#starting = false;
    await Promise.all([...before.values(), ...replaced].map(({ tracker }) => tracker.close()));
  }

  get rows(): readonly TrackerRow[] {
    return [...this.#running.values()].map(({ row }) => row);
  }

  /** The clock of the rows. */
  now(): number {
    return this.#ports.clock.now();
  }

  /** Ends every check and the processes it started. */
  close(): Promise<void> {
    return this.configure([]);
  }

  /** @param failure why it was down, when that result is carried over. */
  #start(
    desired: DesiredTracker,
    refused: string | undefined,
    past: TrackerPast,
    failure: Evidence | undefined,
  ): Running {
    const { news, changed, observed } = this.#listeners;
    const tracker = createTracker(desired, refused, past, this.#ports, (observation) => {
      if (observation.kind === 'run-finished') running.row = withRun(running.row, observation);
      if (observation.kind === 'exit-status-changed') running.exitStatus = observation.status;
      observed(observation);
    });
    const running: Running = {
      desired,
      tracker,
      refused,
      row: { ...newRow(desired), failure },
      exitStatus: past.carriedExitStatus ?? 0,
    };
    tracker.start((report) => {
      const { since, evidence, status } = running.row;
      const carried = since === undefined && past.carriedResult !== undefined;
      // What init_fail says is no finding.
      const found = since !== undefined && (evidence.kind !== 'none' || past.carriedResult !== undefined);
      const before = found ? status : undefined;
      running.row = withReport(running.row, report);
      changed({ name: tracker.name, trackerKind: tracker.kind, report, before, ...(carried ? { carried } : {}) });
      news(newsOf(tracker, report));
    });
    return running;
  }
}

function newRow({ name, kind }: DesiredTracker): TrackerRow {
  return {
    name,
    kind,
    status: 'unknown',
    evidence: { kind: 'none' },
    since: undefined,
    failure: undefined,
    lastRun: undefined,
    runs: new Map(),
  };
}

function withReport(row: TrackerRow, { status, evidence, at }: TrackerReport): TrackerRow {
  const isNew = row.since === undefined || row.status !== status;
  // While it recovers (rise), its successes are not why it is still down; a result that is carried over says nothing new.
  const saysWhy = !isSuccess(evidence) && (evidence.kind !== 'none' || row.failure === undefined);
  const failure = saysWhy ? evidence : row.failure;
  return { ...row, status, evidence, since: isNew ? at : row.since, failure: status === 'down' ? failure : undefined };
}

function withRun(row: TrackerRow, { evidence, duration, at }: FinishedRun & { readonly at: number }): TrackerRow {
  const word = resultWord(evidence);
  const runs = new Map(row.runs).set(word, (row.runs.get(word) ?? 0) + 1);
  return { ...row, lastRun: { evidence, duration, at }, runs };
}

/** keepalived: a script keeps its result over a reload while its command, arguments and user stay. */
function carriedResult(old: Running | undefined, desired: DesiredTracker): Omit<TrackerPast, 'starting'> {
  if (old === undefined || old.desired.kind !== 'script' || desired.kind !== 'script') return {};
  // What was not run has no result.
  if (old.refused !== undefined) return {};
  const { status } = old.row;
  if (status === 'unknown' || whatRuns(old.desired) !== whatRuns(desired)) return {};
  return { carriedResult: status, carriedExitStatus: old.exitStatus };
}

function whatRuns({ argv, user, group }: DesiredTracker & { readonly kind: 'script' }): string {
  return JSON.stringify([argv, user, group]);
}

function newsOf(tracker: Tracker, { status, evidence }: TrackerReport): TrackerNews {
  return {
    tracker: tracker.name,
    trackerKind: tracker.kind,
    status,
    ...(tracker.kind === 'file' && evidence.kind === 'value' ? { value: evidence.value } : {}),
    evidence,
  };
}
