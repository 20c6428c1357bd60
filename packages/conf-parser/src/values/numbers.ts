// Numbers as keepalived reads them (grammar of keepalived.conf, "Numbers"): decimal only, an optional sign, blanks in
// front allowed inside quotes; what follows the digits makes them invalid, or lenient where the keyword says so.

export type NumberResult =
  | { readonly kind: 'number'; readonly value: number }
  /** Digits in range with something after them, or a sign before 0: keepalived uses the value and complains. */
  | { readonly kind: 'trailing'; readonly value: number }
  | { readonly kind: 'out-of-range'; readonly value: number }
  /** More decimals than the keyword keeps: rounded. */
  | { readonly kind: 'rounded'; readonly value: number }
  | { readonly kind: 'invalid' };

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

export function parseInteger(text: string, range: NumberRange): NumberResult {
  const whole = wholeNumber(text);
  if (whole !== undefined) return inRange(whole, range);
  // An empty word is a zero.
  const match = /^[ \t]*([+-]?\d+)(.*)$/s.exec(text === '' ? '0' : text);
  if (match?.[1] === undefined) return { kind: 'invalid' };
  const value = Number(match[1]) + 0;
  if (value < range.min || value > range.max) return { kind: 'out-of-range', value };
  // COMPAT: a number that keepalived reads without a sign is -0 when it runs, and refused when it tests.
  const isSigned = range.min >= 0 && match[1].startsWith('-');
  return { kind: match[2] === '' && !isSigned ? 'number' : 'trailing', value };
}

/** `N[.ffffff]` with at most `decimals` digits after the point; a leading `-` is invalid. */
export function parseDecimal(text: string, range: NumberRange, decimals: number): NumberResult {
  const whole = wholeNumber(text);
  if (whole !== undefined) return inRange(whole, range);
  // An empty word is a zero.
  const match = /^[ \t]*\+?(\d+\.?\d*|\.\d+)(.*)$/s.exec(text === '' ? '0' : text);
  if (match?.[1] === undefined) return { kind: 'invalid' };
  const scale = 10 ** decimals;
  const value = Math.round(Number(match[1]) * scale) / scale;
  if (match[2] !== '') return { kind: 'trailing', value };
  if (value < range.min || value > range.max) return { kind: 'out-of-range', value };
  const written = match[1].split('.')[1]?.length ?? 0;
  return { kind: written > decimals ? 'rounded' : 'number', value };
}

/** Nearly every number of a configuration: digits and nothing else, few enough for an exact double at any scale. */
function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function inRange(value: number, { min, max }: NumberRange): NumberResult {
  return { kind: value < min || value > max ? 'out-of-range' : 'number', value };
}

/** Case sensitive, as keepalived takes them. */
export function parseBoolean(text: string): boolean | undefined {
  if (text === 'true' || text === 'on' || text === 'yes') return true;
  return text === 'false' || text === 'off' || text === 'no' ? false : undefined;
}
