// The `weight W [reverse]` keyword of the tracked objects (keepalived.conf(5), "weight").
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement } from '../bind/statement.js';
import { parseInteger } from '../values/numbers.js';
import { acceptNumber, reportInvalid } from './kinds.js';

export interface WeightRules {
  readonly limit: number;
  /** A number out of range is used although it is reported. */
  readonly keepOutOfRange?: true;
  /** Only the first weight that is another than this counts. */
  readonly unlessSetFrom?: number;
}

/** COMPAT: keepalived keeps the low 32 bits of what fits 64, and of what does not the low ones of the nearest that does. */
function toInt32(value: number): number {
  if (Math.abs(value) < 2 ** 63) return value | 0;
  return value > 0 ? -1 : 0;
}

export function takeWeight(
  scope: Scope,
  statement: Statement,
  rules: WeightRules,
  draft: { weight: number; reverse: boolean },
): void {
  const [number, reverse] = statement.words;
  if (number === undefined) return;
  if (rules.unlessSetFrom !== undefined && draft.weight !== rules.unlessSetFrom) {
    finding(
      scope,
      'conf/duplicate-keyword',
      wordSpan(number),
      `the weight is ${draft.weight} already; this one is not used`,
      {
        severity: 'error',
        keepalived: 'general',
      },
    );
    return;
  }
  const range = { min: -rules.limit, max: rules.limit };
  const result = parseInteger(number.text, range);
  const value = acceptNumber(scope, number, result, { name: 'weight', ...range });
  if (value !== undefined) draft.weight = value;
  else if (rules.keepOutOfRange === true && result.kind === 'out-of-range') draft.weight = toInt32(result.value);
  if (reverse === undefined) return;
  if (reverse.text === 'reverse') draft.reverse = true;
  else reportInvalid(scope, reverse, `only reverse may follow a weight, not ${JSON.stringify(reverse.text)}`);
}
