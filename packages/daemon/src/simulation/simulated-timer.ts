// The deadline timer of a simulated process, on virtual time: it rings late when the process is not scheduled, and never
// when it is gone. Passes the contract of DeadlineTimer.
import { OperationError, type DeadlineTimer } from '@vrrp/netlink-native';
import type { ScheduledTask, VirtualClock } from '@vrrp/state-machine/sim';
import type { Life } from './life.js';

const EBADF = 9;

export function openSimulatedTimer(clock: VirtualClock, life: Life, listener: (now: number) => void): DeadlineTimer {
  let task: ScheduledTask | undefined;
  let isOpen = true;
  const arm = (deadline: number): void => {
    task = clock.schedule(Math.max(Math.ceil(deadline), life.stalledUntil), ring);
  };
  const ring = (): void => {
    if (life.isAlive && life.isStalled) arm(life.stalledUntil);
    else if (life.isAlive) listener(clock.now());
  };
  return {
    set(deadline) {
      if (deadline !== undefined && !Number.isFinite(deadline)) {
        throw new RangeError(`a deadline is a finite number of microseconds, got ${deadline}`);
      }
      if (!isOpen) throw new OperationError({ code: 'ERR_VRRP_TIMER', operation: 'set a deadline', errno: EBADF });
      clock.cancel(task);
      if (deadline !== undefined) arm(deadline);
    },
    close() {
      isOpen = false;
      clock.cancel(task);
    },
  };
}
