// A line of virtual_rules or static_rules (keepalived.conf(5), "virtual_rules"; ip-rule(8)):
//   [not] [from P] [to P] [OPTION VALUE] … ACTION
// vrrpd does not add rules yet: the line is checked, and nothing of it is kept.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { statementSpan, wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { requireInterface } from './interface-name.js';
import { parseIpAddress } from '../ip-address.js';
import { checkPrefixLength } from './prefix-length.js';
import { checkTrackGroup } from './track-group-name.js';
import { isKnownTable, isNumber } from './route-names.js';
import { isDecimal, routeValueProblem } from './route-values.js';

/** Reports what is wrong with the line. */
export function checkRuleLine(scope: Scope, line: Statement, owner: 'instance' | 'nobody' = 'instance'): void {
  const words = [line.keyword, ...line.words];
  let actions = 0;
  let preference: number | undefined;
  let target: number | undefined;
  let onlyWithTable: Word | undefined;
  let toTable = false;
  let family: 4 | 6 | undefined;
  const tracked = !words.some(({ text }) => text === 'no_track');
  for (let at = 0; at < words.length;) {
    const word = words[at];
    if (word === undefined) break;
    const option = OPTIONS.get(word.text);
    if (option === undefined || (option === 'track-group' && owner === 'instance')) {
      reportUnknown(scope, word);
      return;
    }
    if (option === 'action' || option === 'type' || option === 'table' || option === 'goto') actions += 1;
    if (option === 'table') toTable = true;
    if (TABLE_OPTIONS.has(word.text)) onlyWithTable = word;
    if (option === 'preference') preference = Number(words[at + 1]?.text);
    if (option === 'goto') target = Number(words[at + 1]?.text);
    if (option === 'flag' || option === 'action') {
      at += 1;
      continue;
    }
    if (option === 'family') {
      // COMPAT: what follows inet or inet6 is skipped, whatever it is.
      at += 2;
      continue;
    }
    if (option === 'protocol' && tracked && Number(words[at + 1]?.text) !== KEEPALIVED_PROTOCOL) {
      const summary = 'a rule that is watched has the protocol of keepalived (18)';
      if (words[at + 1] !== undefined) finding(scope, 'conf/invalid-option', wordSpan(word), summary);
    }
    const value = words[at + 1];
    if (!checkValue(scope, word, option, value)) return;
    const given = option === 'prefix' && value !== undefined ? familyOf(value) : undefined;
    family ??= given;
    if (value !== undefined && given !== undefined && given !== family) {
      finding(scope, 'conf/address-family', wordSpan(value), 'a rule has addresses of one family; it is left out');
      return;
    }
    at += 2;
  }
  judgeRule(scope, line, { actions, preference, target, onlyWithTable: toTable ? undefined : onlyWithTable });
}

/** What a rule was read to have. */
interface Rule {
  readonly actions: number;
  readonly preference: number | undefined;
  readonly target: number | undefined;
  /** An option that needs a table, of a rule without. */
  readonly onlyWithTable: Word | undefined;
}

function judgeRule(scope: Scope, line: Statement, { actions, preference, target, onlyWithTable }: Rule): void {
  if (actions !== 1) {
    finding(
      scope,
      'conf/invalid-option',
      statementSpan(line),
      `a rule has one action (table N, goto N, blackhole, …), not ${actions}; it is left out`,
    );
  } else if (onlyWithTable !== undefined) {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(onlyWithTable),
      `${onlyWithTable.text} belongs to rules with a table; this one is left out`,
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

function familyOf({ text }: Word): 4 | 6 | undefined {
  return parseIpAddress(text.split('/')[0] ?? '')?.family;
}

function checkValue(scope: Scope, option: Word, kind: OptionKind, value: Word | undefined): boolean {
  if (value === undefined) {
    finding(scope, 'conf/missing-argument', wordSpan(option), `${option.text} of a rule needs a value`, {
      keepalived: 'missing-parameter-later',
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
      if (/^(?:default|any|all)$/.test(value.text)) return true;
      checkPrefixLength(scope, value, familyOf(value) ?? 4);
      return familyOf(value) !== undefined;
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
    case 'type':
      return OPTIONS.get(value.text) === 'action';
    case 'dsfield':
    case 'realms':
      return routeValueProblem(kind, value.text) === undefined;
    case 'mark':
      return value.text.split('/').length <= 2 && value.text.split('/').every((part) => isNumber(part, MAX_UINT32));
    case 'number':
      return isDecimal(value.text, MAX_UINT32);
    case 'protocol':
      return isDecimal(value.text, 255);
    case 'ipproto':
      return isNumber(value.text, 255) || IP_PROTOCOLS.has(value.text.toLowerCase());
    case 'interface-group':
      return value.text === 'default' || isDecimal(value.text, MAX_UINT32);
    case 'track-group':
      checkTrackGroup(scope, value);
      return true;
    case 'flag':
    case 'family':
    case 'action':
      return true;
  }
}

const MAX_UINT32 = 4_294_967_295;

type OptionKind =
  | 'flag'
  | 'type'
  | 'family'
  | 'action'
  | 'table'
  | 'goto'
  | 'preference'
  | 'prefix'
  | 'range'
  | 'interface'
  | 'interface-group'
  | 'dsfield'
  | 'realms'
  | 'mark'
  | 'number'
  | 'protocol'
  | 'ipproto'
  | 'track-group';

const of = (kind: OptionKind, ...names: readonly string[]): readonly (readonly [string, OptionKind])[] =>
  names.map((name) => [name, kind]);

const OPTIONS: ReadonlyMap<string, OptionKind> = new Map([
  ...of('flag', 'not', 'no_track'),
  ...of('type', 'type'),
  ...of('family', 'inet', 'inet6'),
  ...of('prefix', 'from', 'to'),
  ...of('preference', 'preference', 'order', 'priority'),
  ...of('interface', 'iif', 'dev', 'oif'),
  ...of('range', 'uidrange', 'sport', 'dport'),
  ...of('dsfield', 'tos', 'dsfield'),
  ...of('mark', 'fwmark'),
  ...of('realms', 'realms'),
  ...of('number', 'suppress_prefixlength', 'sup_pl', 'tunnel-id'),
  ...of('interface-group', 'suppress_ifgroup', 'sup_group'),
  ...of('protocol', 'protocol'),
  ...of('ipproto', 'ipproto'),
  ...of('track-group', 'track_group'),
  ...of('table', 'table', 'lookup'),
  ...of('goto', 'goto'),
  ...of('action', 'l3mdev', 'nop', 'blackhole', 'prohibit', 'unreachable'),
]);

const TABLE_OPTIONS: ReadonlySet<string> = new Set(
  'realms suppress_prefixlength sup_pl suppress_ifgroup sup_group'.split(' '),
);
const KEEPALIVED_PROTOCOL = 18;
/** The usual names of /etc/protocols. */
const IP_PROTOCOLS: ReadonlySet<string> = new Set(
  'ip icmp igmp ipencap tcp egp igp udp dccp ipv6 rsvp gre esp ah ipv6-icmp eigrp ospf ipip pim vrrp l2tp sctp udplite'.split(
    ' ',
  ),
);
