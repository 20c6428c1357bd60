// Runs the trackers of the desired state and turns their reports into news for the engine. Which tracker a desired one
// is, tracker-factory.ts knows.
import { formatEvidence, type Tracker, type TrackerObservation, type TrackerReport } from '@vrrp/trackers';
import type { TrackerNews } from '../engine/messages.js';
import type { TrackerTold } from '../log/tracker-sentences.js';
import type { DesiredTracker } from '../plan/desired.js';
import { createTracker, refusalOf, type TrackerPast, type TrackerPorts } from './tracker-factory.js';

export interface TrackerListeners {
  news(news: TrackerNews): void;
  changed(told: TrackerTold): void;
  observed(observation: TrackerObservation): void;
}

interface Running {
  readonly desired: DesiredTracker;
  readonly tracker: Tracker;
  /** Why it is not run at all. */
  readonly refused: string | undefined;
  status: TrackerReport['status'] | undefined;
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
      this.#running.set(key, this.#start(one, refused, { ...carriedResult(old, one), starting: this.#starting }));
    }
    this.#starting = false;
    await Promise.all([...before.values(), ...replaced].map(({ tracker }) => tracker.close()));
  }

  /** Ends every check and the processes it started. */
  close(): Promise<void> {
    return this.configure([]);
  }

  #start(desired: DesiredTracker, refused: string | undefined, past: TrackerPast): Running {
    const { news, changed, observed } = this.#listeners;
    const tracker = createTracker(desired, refused, past, this.#ports, observed);
    const running: Running = { desired, tracker, refused, status: undefined };
    tracker.start((report) => {
      const before = running.status;
      running.status = report.status;
      changed({ name: tracker.name, trackerKind: tracker.kind, report, before });
      news(newsOf(tracker, report));
    });
    return running;
  }
}

/** keepalived: a script keeps its result over a reload while its command, arguments and user stay. */
function carriedResult(old: Running | undefined, desired: DesiredTracker): Pick<TrackerPast, 'carriedResult'> {
  if (old === undefined || old.desired.kind !== 'script' || desired.kind !== 'script') return {};
  // What was not run has no result.
  if (old.refused !== undefined) return {};
  const { status } = old;
  if (status === undefined || status === 'unknown' || whatRuns(old.desired) !== whatRuns(desired)) return {};
  return { carriedResult: status };
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
    evidence: formatEvidence(evidence),
  };
}
