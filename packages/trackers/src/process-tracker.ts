// The process tracker (keepalived.conf(5), vrrp_track_process): up while as many matching processes live as the quorum asks.
// It hears of processes through a ProcessWatch that all process trackers share.

import type { Cancel, Clock } from './clock.js';
import { expireQuorum, NO_PROCESSES, stepQuorum } from './process-quorum.js';
import type { QuorumOptions, QuorumState } from './process-quorum.js';
import type { ProcessWatch } from './process-watch.js';
import { TrackerLife } from './tracker-life.js';
import type { Tracker, TrackerReport } from './tracker.js';

export interface ProcessTrackerOptions extends QuorumOptions {
  readonly name: string;
}

export interface ProcessTrackerPorts {
  readonly clock: Clock;
  readonly processes: ProcessWatch;
}

const QUORUM_MAX = 65_535;

/** Throws RangeError for a quorum outside 0..65535 or a negative delay. */
export function createProcessTracker(options: ProcessTrackerOptions, ports: ProcessTrackerPorts): Tracker {
  const { quorum, quorumMax, forkDelay, terminateDelay } = options;
  for (const count of [quorum, quorumMax ?? 0])
    if (!Number.isInteger(count) || count < 0 || count > QUORUM_MAX)
      throw new RangeError(`a quorum is an integer of 0..${QUORUM_MAX}, not ${count}`);
  for (const delay of [forkDelay, terminateDelay])
    if (!Number.isInteger(delay) || delay < 0) throw new RangeError(`a delay is a number of µs, not ${delay}`);
  return new ProcessTracker(options, ports);
}

class ProcessTracker implements Tracker {
  readonly name: string;
  readonly kind = 'process';
  readonly #options: ProcessTrackerOptions;
  readonly #ports: ProcessTrackerPorts;
  readonly #life: TrackerLife;
  #unsubscribe: () => void = () => undefined;
  #cancelDelay: Cancel = () => undefined;
  #state: QuorumState = NO_PROCESSES;

  constructor(options: ProcessTrackerOptions, ports: ProcessTrackerPorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    this.#life = new TrackerLife(this.name, ports.clock);
  }

  start(listener: (report: TrackerReport) => void): void {
    this.#life.begin(listener);
    this.#unsubscribe = this.#ports.processes.subscribe((change) => {
      this.#settle(stepQuorum(this.#state, change, this.#options, this.#ports.clock.now()));
    });
  }

  close(): Promise<void> {
    this.#life.end();
    this.#unsubscribe();
    this.#cancelDelay();
    return Promise.resolve();
  }

  #settle(state: QuorumState): void {
    this.#state = state;
    this.#cancelDelay();
    const { clock } = this.#ports;
    const pending = state.quorum?.pending;
    if (pending !== undefined)
      this.#cancelDelay = clock.schedule(pending.at, () => this.#settle(expireQuorum(this.#state, clock.now())));
    if (state.quorum === undefined) return;
    this.#life.report(state.quorum.current ? 'up' : 'down', { kind: 'value', value: state.pids.size });
  }
}
