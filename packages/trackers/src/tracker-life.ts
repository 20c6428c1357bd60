// What every tracker's life has in common: started once, closed for good, one report for each change of status or
// evidence, with what it contributes. It does not know what is tracked.

import type { Clock } from './clock.js';
import { sameEvidence } from './evidence.js';
import type { Evidence, Tracker, TrackerReport, TrackerStatus } from './tracker.js';
import { contributionOf } from './weight.js';
import type { Reading, Weighting } from './weight.js';

export interface TrackerIdentity extends Weighting {
  readonly name: string;
  readonly kind: Tracker['kind'];
}

export class TrackerLife {
  readonly #identity: TrackerIdentity;
  readonly #clock: Clock;
  #listener: ((report: TrackerReport) => void) | undefined;
  #reported: { readonly status: TrackerStatus; readonly evidence: Evidence } | undefined;
  #closed = false;

  constructor(identity: TrackerIdentity, clock: Clock) {
    this.#identity = identity;
    this.#clock = clock;
  }

  /** Throws TypeError for a second start, and for one after the end. */
  begin(listener: (report: TrackerReport) => void): void {
    if (this.#listener !== undefined || this.#closed)
      throw new TypeError(`tracker ${this.#identity.name} was started before`);
    this.#listener = listener;
  }

  /** Nothing is reported from here on. */
  end(): void {
    this.#closed = true;
  }

  get isOver(): boolean {
    return this.#closed;
  }

  report(reading: Reading, evidence: Evidence): void {
    const { status } = reading;
    if (this.#closed || (this.#reported?.status === status && sameEvidence(this.#reported.evidence, evidence))) return;
    this.#reported = { status, evidence };
    const { name, kind } = this.#identity;
    const contribution = contributionOf(kind, reading, this.#identity);
    this.#listener?.({ tracker: name, at: this.#clock.now(), status, contribution, evidence });
  }
}
