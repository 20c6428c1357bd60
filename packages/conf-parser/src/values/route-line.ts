// A line of virtual_routes or static_routes (keepalived.conf(5), "virtual_routes"; ip-route(8)):
//   [[TYPE] [to] DEST] [OPTION [VALUE]] … [nexthop via ADDR [dev IF] [weight N] …]
// Of several destinations the last one counts. vrrpd does not add routes yet: the line is checked, and nothing is kept.
import { finding } from '../bind/scope.js';
import type { Finding, Scope } from '../bind/scope.js';
import { statementSpan, wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { requireInterface } from './interface-name.js';
import { parseIpAddress } from '../ip-address.js';
import { isKnownProtocol, isKnownScope, isKnownTable } from './route-names.js';
import { checkPrefixLength } from './prefix-length.js';
import { checkTrackGroup } from './track-group-name.js';
import { MAX_UINT32, ROUTE_OPTIONS } from './route-options.js';
import type { RouteOption } from './route-options.js';
import { isDecimal, isRoundTripTime, readEncapsulation, routeValueProblem } from './route-values.js';

interface Reading {
  readonly scope: Scope;
  /** A static route is nobody's, and may follow a track_group. */
  readonly owner: 'instance' | 'nobody';
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
  /** Options of one family, which may be known later than they are read. */
  readonly restricted: { readonly word: Word; readonly family: 4 | 6 }[];
}

/** Reports what is wrong with the line. */
export function checkRouteLine(scope: Scope, line: Statement, owner: 'instance' | 'nobody' = 'instance'): void {
  const reading: Reading = {
    scope,
    owner,
    line,
    words: [line.keyword, ...line.words],
    at: 0,
    destination: false,
    family: undefined,
    device: false,
    lost: false,
    untracked: false,
    nexthop: false,
    protocol: undefined,
    restricted: [],
  };
  while (reading.at < reading.words.length) {
    if (!takeWord(reading)) return;
  }
  const { protocol } = reading;
  const misplaced = reading.restricted.find(({ family }) => reading.family !== undefined && reading.family !== family);
  if (misplaced !== undefined) {
    const { word, family } = misplaced;
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(word),
      `${word.text} is for IPv${family} routes; this one is left out`,
    );
    return;
  }
  if (!reading.destination) {
    finding(scope, 'conf/invalid-option', statementSpan(line), 'a route needs a destination; it is left out');
  } else if (!reading.untracked) {
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
  const name = words[reading.at];
  if (word.text === 'track_group' && reading.owner === 'nobody' && name !== undefined) {
    reading.at += 1;
    checkTrackGroup(scope, name);
    return true;
  }
  const option = ROUTE_OPTIONS.get(word.text);
  if (reading.nexthop && !NEXTHOP_OPTIONS.has(word.text)) return reportTrailing(reading, word);
  if (option === undefined || (word.text === 'weight' && !reading.nexthop)) {
    return isRouteType(word.text) ? takeTyped(reading, word) : takeDestination(reading, word);
  }
  if (option.deprecated !== undefined) {
    finding(scope, 'conf/deprecated-keyword', wordSpan(word), `${word.text} of a route is now ${option.deprecated}`, {
      keepalived: 'general',
    });
  }
  if (option.kind === 'family') {
    // COMPAT: what follows inet or inet6 is skipped, whatever it is.
    reading.at += 1;
    return takeFamily(reading, word, word.text === 'inet' ? 4 : 6);
  }
  if (option.kind === 'flag') {
    if (word.text === 'no_track') reading.untracked = true;
    if (word.text === 'nexthop') reading.nexthop = true;
    return true;
  }
  if (option.lockable === true && words[reading.at]?.text === 'lock') reading.at += 1;
  const family = option.familyFirst === true ? words[reading.at] : undefined;
  if (family !== undefined && /^inet6?$/.test(family.text)) {
    if (!takeFamily(reading, family, family.text === 'inet' ? 4 : 6)) return false;
    reading.at += 1;
  }
  if (option.kind === 'encap' && words.length > reading.at) return takeEncapsulation(reading, word);
  const value = words[reading.at];
  if (value === undefined) {
    reportMissing(reading, word, option);
    return false;
  }
  reading.at += 1;
  return takeValue(reading, word, option, value);
}

function reportMissing({ scope, lost, family }: Reading, word: Word, option?: RouteOption): void {
  // Of the options whose value is optional to its parser keepalived says so; at the others it exits.
  const unfit = option?.only === 6 && option.kind !== 'from' && family === 4;
  const exits = !lost && option?.kind !== 'encap' && !unfit;
  const consequence: Finding = exits ? { keepalived: 'missing-parameter-later', fatal: true } : {};
  finding(scope, 'conf/missing-argument', wordSpan(word), `${word.text} of a route needs a value`, consequence);
}

function reportTrailing({ scope }: Reading, word: Word): false {
  finding(
    scope,
    'conf/invalid-option',
    wordSpan(word),
    `${word.text} cannot follow the next hops of a route; it is left out`,
  );
  return false;
}

function takeEncapsulation(reading: Reading, word: Word): boolean {
  const { length, problem } = readEncapsulation(reading.words.slice(reading.at).map(({ text }) => text));
  reading.at += length;
  if (problem === undefined) return true;
  finding(reading.scope, 'conf/invalid-option', wordSpan(word), `${problem}; the route is left out`);
  return false;
}

/** After a type the next word is the destination, whatever it looks like. */
function takeTyped(reading: Reading, type: Word): boolean {
  const word = reading.words[reading.at];
  if (word === undefined) {
    reportMissing(reading, type);
    return false;
  }
  reading.at += 1;
  return takeDestination(reading, word);
}

/** As a name or as a number, which may be octal or hexadecimal. */
function isRouteType(text: string): boolean {
  if (TYPES.has(text)) return true;
  const match = /^\+?(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.exec(text);
  if (match?.[1] === undefined) return false;
  const number = /^0[0-7]/.test(match[1]) ? Number.parseInt(match[1], 8) : Number(match[1]);
  return number <= MAX_TYPE;
}

function takeDestination(reading: Reading, word: Word): boolean {
  const { scope } = reading;
  const ip = parseIpAddress(word.text.split('/')[0] ?? '');
  if (ip !== undefined || NAMED_DESTINATIONS.has(word.text)) {
    reading.destination = true;
    if (ip !== undefined) checkPrefixLength(scope, word, ip.family);
    return ip === undefined || takeFamily(reading, word, ip.family);
  }
  const span = wordSpan(word);
  finding(
    scope,
    'conf/invalid-option',
    span,
    `${JSON.stringify(word.text)} is no option of a route; the route is left out`,
    {
      suggestion: suggestFor(scope, span, word.text, ROUTE_OPTIONS.keys()),
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

function takeValue(reading: Reading, word: Word, option: RouteOption, value: Word): boolean {
  const expected = isValue(reading, word, option, value);
  if (expected === undefined) return true;
  // What was wrong was said already.
  if (expected === '') return false;
  const summary = `${word.text} takes ${expected}, not ${JSON.stringify(value.text)}; the route is left out`;
  finding(reading.scope, 'conf/invalid-option', wordSpan(value), summary);
  return false;
}

/** What the option takes, when the value is not that. */
function isValue(reading: Reading, word: Word, option: RouteOption, value: Word): string | undefined {
  const { text } = value;
  if (option.only !== undefined) reading.restricted.push({ word, family: option.only });
  switch (option.kind) {
    case 'destination':
      return takeDestination(reading, value) ? undefined : '';
    case 'address': {
      const ip = parseIpAddress(text);
      if (ip === undefined) return 'an IP address without a prefix length';
      return takeFamily(reading, value, ip.family) ? undefined : '';
    }
    case 'number':
      return isDecimal(text, option.max ?? MAX_UINT32) ? undefined : `a number up to ${option.max ?? MAX_UINT32}`;
    case 'weight':
      return isDecimal(text, MAX_WEIGHT) && Number(text) > 0 ? undefined : `a number from 1 to ${MAX_WEIGHT}`;
    case 'time':
      return isRoundTripTime(text, option.max ?? 0) ? undefined : `a time of up to ${option.max ?? 0} s`;
    case 'realms':
    case 'features':
    case 'ttl-propagate':
    case 'dsfield':
    case 'pref':
      return routeValueProblem(option.kind, text);
    // No machine is asked for its VRFs: the name of one that is there is refused as well.
    case 'vrf':
      return reading.scope.facts.interfaceExists === undefined ? undefined : 'the name of a VRF';
    case 'table':
      return isKnownTable(text) ? undefined : 'the number of a routing table, or its name';
    case 'scope':
      return isKnownScope(text) ? undefined : 'global, site, link, host, nowhere or a number';
    case 'protocol':
      reading.protocol = value;
      return isKnownProtocol(text) ? undefined : 'the name or the number of a routing protocol';
    case 'from':
      if (parseIpAddress(text.split('/')[0] ?? '')?.family !== 6) return 'an IPv6 address';
      return takeFamily(reading, value, 6) ? undefined : '';
    case 'interface':
      // The interface of a next hop is not one to watch.
      reading.device ||= !reading.nexthop;
      reading.lost =
        reading.scope.facts.interfaceExists?.(text) === false && !reading.scope.config.globals.dynamic_interfaces;
      requireInterface(reading.scope, value);
      return undefined;
    case 'word':
    case 'flag':
    case 'family':
    case 'encap':
      return undefined;
  }
}

const MAX_TYPE = 255;
const MAX_WEIGHT = 256;

/** What may stand after the first `nexthop`. */
const NEXTHOP_OPTIONS: ReadonlySet<string> = new Set('nexthop via dev weight onlink encap realms'.split(' '));
const TYPES: ReadonlySet<string> = new Set(
  'unicast local broadcast anycast multicast throw unreachable prohibit blackhole nat xresolve'.split(' '),
);
const NAMED_DESTINATIONS: ReadonlySet<string> = new Set(['default', 'any', 'all', 'default6']);
