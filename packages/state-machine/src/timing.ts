// Skew_Time and Master_Down_Interval in integer microseconds (RFC 9568 §6.1, RFC 3768 §6.1), rounded as keepalived
// rounds, so that both daemons on one LAN agree to the microsecond. No clock here: only lengths of time.
import type { Centiseconds, Micros } from './types.js';

export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_CENTISECOND = 10_000;
/** Priorities and the fractions of an interval that they stand for: skew is (256 - priority) / 256. */
const PRIORITY_RANGE = 256;

/** What the formulas depend on. */
export interface DownTimerInput {
  readonly version: 2 | 3;
  /** Effective priority, 1..255. */
  readonly priority: number;
  /** Version 3: what the Master advertises (RFC 9568: Active_Adver_Interval). Version 2: our own interval. */
  readonly masterAdvertisementInterval: Micros;
  /** Advertisements that may be missed, 1..100; RFC 9568 has 3. */
  readonly downTimerAdverts: number;
}

/**
 * Skew_Time in µs: the better the priority, the shorter.
 * RFC 9568 §6.1 (version 3): ((256 - priority) * Active_Adver_Interval) / 256, the interval in whole centiseconds.
 * RFC 3768 §6.1 (version 2): (256 - priority) / 256 seconds, whatever the interval is.
 */
export function skewTime(input: Pick<DownTimerInput, 'version' | 'priority' | 'masterAdvertisementInterval'>): Micros {
  const share = PRIORITY_RANGE - input.priority;
  const scale =
    input.version === 2 ? MICROS_PER_SECOND : centiseconds(input.masterAdvertisementInterval) * MICROS_PER_CENTISECOND;
  return Math.floor((share * scale) / PRIORITY_RANGE);
}

/** Master_Down_Interval in µs: downTimerAdverts * interval + skew (RFC 9568 §6.1, RFC 3768 §6.1). */
export function masterDownInterval(input: DownTimerInput): Micros {
  return input.downTimerAdverts * input.masterAdvertisementInterval + skewTime(input);
}

/** Whole centiseconds in an interval, rounded down. */
export function centiseconds(interval: Micros): Centiseconds {
  return Math.floor(interval / MICROS_PER_CENTISECOND);
}
