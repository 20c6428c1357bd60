// What every tracker's life has in common: started once, closed for good, one report for each change of status or
// evidence. It does not know what is tracked.

import type { Clock } from './clock.js';
import { sameEvidence } from './evidence.js';
import type { Evidence, TrackerReport, TrackerStatus } from './tracker.js';

export class TrackerLife {
  readonly #name: string;
  readonly #clock: Clock;
  #listener: ((report: TrackerReport) => void) | undefined;
  #reported: { readonly status: TrackerStatus; readonly evidence: Evidence } | undefined;
  #closed = false;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /** Throws TypeError for a second start, and for one after the end. */
  begin(listener: (report: TrackerReport) => void): void {
    if (this.#listener !== undefined || this.#closed) throw new TypeError(`tracker ${this.#name} was started before`);
    this.#listener = listener;
  }

  /** Nothing is reported from here on. */
  end(): void {
    this.#closed = true;
  }

  get isOver(): boolean {
    return this.#closed;
  }

  report(status: TrackerStatus, evidence: Evidence): void {
    if (this.#closed || (this.#reported?.status === status && sameEvidence(this.#reported.evidence, evidence))) return;
    this.#reported = { status, evidence };
    this.#listener?.({ tracker: this.#name, at: this.#clock.now(), status, evidence });
  }
}
