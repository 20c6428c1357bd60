// Lets virtual time pass for hosts whose kernels answer asynchronously: after each task, all that follows from it happens
// before the next one.
import { setImmediate as turn } from 'node:timers/promises';
import type { VirtualClock } from '@vrrp/state-machine/sim';

export interface RunOptions {
  /** Called after each task, when everything that follows from it has happened. */
  readonly atRest?: (() => void) | undefined;
  /** Whether nothing of the task that just ran is still to come: then no turn of the event loop is waited for. */
  readonly isSettled?: () => boolean;
  /** Whether nobody wants to know what comes next: looked at after each task. */
  readonly isOver?: (() => boolean) | undefined;
}

/** Resolves when it is `time` (microseconds) and everything due by then has happened, or when it is over before. */
export async function runClock(clock: VirtualClock, time: number, options: RunOptions = {}): Promise<void> {
  const { atRest, isSettled, isOver } = options;
  await turn();
  for (let next = clock.nextAt(); next !== undefined && next <= time; next = clock.nextAt()) {
    clock.runNext();
    // A turn of the event loop works off all microtasks, also those that come of microtasks.
    if (isSettled?.() !== true) await turn();
    atRest?.();
    if (isOver?.() === true) return;
  }
  clock.runUntil(time);
}
