// When an advertisement counts as heard. The state machine lives by arrival times where they can be trusted: a thread that
// is woken late then measures its Master's silence from when the Master spoke (RFC 9568 §6.4.2), not from when it listened.

/**
 * An arrival that looks older than this many microseconds counts as now. After a longer stall the socket may have overflowed
 * and the stamps say nothing of what was lost; and a time of day that was set forward makes stamps look old. Too late a
 * takeover is better than one of a Master that lives. It is a sixth of the shortest Master_Down_Interval there is.
 */
export const RECEIVE_AGE_MAX = 5_000;

/** Microseconds, from the router's last event to now: its time never runs backwards. */
export function heardAt(arrivedAt: number, lastEventAt: number, now: number): number {
  return now - arrivedAt > RECEIVE_AGE_MAX ? now : Math.min(Math.max(arrivedAt, lastEventAt), now);
}
