// The checks of one simulated node: script trackers are the production ones (interval, rise, fall, timeout) over virtual
// time and programs that end as the simulation says; every other tracked object reports what it is told, at once.
import { createScriptTracker, type Clock, type Spawner, type Tracker } from '@vrrp/trackers';
import type { TrackerKind } from '@vrrp/state-machine';
import type { VirtualClock } from '@vrrp/state-machine/sim';
import type { TrackerNews } from '../engine/messages.js';
import type { Desired } from '../plan/desired.js';

/** How long a simulated script runs, in microseconds. */
const SCRIPT_TIME = 1_000;

export class SimulatedChecks {
  readonly #clock: Clock;
  readonly #news: (news: TrackerNews) => void;
  readonly #failing = new Set<string>();
  /** By the text of what is desired, so that a reload keeps what did not change. */
  #running = new Map<string, Tracker>();
  /** Tracked objects without a tracker of their own, by kind and name. */
  #told = new Map<string, { readonly tracker: string; readonly trackerKind: TrackerKind }>();

  constructor(clock: VirtualClock, news: (news: TrackerNews) => void) {
    this.#clock = asTrackerClock(clock);
    this.#news = news;
  }

  /** Runs the checks of this configuration and no others. */
  configure(desired: Desired): void {
    const before = this.#running;
    this.#running = new Map();
    const scripts = new Set<string>();
    for (const one of desired.trackers) {
      if (one.kind !== 'script') continue;
      scripts.add(one.name);
      const key = JSON.stringify(one);
      const kept = before.get(key);
      before.delete(key);
      const { argv, interval, timeout, rise, fall, initFail, name } = one;
      const options = { name, argv, interval, timeout, rise, fall, initFail };
      this.#running.set(key, kept ?? this.#start(options));
    }
    for (const tracker of before.values()) void tracker.close();
    this.#told = new Map(
      desired.virtualRouters
        .flatMap(({ config }) => config.trackedObjects)
        .filter(({ kind, name }) => kind !== 'interface' && !(kind === 'script' && scripts.has(name)))
        .map(({ kind, name }) => [checkKey(kind, name), { tracker: name, trackerKind: kind }]),
    );
    for (const key of this.#told.keys()) this.#tell(key);
  }

  /** What the check gives from now on. */
  setResult(kind: TrackerKind, name: string, succeeds: boolean): void {
    const key = checkKey(kind, name);
    if (succeeds) this.#failing.delete(key);
    else this.#failing.add(key);
    this.#tell(key);
  }

  /** The program ends, and its checks with it. */
  close(): void {
    for (const tracker of this.#running.values()) void tracker.close();
    this.#running.clear();
    this.#told.clear();
  }

  #tell(key: string): void {
    const told = this.#told.get(key);
    if (told !== undefined) this.#news({ ...told, status: this.#failing.has(key) ? 'down' : 'up' });
  }

  #start(options: Parameters<typeof createScriptTracker>[0]): Tracker {
    const tracker = createScriptTracker(options, { clock: this.#clock, spawner: this.#spawner(options.name) });
    tracker.start(({ status, evidence }) => {
      this.#news({ tracker: tracker.name, trackerKind: 'script', status, evidence });
    });
    return tracker;
  }

  #spawner(name: string): Spawner {
    return {
      spawn: (_request, onEnd) => {
        let alive = true;
        this.#clock.schedule(this.#clock.now() + SCRIPT_TIME, () => {
          alive = false;
          onEnd({ kind: 'exit', status: this.#failing.has(checkKey('script', name)) ? 1 : 0 });
        });
        return { signal: () => undefined, alive: () => alive };
      },
    };
  }
}

function checkKey(kind: TrackerKind, name: string): string {
  return `${kind} ${name}`;
}

function asTrackerClock(clock: VirtualClock): Clock {
  return {
    now: () => clock.now(),
    schedule: (at, callback) => {
      const task = clock.schedule(at, callback);
      return () => clock.cancel(task);
    },
  };
}
