// A line of virtual_routes or static_routes (keepalived.conf(5), "virtual_routes"; ip-route(8)):
//   [TYPE] [to] DEST [OPTION [VALUE]] … [nexthop via ADDR [dev IF] [weight N] …]
// vrrpd does not add routes yet: the line is checked, and nothing of it is kept.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { statementSpan, wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { checkInterface } from './interface-name.js';
import { parseIpAddress } from './ip-address.js';
import { parseInteger } from './numbers.js';
import { isKnownTable } from './route-table.js';

export interface RouteRules {
  /** Routes of an instance are watched, which needs an interface. */
  readonly tracked: boolean;
}

interface Reading {
  readonly scope: Scope;
  readonly words: readonly Word[];
  at: number;
  destination: boolean;
  device: boolean;
  untracked: boolean;
}

/** Reports what is wrong with the line. */
export function checkRouteLine(scope: Scope, line: Statement, rules: RouteRules): void {
  const words = [line.keyword, ...line.words];
  const reading: Reading = { scope, words, at: 0, destination: false, device: false, untracked: false };
  if (TYPES.has(line.keyword.text)) reading.at = 1;
  while (reading.at < words.length) {
    if (!takeWord(reading)) return;
  }
  if (!reading.destination)
    finding(scope, 'conf/invalid-option', statementSpan(line), 'a route needs a destination; it is left out');
  else if (rules.tracked && !reading.device && !reading.untracked) {
    finding(scope, 'conf/invalid-option', statementSpan(line), 'a route without dev cannot be watched', {
      detail: 'Add `dev IF`, or `no_track`.',
    });
  }
}

/** False: the line is lost. */
function takeWord(reading: Reading): boolean {
  const { scope, words } = reading;
  const word = words[reading.at];
  if (word === undefined) return false;
  reading.at += 1;
  const option = OPTIONS.get(word.text);
  if (option === undefined) return takeDestination(reading, word);
  if (option.deprecated !== undefined) {
    finding(scope, 'conf/deprecated-keyword', wordSpan(word), `${word.text} of a route is now ${option.deprecated}`, {
      keepalived: 'general',
    });
  }
  if (option.kind === 'flag') {
    if (word.text === 'no_track') reading.untracked = true;
    return true;
  }
  if (option.lockable === true && words[reading.at]?.text === 'lock') reading.at += 1;
  if (option.kind === 'address' && /^inet6?$/.test(words[reading.at]?.text ?? '')) reading.at += 1;
  const value = words[reading.at];
  if (value === undefined) {
    finding(scope, 'conf/invalid-option', wordSpan(word), `${word.text} needs a value; the route is left out`);
    return false;
  }
  reading.at += 1;
  return takeValue(reading, word, option, value);
}

function takeDestination(reading: Reading, word: Word): boolean {
  const { scope } = reading;
  const slash = word.text.indexOf('/');
  const ip = parseIpAddress(slash === -1 ? word.text : word.text.slice(0, slash));
  const known = NAMED_DESTINATIONS.has(word.text) || ip !== undefined;
  if (known && !reading.destination) {
    reading.destination = true;
    return true;
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

function takeValue(reading: Reading, word: Word, option: Option, value: Word): boolean {
  const { scope } = reading;
  const wrong = (what: string): boolean => {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(value),
      `${word.text} takes ${what}, not ${JSON.stringify(value.text)}; the route is left out`,
    );
    return false;
  };
  switch (option.kind) {
    case 'destination':
      return takeDestination(reading, value);
    case 'address':
      return parseIpAddress(value.text.split('/')[0] ?? '') === undefined ? wrong('an IP address') : true;
    case 'number':
      return parseInteger(value.text, { min: 0, max: MAX_UINT32 }).kind === 'number' ? true : wrong('a number');
    case 'table':
      return isKnownTable(value.text) ? true : wrong('the number of a routing table, or its name');
    case 'interface':
      reading.device = true;
      return checkInterface(scope, value);
    case 'nexthop':
      // What follows are options of the next hop, which have the names of those of the route.
      reading.at -= 1;
      return true;
    case 'word':
    case 'flag':
      return true;
  }
}

interface Option {
  readonly kind: 'destination' | 'address' | 'number' | 'table' | 'interface' | 'word' | 'flag' | 'nexthop';
  readonly deprecated?: string;
  readonly lockable?: true;
}

const of = (kind: Option['kind'], ...names: readonly string[]): readonly (readonly [string, Option])[] =>
  names.map((name) => [name, { kind }]);
const lockable = (...names: readonly string[]): readonly (readonly [string, Option])[] =>
  names.map((name) => [name, { kind: 'word', lockable: true }]);

const OPTIONS: ReadonlyMap<string, Option> = new Map([
  ...of('destination', 'to'),
  ...of('flag', 'inet', 'inet6', 'onlink', 'add', 'append', 'prepend', 'no_track'),
  ...of('address', 'via', 'src', 'from'),
  ['gw', { kind: 'address', deprecated: 'via' }],
  ['or', { kind: 'address', deprecated: 'nexthop' }],
  ...of('interface', 'dev', 'oif'),
  ...of('table', 'table'),
  ...of(
    'number',
    'metric',
    'priority',
    'preference',
    'hoplimit',
    'initcwnd',
    'initrwnd',
    'weight',
    'quickack',
    'fastopen_no_cookie',
    'expires',
  ),
  ...of(
    'word',
    'tos',
    'dsfield',
    'protocol',
    'scope',
    'realms',
    'features',
    'pref',
    'ttl-propagate',
    'vrf',
    'track_group',
    'encap',
  ),
  ...lockable('mtu', 'advmss', 'rtt', 'rttvar', 'reordering', 'window', 'cwnd', 'ssthresh', 'rto_min', 'congctl'),
  ...of('nexthop', 'nexthop'),
]);

const TYPES: ReadonlySet<string> = new Set(
  'unicast local broadcast anycast multicast throw unreachable prohibit blackhole nat xresolve'.split(' '),
);
const NAMED_DESTINATIONS: ReadonlySet<string> = new Set(['default', 'any', 'all', 'default6']);
const MAX_UINT32 = 4_294_967_295;
