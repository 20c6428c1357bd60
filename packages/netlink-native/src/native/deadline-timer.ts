// One absolute deadline with microsecond resolution (timerfd_create(2), CLOCK_MONOTONIC), and the clock it is measured on.
// Node's own timers round to whole milliseconds.
import { OperationError } from '../operation-error.js';
import type { DeadlineTimer, Referenced } from '../sockets.js';
import type { NativeTimer } from './addon.js';
import { nativeAddon } from './load.js';

/** Microseconds of CLOCK_MONOTONIC: an integer that never goes back, nor jumps when somebody sets the date. */
export function monotonicMicros(): number {
  return nativeAddon().monotonicMicros();
}

/**
 * Opens a timer; `listener` gets the time at which it was called. The timer keeps the process alive until close() or unref().
 * @throws OperationError ERR_VRRP_TIMER (EMFILE, ENFILE: too many open files).
 */
export function openDeadlineTimer(listener: (now: number) => void): DeadlineTimer & Referenced {
  return new MonotonicDeadlineTimer(listener);
}

class MonotonicDeadlineTimer implements DeadlineTimer, Referenced {
  readonly #timer: NativeTimer;

  constructor(listener: (now: number) => void) {
    this.#timer = new (nativeAddon().Timer)();
    check(this.#timer.open(listener), 'open a deadline timer', 'timerfd_create');
  }

  set(deadline: number | undefined): void {
    if (deadline !== undefined && !Number.isFinite(deadline)) {
      throw new RangeError(`a deadline is a finite number of microseconds, got ${deadline}`);
    }
    // A fraction is rounded up: a timer may be late, never early. What lies before the clock's origin is long past.
    const micros = deadline === undefined ? -1 : Math.max(0, Math.ceil(deadline));
    check(this.#timer.set(micros), 'set a deadline', 'timerfd_settime');
  }

  ref(): void {
    this.#timer.ref();
  }

  unref(): void {
    this.#timer.unref();
  }

  close(): void {
    this.#timer.close();
  }
}

function check(status: number, operation: string, syscall: string): void {
  if (status >= 0) return;
  throw new OperationError({ code: 'ERR_VRRP_TIMER', operation, errno: -status, syscall });
}
