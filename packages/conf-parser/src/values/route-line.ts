// A line of virtual_routes or static_routes (keepalived.conf(5), "virtual_routes"; ip-route(8)):
//   [TYPE] [to] DEST [OPTION [VALUE]] … [nexthop via ADDR [dev IF] [weight N] …]
// vrrpd does not add routes yet: the line is checked, and nothing of it is kept.
import { finding } from '../bind/scope.js';
import type { Finding, Scope } from '../bind/scope.js';
import { statementSpan, wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { requireInterface } from './interface-name.js';
import { parseIpAddress } from './ip-address.js';
import { isKnownProtocol, isKnownScope, isKnownTable, isNumber } from './route-names.js';

export interface RouteRules {
  /** Routes of an instance are watched, which needs an interface. */
  readonly tracked: boolean;
}

interface Reading {
  readonly scope: Scope;
  readonly line: Statement;
  readonly words: readonly Word[];
  at: number;
  destination: boolean;
  family: 4 | 6 | undefined;
  device: boolean;
  /** The interface is not there: keepalived reads no further, and so misses no value. */
  lost: boolean;
  untracked: boolean;
  nexthop: boolean;
  protocol: Word | undefined;
}

/** Reports what is wrong with the line. */
export function checkRouteLine(scope: Scope, line: Statement, rules: RouteRules): void {
  const reading: Reading = {
    scope,
    line,
    words: [line.keyword, ...line.words],
    at: TYPES.has(line.keyword.text) ? 1 : 0,
    destination: false,
    family: undefined,
    device: false,
    lost: false,
    untracked: false,
    nexthop: false,
    protocol: undefined,
  };
  while (reading.at < reading.words.length) {
    if (!takeWord(reading)) return;
  }
  const { protocol } = reading;
  if (!reading.destination && reading.words.length === 1) reportMissing(reading, line.keyword);
  else if (!reading.destination) {
    finding(scope, 'conf/invalid-option', statementSpan(line), 'a route needs a destination; it is left out');
  } else if (rules.tracked && !reading.untracked) {
    if (!reading.device) {
      finding(scope, 'conf/invalid-option', statementSpan(line), 'a route without dev cannot be watched', {
        detail: 'Add `dev IF`, or `no_track`.',
      });
    } else if (protocol !== undefined && protocol.text !== 'keepalived' && protocol.text !== '18') {
      finding(
        scope,
        'conf/invalid-option',
        wordSpan(protocol),
        'a route that is watched has the protocol of keepalived (18)',
      );
    }
  }
}

/** False: the line is lost. */
function takeWord(reading: Reading): boolean {
  const { scope, words } = reading;
  const word = words[reading.at];
  if (word === undefined) return false;
  reading.at += 1;
  const option = OPTIONS.get(word.text);
  if (option === undefined || (word.text === 'weight' && !reading.nexthop)) return takeDestination(reading, word);
  if (option.deprecated !== undefined) {
    finding(scope, 'conf/deprecated-keyword', wordSpan(word), `${word.text} of a route is now ${option.deprecated}`, {
      keepalived: 'general',
    });
  }
  if (option.kind === 'flag') {
    if (word.text === 'no_track') reading.untracked = true;
    if (word.text === 'nexthop') reading.nexthop = true;
    return true;
  }
  if (option.lockable === true && words[reading.at]?.text === 'lock') reading.at += 1;
  if (option.kind === 'address' && /^inet6?$/.test(words[reading.at]?.text ?? '')) reading.at += 1;
  const value = words[reading.at];
  if (value === undefined) {
    reportMissing(reading, word, option);
    return false;
  }
  reading.at += 1;
  return takeValue(reading, word, option, value);
}

function reportMissing({ scope, lost }: Reading, word: Word, option?: Option): void {
  // Of the options whose value is optional to its parser keepalived says so; at the others it exits.
  const exits = !lost && option?.kind !== 'ipv6' && word.text !== 'encap';
  const consequence: Finding = exits ? { keepalived: 'missing-parameter', fatal: true } : {};
  finding(scope, 'conf/missing-argument', wordSpan(word), `${word.text} of a route needs a value`, consequence);
}

function takeDestination(reading: Reading, word: Word): boolean {
  const { scope } = reading;
  const ip = parseIpAddress(word.text.split('/')[0] ?? '');
  if ((ip !== undefined || NAMED_DESTINATIONS.has(word.text)) && !reading.destination) {
    reading.destination = true;
    return ip === undefined || takeFamily(reading, word, ip.family);
  }
  const span = wordSpan(word);
  finding(
    scope,
    'conf/invalid-option',
    span,
    `${JSON.stringify(word.text)} is no option of a route; the route is left out`,
    {
      suggestion: suggestFor(scope, span, word.text, OPTIONS.keys()),
    },
  );
  return false;
}

function takeFamily(reading: Reading, word: Word, family: 4 | 6): boolean {
  reading.family ??= family;
  if (reading.family === family) return true;
  finding(reading.scope, 'conf/address-family', wordSpan(word), 'a route has addresses of one family; it is left out');
  return false;
}

function takeValue(reading: Reading, word: Word, option: Option, value: Word): boolean {
  const expected = isValue(reading, word, option, value);
  if (expected === undefined) return true;
  // What was wrong was said already.
  if (expected === '') return false;
  const summary = `${word.text} takes ${expected}, not ${JSON.stringify(value.text)}; the route is left out`;
  finding(reading.scope, 'conf/invalid-option', wordSpan(value), summary);
  return false;
}

/** What the option takes, when the value is not that. */
function isValue(reading: Reading, word: Word, option: Option, value: Word): string | undefined {
  const { text } = value;
  switch (option.kind) {
    case 'destination':
      return takeDestination(reading, value) ? undefined : '';
    case 'address': {
      const ip = parseIpAddress(text.split('/')[0] ?? '');
      if (ip === undefined) return 'an IP address';
      return takeFamily(reading, value, ip.family) ? undefined : '';
    }
    case 'number':
      return isNumber(text, option.max ?? MAX_UINT32) ? undefined : `a number up to ${option.max ?? MAX_UINT32}`;
    case 'table':
      return isKnownTable(text) ? undefined : 'the number of a routing table, or its name';
    case 'scope':
      return isKnownScope(text) ? undefined : 'global, site, link, host, nowhere or a number';
    case 'protocol':
      reading.protocol = value;
      return isKnownProtocol(text) ? undefined : 'the name or the number of a routing protocol';
    case 'ipv6':
      return reading.family === 4 ? `part in IPv6 routes only (${word.text})` : undefined;
    case 'interface':
      reading.device = true;
      reading.lost =
        reading.scope.facts.interfaceExists?.(text) === false && !reading.scope.config.globals.dynamic_interfaces;
      requireInterface(reading.scope, value);
      return undefined;
    case 'word':
    case 'flag':
      return undefined;
  }
}

interface Option {
  readonly kind:
    'destination' | 'address' | 'number' | 'table' | 'scope' | 'protocol' | 'ipv6' | 'interface' | 'word' | 'flag';
  readonly deprecated?: string;
  readonly lockable?: true;
  readonly max?: number;
}

const MAX_UINT32 = 4_294_967_295;

const of = (kind: Option['kind'], ...names: readonly string[]): readonly (readonly [string, Option])[] =>
  names.map((name) => [name, { kind }]);
const lockable = (...names: readonly string[]): readonly (readonly [string, Option])[] =>
  names.map((name) => [name, { kind: 'number', lockable: true }]);
const upTo = (max: number, ...names: readonly string[]): readonly (readonly [string, Option])[] =>
  names.map((name) => [name, { kind: 'number', max }]);

const OPTIONS: ReadonlyMap<string, Option> = new Map([
  ...of('destination', 'to'),
  ...of('flag', 'inet', 'inet6', 'onlink', 'add', 'append', 'prepend', 'no_track', 'nexthop'),
  ...of('address', 'via', 'src'),
  ['gw', { kind: 'address', deprecated: 'via' }],
  ['or', { kind: 'address', deprecated: 'nexthop' }],
  ...of('interface', 'dev', 'oif'),
  ...of('table', 'table'),
  ...of('scope', 'scope'),
  ...of('protocol', 'protocol'),
  ...of('ipv6', 'from', 'expires', 'pref'),
  ...upTo(MAX_UINT32, 'metric', 'priority', 'preference', 'initcwnd', 'initrwnd'),
  ...upTo(1, 'quickack', 'fastopen_no_cookie'),
  ...upTo(255, 'hoplimit', 'tos', 'dsfield'),
  ...upTo(256, 'weight'),
  ...of('word', 'realms', 'features', 'ttl-propagate', 'vrf', 'track_group', 'encap', 'window'),
  ...lockable('mtu', 'advmss', 'reordering', 'cwnd', 'ssthresh'),
  ...['rtt', 'rttvar', 'rto_min', 'congctl'].map((name) => [name, { kind: 'word', lockable: true }] as const),
]);

const TYPES: ReadonlySet<string> = new Set(
  'unicast local broadcast anycast multicast throw unreachable prohibit blackhole nat xresolve'.split(' '),
);
const NAMED_DESTINATIONS: ReadonlySet<string> = new Set(['default', 'any', 'all', 'default6']);
