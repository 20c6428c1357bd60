// Virtual time: tasks at absolute microseconds, run in order of time and, within one instant, in order of scheduling.
// Nothing waits: time jumps from task to task. Any host can run on it (the daemon's engine as well as bare machines).
import type { Micros } from '../types.js';

/** More tasks than this within one instant is an endless loop in the code under simulation. */
export const TASKS_PER_INSTANT_MAX = 100_000;

/** What `schedule` returns, for `cancel`. */
export interface ScheduledTask {
  readonly at: Micros;
}

interface Entry extends ScheduledTask {
  readonly sequence: number;
  task: (() => void) | undefined;
}

export class VirtualClock {
  #now: Micros;
  #sequence = 0;
  #tasksThisInstant = 0;
  /** A binary heap: every entry is due no later than its children. */
  readonly #heap: Entry[] = [];

  constructor(start: Micros = 0) {
    this.#now = start;
  }

  /** Microseconds. */
  now(): Micros {
    return this.#now;
  }

  /** Runs `task` at that time; a time that has passed means as soon as possible. */
  schedule(at: Micros, task: () => void): ScheduledTask {
    this.#sequence += 1;
    const entry: Entry = { at: Math.max(at, this.#now), sequence: this.#sequence, task };
    this.#push(entry);
    return entry;
  }

  /** A task that has run, or was cancelled, may be cancelled again. */
  cancel(scheduled: ScheduledTask | undefined): void {
    // The entry stays in the heap until its time: removing it there would cost a search.
    if (scheduled !== undefined) (scheduled as Entry).task = undefined;
  }

  /** When the next task runs; undefined when there is none. */
  nextAt(): Micros | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.task !== undefined) return first.at;
      this.#pop();
    }
    return undefined;
  }

  /**
   * Runs the next task; false when there is none.
   * @throws Error when one instant never ends.
   */
  runNext(): boolean {
    if (this.nextAt() === undefined) return false;
    const entry = this.#pop();
    if (entry === undefined) return false;
    this.#tasksThisInstant = entry.at === this.#now ? this.#tasksThisInstant + 1 : 1;
    if (this.#tasksThisInstant > TASKS_PER_INSTANT_MAX) throw new Error(`time stands still at ${entry.at} µs`);
    this.#now = entry.at;
    const { task } = entry;
    entry.task = undefined;
    task?.();
    return true;
  }

  /** Runs every task up to and including `time`; then it is `time`. */
  runUntil(time: Micros): void {
    for (let next = this.nextAt(); next !== undefined && next <= time; next = this.nextAt()) this.runNext();
    this.#now = Math.max(this.#now, time);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = heap[parentIndex];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[index] = parent;
      heap[parentIndex] = entry;
      index = parentIndex;
    }
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    heap[0] = last;
    let index = 0;
    for (;;) {
      const child = this.#earlierChild(index);
      const candidate = heap[child];
      if (candidate === undefined || isBefore(last, candidate)) return first;
      heap[index] = candidate;
      heap[child] = last;
      index = child;
    }
  }

  #earlierChild(index: number): number {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * index + 2 : 2 * index + 1;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at === b.at ? a.sequence < b.sequence : a.at < b.at;
}
