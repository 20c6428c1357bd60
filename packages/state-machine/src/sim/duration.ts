// Lengths of time and moments as scripts write them: `3.609375s`, `20ms`, `250us`. Text <-> whole microseconds.
import type { Micros } from '../types.js';

const UNITS: Readonly<Record<string, number>> = { s: 1_000_000, ms: 1_000, us: 1 };

/** Whole microseconds, or undefined when the text is not a number with unit `s`, `ms` or `us`. */
export function parseDuration(text: string): Micros | undefined {
  const match = /^(\d+(?:\.\d+)?)(s|ms|us)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) return undefined;
  return Math.round(Number(match[1]) * unit);
}

/** Seconds, as many decimals as needed: `3.609375s`. */
export function formatDuration(micros: Micros): string {
  const seconds = Math.trunc(micros / 1_000_000);
  const rest = String(Math.abs(micros % 1_000_000))
    .padStart(6, '0')
    .replace(/0+$/, '');
  return rest === '' ? `${seconds}s` : `${seconds}.${rest}s`;
}
