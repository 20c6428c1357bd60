// The real clock: CLOCK_MONOTONIC through process.hrtime, one Node.js timer for the first callback that waits.
// Callbacks come about 1 ms late, never early: Node.js counts in whole milliseconds.

import type { Cancel, Clock } from '../clock.js';
import { MILLISECOND } from '../clock.js';
import { TimerQueue } from '../timer-queue.js';

/** setTimeout counts in 32 bits; a longer wait is made of several. */
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

export function createNodeClock(): Clock {
  return new NodeClock();
}

class NodeClock implements Clock {
  readonly #queue = new TimerQueue();
  #timer: NodeJS.Timeout | undefined;
  #armedFor: number | undefined;
  /** Callbacks are being called: the timer is set once, when they all have been. */
  #firing = false;

  now(): number {
    return Number(process.hrtime.bigint() / 1_000n);
  }

  schedule(at: number, callback: () => void): Cancel {
    const remove = this.#queue.add(at, callback);
    this.#arm();
    return () => {
      remove();
      this.#arm();
    };
  }

  #arm(): void {
    const { first } = this.#queue;
    if (this.#firing || first === this.#armedFor) return;
    clearTimeout(this.#timer);
    this.#armedFor = first;
    if (first === undefined) return;
    const wait = Math.ceil((first - this.now()) / MILLISECOND);
    this.#timer = setTimeout(() => this.#fire(), Math.min(Math.max(wait, 0), TIMEOUT_MAX_MS));
  }

  /** Also comes too early, after a wait cut short: nothing is due then and the timer is armed anew. */
  #fire(): void {
    this.#armedFor = undefined;
    this.#firing = true;
    const now = this.now();
    try {
      for (let due = this.#queue.takeDue(now); due !== undefined; due = this.#queue.takeDue(now)) due();
    } finally {
      this.#firing = false;
      this.#arm();
    }
  }
}
