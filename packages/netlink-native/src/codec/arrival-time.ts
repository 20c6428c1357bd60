// When a datagram arrived, on the monotonic clock: the kernel stamps it with the time of day (socket(7), SO_TIMESTAMPNS),
// which somebody may set in between. Whatever was done to that clock, nothing arrives later than it is read.

/**
 * Microseconds. `stamp`: of the time of day, -1 when there is none. `offset`: what that clock is ahead of the monotonic one,
 * read after the datagram was. A time of day set forward in between makes an arrival look older than it is: who acts by it
 * has to bound the age that it believes.
 */
export function arrivalTime(stamp: number, offset: number, now: number): number {
  return stamp < 0 ? now : Math.min(stamp - offset, now);
}
