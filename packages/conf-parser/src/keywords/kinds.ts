// Makers of the common kinds of keyword: flags, booleans, numbers, words, addresses, lists. Each reports a bad value
// under its own code and leaves the default, as keepalived does; what a good value means is the table's `set`.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { reportExtraParameters } from '../bind/bind.js';
import { suggestFor } from '../suggest.js';
import { parseBoolean, parseDecimal, parseInteger } from '../values/numbers.js';
import type { NumberResult } from '../values/numbers.js';
import { defineKeyword } from '../bind/keyword.js';
import type { Keyword, ListEntered, Spec } from '../bind/keyword.js';

interface NumberSpec<Draft> extends Spec {
  readonly min: number;
  readonly max: number;
  /** Digits after the point. */
  readonly decimals?: number;
  /** Trailing text makes the value unusable. */
  readonly strict?: true;
  /** The argument may be left out: this is the value then. */
  readonly bare?: number;
  set?(draft: Draft, value: number, scope: Scope, word: Word): void;
  /** Also called with a value out of range, for the few keywords that do something with it. */
  invalid?(draft: Draft, value: number | undefined): void;
}

export function flag<Draft>(spec: Spec & { set?(draft: Draft, scope: Scope): void }): Keyword<Draft> {
  return defineKeyword(spec, '', { needs: 0, takes: 0, bind: (scope, draft) => void spec.set?.(draft, scope) });
}

/**
 * A flag that later releases of keepalived let be followed by a boolean word. 2.2.7 turns it on whatever the word is,
 * and says nothing; we say it.
 */
export function lateBoolean<Draft>(spec: Spec & { set?(draft: Draft): void }): Keyword<Draft> {
  return defineKeyword(spec, '', {
    needs: 0,
    takes: 1,
    bind(scope, draft, statement) {
      const word = statement.words[0];
      spec.set?.(draft);
      if (word === undefined || parseBoolean(word.text) === true) return undefined;
      const summary = `${spec.name} is turned on by this line, whatever follows`;
      finding(scope, 'conf/invalid-value', wordSpan(word), summary, {
        detail:
          'keepalived 2.2.7 takes no word here; later releases take on and off. Leave the line out to have it off.',
        keepalived: 'none',
      });
      return undefined;
    },
  });
}

/** `true|on|yes`, `false|off|no`; without an argument: true. */
export function boolean<Draft>(
  spec: Spec & { readonly lax?: true; set?(draft: Draft, value: boolean): void },
): Keyword<Draft> {
  return defineKeyword(spec, '[on|off]', {
    needs: 0,
    takes: 1,
    bind(scope, draft, statement) {
      const word = statement.words[0];
      const value = word === undefined ? true : parseBoolean(word.text);
      if (value !== undefined) spec.set?.(draft, value);
      else if (word !== undefined) {
        const summary = `${spec.name} is on or off (true, yes, false, no), not ${JSON.stringify(word.text)}`;
        // COMPAT: some of them keepalived ignores in silence when the word is none of these.
        finding(scope, 'conf/invalid-value', wordSpan(word), summary, {
          keepalived: spec.lax === true ? 'none' : 'general',
        });
      }
      return undefined;
    },
  });
}

export function number<Draft>(spec: NumberSpec<Draft>): Keyword<Draft> {
  const { min, max, decimals, bare } = spec;
  const limits: NumberLimits = spec;
  return defineKeyword(spec, bare === undefined ? `${min}..${max}` : `[${min}..${max}]`, {
    needs: bare === undefined ? 1 : 0,
    takes: 1,
    bind(scope, draft, statement) {
      const word = statement.words[0];
      if (word === undefined) {
        if (bare !== undefined) spec.set?.(draft, bare, scope, statement.keyword);
        return undefined;
      }
      const result =
        decimals === undefined ? parseInteger(word.text, limits) : parseDecimal(word.text, limits, decimals);
      const value = acceptNumber(scope, word, result, limits);
      if (value === undefined) spec.invalid?.(draft, result.kind === 'out-of-range' ? result.value : undefined);
      else spec.set?.(draft, value, scope, word);
      return undefined;
    },
  });
}

export interface NumberLimits {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly decimals?: number;
  /** Trailing text makes the value unusable (keepalived's strict numbers). */
  readonly strict?: boolean;
}

/** Reports what is wrong with a number; gives the value when keepalived uses it all the same. */
export function acceptNumber(scope: Scope, word: Word, result: NumberResult, limits: NumberLimits): number | undefined {
  return result.kind === 'number' ? result.value : reportNumber(scope, word, result, limits);
}

function reportNumber(
  scope: Scope,
  word: Word,
  result: Exclude<NumberResult, { kind: 'number' }>,
  limits: NumberLimits,
): number | undefined {
  const { name, min, max, decimals } = limits;
  const span = wordSpan(word);
  switch (result.kind) {
    case 'rounded':
      finding(
        scope,
        'conf/invalid-number',
        span,
        `${name} keeps ${decimals ?? 0} digits after the point: ${result.value} is used`,
      );
      return result.value;
    case 'trailing': {
      const replacement = String(result.value);
      const usable = limits.strict !== true && decimals === undefined;
      finding(scope, 'conf/invalid-number', span, `${JSON.stringify(word.text)} is not a number`, {
        detail: usable
          ? `keepalived uses ${replacement} when it runs, and refuses the file when it tests it.`
          : 'It is not used.',
        suggestion: { span, replacement },
      });
      return usable ? result.value : undefined;
    }
    case 'out-of-range':
      finding(scope, 'conf/out-of-range', span, `${name} must be between ${min} and ${max}`);
      return undefined;
    case 'invalid': {
      // COMPAT: a word without digits is a zero to keepalived, and a zero is used where the keyword takes one.
      const zero = limits.strict !== true && decimals === undefined && min <= 0 && max >= 0;
      const summary = `${name} takes a number from ${min} to ${max}, not ${JSON.stringify(word.text)}`;
      finding(scope, 'conf/invalid-number', span, zero ? `${summary}: 0 is used` : summary);
      return zero ? 0 : undefined;
    }
  }
}

export function word<Draft>(
  spec: Spec & {
    optional?: true;
    takes?: number;
    repeatable?: true;
    set?(draft: Draft, text: string, scope: Scope, word: Word): void;
  },
): Keyword<Draft> {
  return defineKeyword(spec, 'NAME', {
    needs: spec.optional === true ? 0 : 1,
    takes: spec.takes ?? 1,
    repeatable: spec.repeatable,
    bind(scope, draft, statement) {
      const first = statement.words[0];
      if (first !== undefined) spec.set?.(draft, first.text, scope, first);
      return undefined;
    },
  });
}

export function words<Draft>(
  spec: Spec & {
    needs: number;
    takes: number;
    repeatable?: true;
    set?(draft: Draft, statement: Statement, scope: Scope): void;
  },
): Keyword<Draft> {
  return defineKeyword(spec, 'WORD…', {
    needs: spec.needs,
    takes: spec.takes,
    repeatable: spec.repeatable,
    bind: (scope, draft, statement) => void spec.set?.(draft, statement, scope),
  });
}

/** Words out of a fixed set, each of which may be given; what is not in it is reported and left out. */
export function choice<Draft>(
  spec: Spec & {
    readonly values: readonly string[];
    readonly atMost: number;
    readonly optional?: true;
    /** A whole number will do too. */
    readonly number?: true;
    /** The words in any case; `set` gets them as they stand in `values`. */
    readonly anyCase?: true;
    enter?(draft: Draft): void;
    set?(draft: Draft, text: string, scope: Scope, word: Word): void;
  },
): Keyword<Draft> {
  return defineKeyword(spec, spec.optional === true ? `[${spec.values.join('|')}]` : spec.values.join('|'), {
    needs: spec.optional === true ? 0 : 1,
    takes: spec.atMost,
    bind(scope, draft, statement) {
      spec.enter?.(draft);
      for (const given of statement.words.slice(0, spec.atMost)) {
        const text = spec.anyCase === true ? given.text.toUpperCase() : given.text;
        if (spec.values.includes(text) || (spec.number === true && /^-?\d{1,9}$/.test(text)))
          spec.set?.(draft, text, scope, given);
        else {
          const span = wordSpan(given);
          finding(
            scope,
            'conf/invalid-value',
            span,
            `${spec.name} takes ${spec.values.join(', ')}, not ${JSON.stringify(given.text)}`,
            {
              suggestion: suggestFor(scope, span, given.text, spec.values),
            },
          );
        }
      }
      return undefined;
    },
  });
}

/** A block whose lines are items, not keywords. */
export function list<Draft>(
  spec: Spec & {
    once?: true;
    /** keepalived reports a block without items. */
    notEmpty?: true;
    item(scope: Scope, draft: Draft, item: Statement): void;
    enter?(scope: Scope, draft: Draft, statement: Statement): void;
  },
): Keyword<Draft> {
  return defineKeyword(spec, '{ … }', {
    needs: 0,
    takes: 0,
    repeatable: spec.once === true ? undefined : true,
    bind(scope, draft, statement) {
      reportExtraParameters(scope, statement, 0);
      spec.enter?.(scope, draft, statement);
      let isEmpty = true;
      const item = (inner: Scope, one: Statement): void => {
        isEmpty = false;
        spec.item(inner, draft, one);
      };
      const close = (): void => {
        if (isEmpty)
          finding(scope, 'conf/invalid-value', wordSpan(statement.keyword), `this ${spec.name} has no items`);
      };
      const entered: ListEntered = spec.notEmpty === true ? { item, close } : { item };
      return { kind: 'list', entered };
    },
  });
}

export function reportInvalid(scope: Scope, at: Word, summary: string, detail?: string): void {
  finding(scope, 'conf/invalid-value', wordSpan(at), summary, detail === undefined ? {} : { detail });
}
