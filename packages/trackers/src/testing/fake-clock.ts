// A clock whose time moves only when a test says so. Passes the same contract as the real one (clockContract).

import type { Cancel, Clock } from '../clock.js';
import { TimerQueue } from '../timer-queue.js';

/** More callbacks than this in one advance is a loop that never lets time pass. */
const CALLBACKS_PER_ADVANCE_MAX = 1_000_000;

export class FakeClock implements Clock {
  readonly #queue = new TimerQueue();
  #now: number;

  /** `now`: where the clock starts, µs. */
  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  schedule(at: number, callback: () => void): Cancel {
    return this.#queue.add(at, callback);
  }

  /** How many µs until the next callback; undefined when none waits. */
  get untilNext(): number | undefined {
    const { first } = this.#queue;
    return first === undefined ? undefined : Math.max(first - this.#now, 0);
  }

  /** Lets `duration` µs pass and calls what falls due, each at its own time. */
  advance(duration: number): void {
    const end = this.#now + duration;
    for (let count = 0; ; count += 1) {
      if (count === CALLBACKS_PER_ADVANCE_MAX) throw new Error(`time stands still at ${this.#now} µs`);
      const { first } = this.#queue;
      if (first === undefined || first > end) break;
      this.#now = Math.max(this.#now, first);
      this.#queue.takeDue(this.#now)?.();
    }
    this.#now = end;
  }

  /** Time passes and nothing is called: a suspended machine, a stalled event loop. What fell due comes at the next advance. */
  stall(duration: number): void {
    this.#now += duration;
  }
}
