// The process tracker (keepalived.conf(5), vrrp_track_process): up while as many matching processes live as the quorum asks.
// It hears of processes through a ProcessWatch that all process trackers share.

import type { Cancel, Clock } from './clock.js';
import { sameEvidence } from './evidence.js';
import { expireQuorum, NO_PROCESSES, stepQuorum } from './process-quorum.js';
import type { QuorumOptions, QuorumState } from './process-quorum.js';
import type { ProcessWatch } from './process-watch.js';
import type { Evidence, Tracker, TrackerReport } from './tracker.js';
import { contributionOf } from './weight.js';

export interface ProcessTrackerOptions extends QuorumOptions {
  readonly name: string;
  /** 0 gates, anything else adds to the priority: -254..254. */
  readonly weight: number;
  readonly reverse: boolean;
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
  #listener: ((report: TrackerReport) => void) | undefined;
  #unsubscribe: () => void = () => undefined;
  #cancelDelay: Cancel = () => undefined;
  #state: QuorumState = NO_PROCESSES;
  #reported: { readonly up: boolean; readonly evidence: Evidence } | undefined;
  #closed = false;

  constructor(options: ProcessTrackerOptions, ports: ProcessTrackerPorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
  }

  start(listener: (report: TrackerReport) => void): void {
    if (this.#listener !== undefined || this.#closed) throw new TypeError(`tracker ${this.name} was started before`);
    this.#listener = listener;
    this.#unsubscribe = this.#ports.processes.subscribe((change) => {
      this.#settle(stepQuorum(this.#state, change, this.#options, this.#ports.clock.now()));
    });
  }

  close(): Promise<void> {
    this.#closed = true;
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
    if (state.quorum !== undefined) this.#report(state.quorum.current, { kind: 'value', value: state.pids.size });
  }

  #report(up: boolean, evidence: Evidence): void {
    if (this.#reported?.up === up && sameEvidence(this.#reported.evidence, evidence)) return;
    this.#reported = { up, evidence };
    const status = up ? 'up' : 'down';
    this.#listener?.({
      tracker: this.name,
      at: this.#ports.clock.now(),
      status,
      contribution: contributionOf('process', { status }, this.#options),
      evidence,
    });
  }
}
