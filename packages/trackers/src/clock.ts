// The clock every tracker lives by. Implemented by the kernel's monotonic clock (src/node/clock.ts) and by FakeClock.
// It knows no date: a tracker never needs one.

export interface Clock {
  /** Microseconds since an origin of the clock's own; never goes back. */
  now(): number;
  /**
   * Calls `callback` once, when `now()` has reached `at` (µs), never before and never from within `schedule`.
   * Callbacks come in the order of their times, those of one time in the order they were scheduled.
   * The function returned takes the callback back; calling it late or twice does nothing.
   */
  schedule(at: number, callback: () => void): Cancel;
}

export type Cancel = () => void;

export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
