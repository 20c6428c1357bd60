// A fixed schedule without drift: ticks fall on start + n × interval, however late the one before was served.
// Pure. Ticks missed altogether (a suspended machine, a stalled event loop) are not made up for.

/** The first tick after `now`. All times in µs of one clock, `now` at or after `start`, `interval` at least 1. */
export function nextTick(start: number, interval: number, now: number): number {
  return start + (Math.floor((now - start) / interval) + 1) * interval;
}
