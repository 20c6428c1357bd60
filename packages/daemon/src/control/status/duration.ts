// Durations for people: two units at most, `4 m 5 s`; below a minute to the tenth, below a second to the millisecond.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** @param seconds not negative. */
export function formatDuration(seconds: number): string {
  // Never rounded up: 59.96 s are no minute, and no 60.0 s either.
  if (seconds < 1) return `${Math.floor(seconds * 1000)} ms`;
  if (seconds < MINUTE) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} m ${whole % MINUTE} s`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)} h ${Math.floor((whole % HOUR) / MINUTE)} m`;
  return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
}
