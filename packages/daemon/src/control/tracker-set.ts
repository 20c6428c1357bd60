// Runs the trackers of the desired state and turns their reports into news for the engine.
import {
  contributionOf,
  createScriptTracker,
  formatEvidence,
  type RunAs,
  type Tracker,
  type TrackerReport,
} from '@vrrp/trackers';
import type { TrackerNews } from '../engine/messages.js';
import type { DesiredTracker } from '../plan/desired.js';
import { groupId, userAccount } from './accounts.js';
import { ownUser, refusal } from './script-inspection.js';

export interface TrackerChange {
  readonly name: string;
  readonly report: TrackerReport;
}

export class TrackerSet {
  readonly #news: (news: TrackerNews) => void;
  readonly #changed: (change: TrackerChange) => void;
  /** By the text of what is desired: an unchanged tracker lives on, with its result, over a reload. */
  #running = new Map<string, Tracker>();

  constructor(listeners: { news(news: TrackerNews): void; changed(change: TrackerChange): void }) {
    this.#news = (news) => listeners.news(news);
    this.#changed = (change) => listeners.changed(change);
  }

  /** Makes the running set the desired one. Resolves when trackers that are no longer wanted have ended. */
  async configure(desired: readonly DesiredTracker[]): Promise<void> {
    const before = this.#running;
    this.#running = new Map();
    for (const one of desired) {
      const key = JSON.stringify(one);
      const kept = before.get(key);
      before.delete(key);
      this.#running.set(key, kept ?? this.#start(one));
    }
    await Promise.all([...before.values()].map((tracker) => tracker.close()));
  }

  /** Ends every check and the processes it started. */
  close(): Promise<void> {
    return this.configure([]);
  }

  #start(desired: DesiredTracker): Tracker {
    const tracker = createTracker(desired);
    tracker.start((report) => this.#heard(tracker, report));
    return tracker;
  }

  #heard(tracker: Tracker, report: TrackerReport): void {
    const { status, evidence } = report;
    this.#changed({ name: tracker.name, report });
    this.#news({ tracker: tracker.name, trackerKind: tracker.kind, status, evidence: formatEvidence(evidence) });
  }
}

function createTracker(desired: DesiredTracker): Tracker {
  const { kind: _kind, user: name, group, mustBeSafe, ...options } = desired;
  const user = name === undefined ? ownUser() : runAs(name, group);
  if (user === undefined) return refusedTracker(desired, `there is no user ${name ?? ''}`);
  const reason = mustBeSafe ? refusal(desired.argv[0] ?? '', user) : undefined;
  if (reason !== undefined) return refusedTracker(desired, reason);
  return createScriptTracker({ ...options, ...(name === undefined ? {} : { user }) });
}

/** A check that must not be run is a failing check with that reason (keepalived drops it, and so counts it as healthy). */
function refusedTracker({ name, weight, reverse }: DesiredTracker, message: string): Tracker {
  return {
    name,
    kind: 'script',
    start: (listener) => {
      const contribution = contributionOf('script', { status: 'down' }, { weight, reverse });
      listener({ tracker: name, at: 0, status: 'down', contribution, evidence: { kind: 'exec-error', message } });
    },
    close: () => Promise.resolve(),
  };
}

function runAs(name: string, group: string | undefined): RunAs | undefined {
  const account = userAccount(name);
  if (account === undefined) return undefined;
  return { uid: account.uid, gid: group === undefined ? account.gid : (groupId(group) ?? account.gid) };
}
