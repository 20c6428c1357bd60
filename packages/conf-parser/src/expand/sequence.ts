// The two ways of repeating a line (keepalived.conf(5), "SEQUENCES" and "LISTS"):
//   ~SEQ(VAR, [start, [step,]] end) text     ~SEQx(...) the same in hexadecimal
//   ~LST(VAR, v1, v2, ...) text              ~LST({A,B}, {1,x}, {2,y}) text
// This file reads the head of such a line into the values to repeat for; the expander does the repeating.

/** What a line is repeated for: for every row, `names[i]` has the value `row[i]`. Rows are made one at a time. */
export interface Repetition {
  readonly names: readonly string[];
  readonly count: number;
  row(index: number): readonly string[];
  /** Offset of the text to repeat. */
  readonly bodyStart: number;
}

export type RepetitionResult =
  | { readonly kind: 'repetition'; readonly repetition: Repetition }
  | { readonly kind: 'invalid'; readonly reason: string }
  /** Not a ~SEQ or ~LST line. */
  | { readonly kind: 'none' };

export function parseRepetition(text: string): RepetitionResult {
  const head = /^~(SEQx?|LST)[ \t]*/.exec(text);
  if (head === null) return { kind: 'none' };
  const open = head[0].length;
  const close = text.indexOf(')', open);
  if (text[open] !== '(' || close === -1) return { kind: 'invalid', reason: 'its arguments belong in ( )' };
  const inner = text.slice(open + 1, close);
  const bodyStart = close + 1 + (/^[ \t]*/.exec(text.slice(close + 1))?.[0].length ?? 0);
  return head[1] === 'LST' ? parseList(inner, bodyStart) : parseSequence(inner, bodyStart, head[1] === 'SEQx');
}

function parseSequence(inner: string, bodyStart: number, hexadecimal: boolean): RepetitionResult {
  const parts = inner.split(',').map(strip);
  const name = (parts[0] ?? '').trim();
  if (!NAME.test(name) || parts.length < 2 || parts.length > 4) {
    return { kind: 'invalid', reason: 'it takes a name and one to three numbers' };
  }
  const numbers = parts.slice(1).map(parseNumber);
  if (!numbers.every((value) => value !== undefined)) return { kind: 'invalid', reason: 'a bound is not a number' };
  const { start, step, end } = bounds(numbers);
  if (step === 0 || (step > 0 && start > end) || (step < 0 && start < end)) {
    return { kind: 'invalid', reason: `a step of ${step} never leads from ${start} to ${end}` };
  }
  if (hexadecimal && (start < 0 || end < 0)) return { kind: 'invalid', reason: '~SEQx takes no negative numbers' };
  const count = Math.floor((end - start) / step) + 1;
  const row = (index: number): readonly string[] => [(start + index * step).toString(hexadecimal ? 16 : 10)];
  return { kind: 'repetition', repetition: { names: [name], count, row, bodyStart } };
}

function bounds(numbers: readonly number[]): { start: number; step: number; end: number } {
  const [first = 0, second = 0, third = 0] = numbers;
  if (numbers.length === 3) return { start: first, step: second, end: third };
  if (numbers.length === 2) return { start: first, step: first <= second ? 1 : -1, end: second };
  // One number counts from 1 up, or down: ~SEQ(x, 0) gives 1 and 0.
  if (first >= 1) return { start: 1, step: 1, end: first };
  return { start: first < 0 ? -1 : 1, step: -1, end: first };
}

/** As strtol(3) with base 0: `0x` is hexadecimal, a leading `0` octal. */
function parseNumber(text: string): number | undefined {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text);
  if (match?.[2] === undefined) return undefined;
  const value = /^0[0-7]/.test(match[2]) ? Number.parseInt(match[2], 8) : Number(match[2]);
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === '-' ? 0 - value : value;
}

function parseList(inner: string, bodyStart: number): RepetitionResult {
  const items = splitItems(inner);
  const [head, ...values] = items ?? [];
  if (head === undefined) return { kind: 'invalid', reason: 'it takes a name and values' };
  const names = members(head).map((name) => name.trim());
  if (names.length === 0 || !names.every((name) => NAME.test(name))) {
    return { kind: 'invalid', reason: 'its first argument is a name, or names in { }' };
  }
  const rows = values.map(members);
  if (rows.some((row) => row.length > names.length)) {
    return { kind: 'invalid', reason: 'an entry has more members than there are names' };
  }
  const row = (index: number): readonly string[] => names.map((_, member) => rows[index]?.[member] ?? '');
  return { kind: 'repetition', repetition: { names, count: rows.length, row, bodyStart } };
}

/** Splits at commas outside braces; undefined when a brace is missing or an entry is quoted. */
function splitItems(inner: string): readonly string[] | undefined {
  const items: string[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const character = inner[at];
    // COMPAT: keepalived 2.2.7 refuses quotes in the values of ~LST.
    if (character === '"') return undefined;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0 || depth > 1) return undefined;
    if (character === ',' && depth === 0) {
      items.push(strip(inner.slice(start, at)));
      start = at + 1;
    }
  }
  if (depth !== 0) return undefined;
  items.push(strip(inner.slice(start)));
  return items;
}

function members(item: string): readonly string[] {
  if (!item.startsWith('{')) return [item];
  return item.slice(1, -1).split(',').map(strip);
}

/** Spaces and tabs only: any other blank is part of the value. */
function strip(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
