// The number in a tracked file (keepalived.conf(5), track_file), read as C's strtol with base 0 reads it.
// Pure. Seen on keepalived 2.2.7: what is no number is 0, what follows a number is ignored, and so is a number that
// does not fit in 32 bits (the value before it stands).

const NUMBER = /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/;
const OCTAL = /^0[0-7]+$/;
const VALUE_MIN = -(2 ** 31);
const VALUE_MAX = 2 ** 31 - 1;

/** The number a text begins with, 0 for none; undefined for one outside -2^31..2^31-1. */
export function parseFileValue(text: string): number | undefined {
  const [, sign = '', digits = '0'] = NUMBER.exec(text) ?? [];
  const magnitude = OCTAL.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  const value = sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
  return value >= VALUE_MIN && value <= VALUE_MAX ? value : undefined;
}
