// A line of virtual_rules or static_rules (keepalived.conf(5), "virtual_rules"; ip-rule(8)):
//   [not] [from P] [to P] [OPTION VALUE] … ACTION
// vrrpd does not add rules yet: the line is checked, and nothing of it is kept.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { statementSpan, wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { requireInterface } from './interface-name.js';
import { parseIpAddress } from './ip-address.js';
import { isKnownTable } from './route-names.js';

/** Reports what is wrong with the line. */
export function checkRuleLine(scope: Scope, line: Statement): void {
  const words = [line.keyword, ...line.words];
  let actions = 0;
  let preference: number | undefined;
  let target: number | undefined;
  for (let at = 0; at < words.length;) {
    const word = words[at];
    if (word === undefined) break;
    const option = OPTIONS.get(word.text);
    if (option === undefined) {
      reportUnknown(scope, word);
      return;
    }
    if (option === 'action' || option === 'table' || option === 'goto') actions += 1;
    if (option === 'preference') preference = Number(words[at + 1]?.text);
    if (option === 'goto') target = Number(words[at + 1]?.text);
    if (option === 'flag' || option === 'action') {
      at += 1;
      continue;
    }
    if (!checkValue(scope, word, option, words[at + 1])) return;
    at += 2;
  }
  if (actions !== 1) {
    finding(
      scope,
      'conf/invalid-option',
      statementSpan(line),
      `a rule has one action (table N, goto N, blackhole, …), not ${actions}; it is left out`,
    );
  } else if (preference === undefined) {
    finding(
      scope,
      'conf/invalid-option',
      statementSpan(line),
      'a rule without priority gets one that counts down from 16384',
      {
        detail: 'Give it one: `priority N`.',
      },
    );
  } else if (target !== undefined && target <= preference) {
    finding(
      scope,
      'conf/invalid-option',
      statementSpan(line),
      'a rule goes to one of a higher number only; it is left out',
    );
  }
}

function reportUnknown(scope: Scope, word: Word): void {
  const span = wordSpan(word);
  finding(
    scope,
    'conf/invalid-option',
    span,
    `${JSON.stringify(word.text)} is no option of a rule; the rule is left out`,
    {
      suggestion: suggestFor(scope, span, word.text, OPTIONS.keys()),
    },
  );
}

function checkValue(scope: Scope, option: Word, kind: OptionKind, value: Word | undefined): boolean {
  if (value === undefined) {
    finding(scope, 'conf/missing-argument', wordSpan(option), `${option.text} of a rule needs a value`, {
      keepalived: 'missing-parameter',
      fatal: true,
    });
    return false;
  }
  const ok = isValue(scope, kind, value);
  if (!ok)
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(value),
      `${JSON.stringify(value.text)} is no value of ${option.text}; the rule is left out`,
    );
  return ok;
}

function isValue(scope: Scope, kind: OptionKind, value: Word): boolean {
  switch (kind) {
    case 'prefix':
      return /^(?:default|any|all)$/.test(value.text) || parseIpAddress(value.text.split('/')[0] ?? '') !== undefined;
    case 'table':
      return isKnownTable(value.text) && value.text !== '0';
    case 'preference':
    case 'goto':
      return /^(?:0[xX][0-9a-fA-F]{1,8}|\d{1,10})$/.test(value.text) && Number(value.text) <= MAX_UINT32;
    case 'range':
      return /^\d{1,10}-\d{1,10}$/.test(value.text);
    case 'interface':
      requireInterface(scope, value);
      return true;
    case 'word':
    case 'flag':
    case 'action':
      return true;
  }
}

const MAX_UINT32 = 4_294_967_295;

type OptionKind = 'flag' | 'action' | 'table' | 'goto' | 'preference' | 'prefix' | 'range' | 'interface' | 'word';

const of = (kind: OptionKind, ...names: readonly string[]): readonly (readonly [string, OptionKind])[] =>
  names.map((name) => [name, kind]);

const OPTIONS: ReadonlyMap<string, OptionKind> = new Map([
  ...of('flag', 'not', 'inet', 'inet6', 'no_track'),
  ...of('prefix', 'from', 'to'),
  ...of('preference', 'preference', 'order', 'priority'),
  ...of('interface', 'iif', 'dev', 'oif'),
  ...of('range', 'uidrange', 'sport', 'dport'),
  ...of(
    'word',
    'tos',
    'dsfield',
    'fwmark',
    'realms',
    'suppress_prefixlength',
    'sup_pl',
    'suppress_ifgroup',
    'sup_group',
  ),
  ...of('word', 'tunnel-id', 'protocol', 'ipproto', 'track_group', 'type'),
  ...of('table', 'table', 'lookup'),
  ...of('goto', 'goto'),
  ...of('action', 'l3mdev', 'nop', 'blackhole', 'prohibit', 'unreachable'),
]);
