// The intervals of the protocol as keepalived 2.2.7 keeps them, written down a second time and independently of the
// engine: RFC 3768 §6.1 for version 2, RFC 9568 §6.1 for version 3. Integer microseconds.

const SECOND = 1_000_000;

/** Skew_Time: of one second in version 2, of the advertisement interval in version 3. */
export function skewTime(version: 2 | 3, priority: number, intervalSeconds: number): number {
  const unit = version === 2 ? SECOND : intervalSeconds * SECOND;
  return Math.floor(((256 - priority) * unit) / 256);
}

/** Master_Down_Interval (RFC 9568: Active_Down_Interval). */
export function masterDownInterval(version: 2 | 3, priority: number, intervalSeconds: number): number {
  return 3 * intervalSeconds * SECOND + skewTime(version, priority, intervalSeconds);
}
