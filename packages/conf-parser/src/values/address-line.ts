// A line of virtual_ipaddress, virtual_ipaddress_excluded or static_ipaddress (keepalived.conf(5), "virtual_ipaddress"):
//   ADDR[/LEN] [dev IF] [scope S] [brd A|+|-] [label L] [peer A] [home] [-nodad] [mngtmpaddr] [noprefixroute]
//   [autojoin] [preferred_lft SECS|forever] [no_track] [track_group NAME] [use_vmac]
// keepalived drops the address for some mistakes and the option for others; so does this.
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import type { AddressDraft } from '../bind/drafts.js';
import { wordSpan } from '../bind/statement.js';
import type { Statement, Word } from '../bind/statement.js';
import { suggestFor } from '../suggest.js';
import { byteLength } from './byte-length.js';
import { requireInterface } from './interface-name.js';
import { broadcastOf, parseIpAddress, parseIpv4 } from '../ip-address.js';
import type { IpAddress } from '../ip-address.js';
import { parseInteger } from './numbers.js';
import { isKnownScope } from './route-names.js';
import { checkTrackGroup } from './track-group-name.js';

interface Building {
  readonly scope: Scope;
  readonly ip: IpAddress;
  readonly word: Word;
  readonly prefix: number;
  readonly options: AddressDraft['value'];
  /** A static address is nobody's: it has no virtual MAC, and may follow a track_group. */
  readonly owner: 'instance' | 'nobody';
}

/** undefined: keepalived leaves the address out. */
export function parseAddressLine(
  scope: Scope,
  line: Statement,
  owner: 'instance' | 'nobody' = 'instance',
): AddressDraft | undefined {
  const word = line.keyword;
  const slash = word.text.indexOf('/');
  const ip = parseIpAddress(slash === -1 ? word.text : word.text.slice(0, slash));
  if (ip === undefined) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(word),
      `${JSON.stringify(word.text)} is not an IP address; it is left out`,
    );
    return undefined;
  }
  const prefix = prefixOf(scope, word, slash === -1 ? undefined : word.text.slice(slash + 1), ip.family);
  const value: AddressDraft['value'] = { address: ip.text, prefix };
  if (ip.family === 6) value.nodad = true;
  const building: Building = { scope, ip, word, prefix, options: value, owner };
  for (let index = 0; index < line.words.length;) {
    const used = takeOption(building, line.words, index);
    if (used === undefined) return undefined;
    index += used;
  }
  return { value, family: ip.family, word };
}

function prefixOf(scope: Scope, word: Word, text: string | undefined, family: 4 | 6): number {
  const longest = family === 4 ? 32 : 128;
  if (text === undefined) return longest;
  const result = parseInteger(text, { min: 0, max: longest });
  if (result.kind === 'number') return result.value;
  // COMPAT: keepalived takes what is no number at all for 0, a slash with nothing behind it in silence.
  const used = result.kind === 'invalid' ? 0 : result.kind === 'out-of-range' ? longest : result.value;
  finding(
    scope,
    'conf/invalid-address',
    wordSpan(word),
    `the prefix length /${text} is not 0..${longest}: keepalived uses ${used}`,
    {
      keepalived: text === '' ? 'none' : 'general',
    },
  );
  return used;
}

/** The number of words used, or undefined when the address is to be left out. */
function takeOption(building: Building, words: readonly Word[], index: number): number | undefined {
  const option = words[index];
  if (option === undefined) return undefined;
  const flagName = FLAGS.get(option.text);
  if (flagName !== undefined && !(flagName === 'use_vmac' && building.owner === 'nobody')) {
    if (flagName === 'nodad') delete building.options.nodad;
    else building.options[flagName] = true;
    if (UNSUPPORTED.has(option.text)) {
      const summary = `vrrpd does not act on ${option.text} of an address yet`;
      finding(building.scope, 'conf/unsupported-value', wordSpan(option), summary);
    }
    return 1;
  }
  const take = option.text === 'track_group' && building.owner === 'nobody' ? takeTrackGroup : VALUES.get(option.text);
  if (take === undefined) {
    reportUnknownOption(building, option);
    return 1;
  }
  const value = words[index + 1];
  if (value === undefined) {
    finding(
      building.scope,
      'conf/invalid-option',
      wordSpan(option),
      `${option.text} needs a value; the address is left out`,
    );
    return undefined;
  }
  return take(building, value) ? 2 : undefined;
}

function reportUnknownOption({ scope }: Building, option: Word): void {
  const span = wordSpan(option);
  finding(
    scope,
    'conf/invalid-option',
    span,
    `${JSON.stringify(option.text)} is no option of an address; it is ignored`,
    {
      suggestion: suggestFor(scope, span, option.text, [...FLAGS.keys(), ...VALUES.keys()]),
    },
  );
}

type TakeValue = (building: Building, value: Word) => boolean;

function takeDevice(building: Building, value: Word): boolean {
  const { scope, options } = building;
  if (options.dev !== undefined) {
    finding(scope, 'conf/invalid-option', wordSpan(value), 'dev is given twice; the address is left out');
    return false;
  }
  options.dev = requireInterface(scope, value);
  return true;
}

function takeScope(building: Building, value: Word): boolean {
  const { scope, ip, options } = building;
  if (ip.family === 6) {
    finding(scope, 'conf/invalid-option', wordSpan(value), 'IPv6 addresses have no scope to set; it is ignored');
  } else if (isKnownScope(value.text)) {
    options.scope = value.text;
  } else {
    const span = wordSpan(value);
    finding(scope, 'conf/invalid-option', span, `${JSON.stringify(value.text)} is no address scope; it is ignored`, {
      suggestion: suggestFor(scope, span, value.text, SCOPES),
    });
  }
  return true;
}

function takeBroadcast(building: Building, value: Word): boolean {
  const { scope, ip, options, prefix } = building;
  if (ip.family === 6) {
    finding(scope, 'conf/invalid-option', wordSpan(value), 'IPv6 has no broadcast; the address is left out');
    return false;
  }
  if (value.text === '+' || value.text === '-') {
    if (prefix <= 30) options.brd = broadcastOf(ip, prefix, value.text === '+' ? 1 : 0);
    else finding(scope, 'conf/invalid-option', wordSpan(value), `a /${prefix} has no broadcast address; none is set`);
    return true;
  }
  if (parseIpv4(value.text) === undefined) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(value),
      `the broadcast ${value.text} is no IPv4 address; the address is left out`,
    );
    return false;
  }
  options.brd = value.text;
  return true;
}

function takeLabel(building: Building, value: Word): boolean {
  const { scope, ip, options } = building;
  if (ip.family === 6) {
    finding(scope, 'conf/invalid-option', wordSpan(value), 'IPv6 addresses have no label; it is ignored');
    return true;
  }
  if (byteLength(value.text) > MAX_LABEL) {
    finding(
      scope,
      'conf/invalid-option',
      wordSpan(value),
      `a label has at most ${MAX_LABEL} bytes; the address is left out`,
    );
    return false;
  }
  options.label = value.text;
  return true;
}

function takePeer(building: Building, value: Word): boolean {
  const { scope, ip, options } = building;
  const slash = value.text.indexOf('/');
  const peer = parseIpAddress(slash === -1 ? value.text : value.text.slice(0, slash));
  if (peer === undefined || peer.family !== ip.family || slash !== -1) {
    finding(
      scope,
      'conf/invalid-address',
      wordSpan(value),
      `the peer ${value.text} is not an address of the same family; it is ignored`,
    );
    return true;
  }
  options.peer = peer.text;
  return true;
}

function takeTrackGroup({ scope }: Building, value: Word): boolean {
  checkTrackGroup(scope, value);
  return true;
}

function takeLifetime(building: Building, value: Word): boolean {
  if (value.text === 'forever') {
    building.options.preferred_lft = 'forever';
    return true;
  }
  const result = parseInteger(value.text, { min: 0, max: 0xffff_ffff });
  if (result.kind === 'number') building.options.preferred_lft = result.value;
  else
    finding(
      building.scope,
      'conf/invalid-option',
      wordSpan(value),
      'preferred_lft takes seconds or forever; it is ignored',
    );
  return true;
}

const FLAGS: ReadonlyMap<
  string,
  'home' | 'nodad' | 'mngtmpaddr' | 'noprefixroute' | 'autojoin' | 'no_track' | 'use_vmac'
> = new Map([
  ['home', 'home'],
  ['-nodad', 'nodad'],
  ['mngtmpaddr', 'mngtmpaddr'],
  ['noprefixroute', 'noprefixroute'],
  ['autojoin', 'autojoin'],
  ['no_track', 'no_track'],
  ['use_vmac', 'use_vmac'],
]);

const UNSUPPORTED: ReadonlySet<string> = new Set(['use_vmac']);

const VALUES: ReadonlyMap<string, TakeValue> = new Map([
  ['dev', takeDevice],
  ['scope', takeScope],
  ['brd', takeBroadcast],
  ['broadcast', takeBroadcast],
  ['label', takeLabel],
  ['peer', takePeer],
  ['preferred_lft', takeLifetime],
]);

const SCOPES = ['global', 'site', 'link', 'host', 'nowhere'];
/** IFNAMSIZ less the closing NUL. */
const MAX_LABEL = 15;
