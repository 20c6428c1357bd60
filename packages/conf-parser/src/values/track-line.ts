// A line of track_interface, track_script, track_process, track_file or track_bfd:
//   NAME [weight W [reverse|noreverse]]
// Unknown names, names given twice and options that cannot be read cost the line, as they do in keepalived.
import type { TrackDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { parseInteger } from './numbers.js';

export interface TrackRules {
  /** `track_script` and so on. */
  readonly block: string;
  /** Largest weight either way. */
  readonly limit: number;
  /** The names that may stand here; undefined: any (interfaces). */
  readonly known?: ReadonlyMap<string, unknown>;
  /** What becomes of ±254 (keepalived: ±253 with an error), when the limit is 254. */
  readonly clampTo?: number;
}

/** undefined: the line does not count. */
export function parseTrackLine(
  scope: Scope,
  line: Statement,
  rules: TrackRules,
  already: ReadonlyMap<string, TrackDraft>,
): TrackDraft | undefined {
  const word = line.keyword;
  const name = word.text;
  if (rules.known !== undefined && !rules.known.has(name)) {
    const span = wordSpan(word);
    finding(scope, 'conf/unknown-reference', span, `${rules.block} names ${name}, which is not defined above`, {
      detail: 'It has to be defined before the block that tracks it.',
      suggestion: suggestFor(scope, span, name, rules.known.keys()),
    });
    return undefined;
  }
  if (already.has(name)) {
    finding(scope, 'conf/duplicate-name', wordSpan(word), `${rules.block} names ${name} twice`);
    return undefined;
  }
  const [option, weight, direction] = line.words;
  const plain: TrackDraft = { name, weight: undefined, reverse: undefined, word };
  if (option === undefined) return plain;
  if (option.text !== 'weight') {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(option),
      `${rules.block} lines are NAME [weight W [reverse]]; ${name} is left out`,
    );
    return undefined;
  }
  if (weight === undefined) {
    finding(scope, 'conf/invalid-option', wordSpan(option), `weight needs a number; ${name} is left out`);
    return undefined;
  }
  if (direction !== undefined && direction.text !== 'reverse' && direction.text !== 'noreverse') {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(direction),
      `${JSON.stringify(direction.text)} is not reverse; it is ignored`,
    );
  }
  const reverse = direction?.text === 'reverse' ? true : direction?.text === 'noreverse' ? false : undefined;
  return { ...plain, weight: weightOf(scope, weight, rules), reverse };
}

function weightOf(scope: Scope, word: Statement['keyword'], rules: TrackRules): number | undefined {
  const { limit, clampTo = limit } = rules;
  const result = parseInteger(word.text, { min: -limit, max: limit });
  if (result.kind === 'number' || result.kind === 'trailing') {
    const clamped = Math.max(-clampTo, Math.min(clampTo, result.value));
    if (result.kind === 'trailing' || clamped !== result.value) {
      finding(scope, 'conf/invalid-number', wordSpan(word), `the weight ${word.text} is taken as ${clamped}`);
    }
    return clamped;
  }
  if (result.kind === 'out-of-range') {
    finding(
      scope,
      'conf/out-of-range',
      wordSpan(word),
      `a weight of ${rules.block} is between -${clampTo} and ${clampTo}; ${word.text} is not used`,
    );
    return undefined;
  }
  finding(scope, 'conf/invalid-number', wordSpan(word), `${JSON.stringify(word.text)} is no weight: 0 is used`);
  return 0;
}
