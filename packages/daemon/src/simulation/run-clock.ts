// Runs virtual time for an engine: between two tasks every promise that can settle does, so that a kernel that answers
// "later" in memory answers before time moves on.
import { setImmediate as turn } from 'node:timers/promises';
import type { VirtualClock } from '@vrrp/state-machine/sim';

/**
 * Resolves when it is `time` (microseconds) and everything due by then has happened.
 * @param atRest is called after each task, when everything that follows from it has happened.
 */
export async function runClock(clock: VirtualClock, time: number, atRest?: () => void): Promise<void> {
  await turn();
  for (let next = clock.nextAt(); next !== undefined && next <= time; next = clock.nextAt()) {
    clock.runNext();
    await turn();
    atRest?.();
  }
  clock.runUntil(time);
}
