// The prefix length behind the slash of an address, in routes and rules: one that cannot be used is reported, and the longest
// is taken.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { parseInteger } from './numbers.js';

/** COMPAT: a slash with nothing behind it is passed over in silence. */
export function checkPrefixLength(scope: Scope, word: Word, family: 4 | 6): void {
  const [, text] = word.text.split('/');
  const longest = family === 4 ? 32 : 128;
  if (text === undefined || text === '' || parseInteger(text, { min: 0, max: longest }).kind === 'number') return;
  const summary = `the prefix length /${text} is not 0..${longest}: keepalived uses ${longest}`;
  finding(scope, 'conf/invalid-address', wordSpan(word), summary);
}
