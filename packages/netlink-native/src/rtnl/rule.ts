// Rules of the routing policy (ip-rule(8)): struct fib_rule_hdr and its attributes, both ways. Only rules of our protocol are
// read or heard of.
import { decodeAttributes, encodeAttributes, readText, readUint16, readUint32 } from '../codec/attribute.js';
import { uint16Value, uint32Value } from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import type { NumberRange, Prefix, Rule, RuleAction, RuleSpec } from '../objects/rule.js';
import type { RtnlKind } from './kind.js';
import {
  addressFamily,
  assertPrefixLength,
  checked,
  familyOf,
  ipValue,
  linkName,
  readIp,
  unspecified,
} from './ip-value.js';
import type { Family } from './ip-value.js';

export const RULE: RtnlKind<Rule, RuleSpec> = {
  kind: 'rule',
  reading: 'read the rules',
  create: /* RTM_NEWRULE */ 32,
  remove: /* RTM_DELRULE */ 33,
  dump: /* RTM_GETRULE */ 34,
  groups: [/* RTNLGRP_IPV4_RULE */ 8, /* RTNLGRP_IPV6_RULE */ 19],
  encodeDump: () => new Uint8Array(RULE_HEADER_BYTES),
  // Every field is the rule's name, so a removal says all of them.
  encode: encodeRule,
  decode: decodeRule,
  key: ruleKey,
  describe: ({ family, priority }) => `IPv${family} rule of priority ${priority}`,
  alreadyDone: (action, errno) => errno === (action === 'add' ? EEXIST : ENOENT),
};

const ENOENT = 2;
const EEXIST = 17;
const MAX = 0xffff_ffff;

// struct fib_rule_hdr: family, destination length, source length, tos, table, reserved 2, action: 1 each; flags 4
const RULE_HEADER_BYTES = 12;
const DESTINATION_LENGTH = 1;
const SOURCE_LENGTH = 2;
const TOS = 3;
const TABLE = 4;
const ACTION = 7;
const FLAGS = 8;
const FIB_RULE_INVERT = 2;

const FRA_DST = 1;
const FRA_SRC = 2;
const FRA_IIFNAME = 3;
const FRA_GOTO = 4;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_FLOW = 11;
const FRA_TUN_ID = 12;
const FRA_SUPPRESS_IFGROUP = 13;
const FRA_SUPPRESS_PREFIXLEN = 14;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
const FRA_OIFNAME = 17;
const FRA_L3MDEV = 19;
const FRA_UID_RANGE = 20;
const FRA_PROTOCOL = 21;
const FRA_IP_PROTO = 22;
const FRA_SPORT_RANGE = 23;
const FRA_DPORT_RANGE = 24;

/** All that the kernel compares. */
function ruleKey(rule: Rule | RuleSpec): string {
  const { kind, protocol = VRRP_PROTOCOL, tunnelId = 0n, ...fields } = rule;
  const named = Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${kind}/${protocol}/${tunnelId}/${JSON.stringify(named)}`;
}

/** enum of fib_rules.h */
const ACTIONS = { table: 1, l3mdev: 1, goto: 2, nop: 3, blackhole: 6, unreachable: 7, prohibit: 8 } as const;

function encodeRule(spec: RuleSpec): Uint8Array {
  const { family, from, to, tos = 0, action } = spec;
  const attributes = encodeAttributes([...prefixes(spec), ...actionAttributes(action), ...selectors(spec)]);
  const bytes = new Uint8Array(RULE_HEADER_BYTES + attributes.length);
  const table = action.kind === 'table' ? action.table : 0;
  bytes[0] = addressFamily(family);
  bytes[DESTINATION_LENGTH] = to?.prefixLength ?? 0;
  bytes[SOURCE_LENGTH] = from?.prefixLength ?? 0;
  bytes[TOS] = checked('tos', tos, 255);
  bytes[TABLE] = table <= 255 ? table : 0;
  bytes[ACTION] = ACTIONS[action.kind];
  viewOf(bytes).setUint32(FLAGS, spec.not === true ? FIB_RULE_INVERT : 0, HOST_LITTLE_ENDIAN);
  bytes.set(attributes, RULE_HEADER_BYTES);
  return bytes;
}

function prefixes({ family, from, to }: RuleSpec): readonly Attribute[] {
  return [
    ...(to === undefined ? [] : [prefixAttribute(FRA_DST, to, family)]),
    ...(from === undefined ? [] : [prefixAttribute(FRA_SRC, from, family)]),
  ];
}

function actionAttributes(action: RuleAction): readonly Attribute[] {
  switch (action.kind) {
    case 'table':
      return [{ type: FRA_TABLE, value: uint32Value(checked('table', action.table, MAX)) }];
    case 'goto':
      return [{ type: FRA_GOTO, value: uint32Value(checked('goto', action.priority, MAX)) }];
    case 'l3mdev':
      return [{ type: FRA_L3MDEV, value: Uint8Array.of(1) }];
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return [];
  }
}

function selectors(spec: RuleSpec): readonly Attribute[] {
  const { mark, userIds, ipProtocol, tunnelId, protocol = VRRP_PROTOCOL } = spec;
  return [
    ...number(FRA_PRIORITY, 'priority', spec.priority),
    ...name(FRA_IIFNAME, spec.incomingLink),
    ...name(FRA_OIFNAME, spec.outgoingLink),
    ...number(FRA_FWMARK, 'mark', mark?.value),
    ...number(FRA_FWMASK, 'mark mask', mark?.mask),
    ...optional(FRA_UID_RANGE, userIds, (range) => uint32Value(...ends('user id', range, MAX))),
    ...optional(FRA_IP_PROTO, ipProtocol, (value) => Uint8Array.of(checked('IP protocol', value, 255))),
    ...optional(FRA_SPORT_RANGE, spec.sourcePorts, portsValue),
    ...optional(FRA_DPORT_RANGE, spec.destinationPorts, portsValue),
    ...optional(FRA_TUN_ID, tunnelId, tunnelValue),
    ...number(FRA_FLOW, 'realms', spec.realms),
    ...number(FRA_SUPPRESS_PREFIXLEN, 'suppressed prefix length', spec.suppressPrefixLength),
    ...number(FRA_SUPPRESS_IFGROUP, 'suppressed link group', spec.suppressLinkGroup),
    { type: FRA_PROTOCOL, value: Uint8Array.of(checked('protocol', protocol, 255)) },
  ];
}

function optional<T>(type: number, value: T | undefined, encode: (value: T) => Uint8Array): readonly Attribute[] {
  return value === undefined ? [] : [{ type, value: encode(value) }];
}

function number(type: number, what: string, value: number | undefined): readonly Attribute[] {
  return optional(type, value, (given) => uint32Value(checked(what, given, MAX)));
}

function name(type: number, value: string | undefined): readonly Attribute[] {
  return optional(type, value, linkName);
}

function portsValue(range: NumberRange): Uint8Array {
  return uint16Value(...ends('port', range, 0xffff));
}

function decodeRule(payload: Uint8Array): Rule | undefined {
  const family = familyOf(payload[0]);
  if (payload.length < RULE_HEADER_BYTES || family === undefined) return undefined;
  const { attributes } = decodeAttributes(payload.subarray(RULE_HEADER_BYTES));
  if (attributes.get(FRA_PROTOCOL)?.[0] !== VRRP_PROTOCOL) return undefined;
  const action = decodeAction(payload, attributes);
  if (action === undefined) return undefined;
  const from = readPrefix(attributes.get(FRA_SRC), payload[SOURCE_LENGTH] ?? 0, family);
  const to = readPrefix(attributes.get(FRA_DST), payload[DESTINATION_LENGTH] ?? 0, family);
  const isInverted = (viewOf(payload).getUint32(FLAGS, HOST_LITTLE_ENDIAN) & FIB_RULE_INVERT) !== 0;
  return {
    kind: 'rule',
    family,
    priority: readUint32(attributes.get(FRA_PRIORITY)) ?? 0,
    action,
    protocol: VRRP_PROTOCOL,
    ...(isInverted ? { not: true } : {}),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(payload[TOS] === 0 ? {} : { tos: payload[TOS] ?? 0 }),
    ...decodeSelectors(attributes),
  };
}

function decodeAction(payload: Uint8Array, attributes: ReadonlyMap<number, Uint8Array>): RuleAction | undefined {
  switch (payload[ACTION]) {
    case ACTIONS.table:
      if (attributes.get(FRA_L3MDEV)?.[0] === 1) return { kind: 'l3mdev' };
      return { kind: 'table', table: readUint32(attributes.get(FRA_TABLE)) ?? payload[TABLE] ?? 0 };
    case ACTIONS.goto:
      return { kind: 'goto', priority: readUint32(attributes.get(FRA_GOTO)) ?? 0 };
    case ACTIONS.nop:
      return { kind: 'nop' };
    case ACTIONS.blackhole:
      return { kind: 'blackhole' };
    case ACTIONS.unreachable:
      return { kind: 'unreachable' };
    case ACTIONS.prohibit:
      return { kind: 'prohibit' };
    default:
      return undefined;
  }
}

function decodeSelectors(attributes: ReadonlyMap<number, Uint8Array>): Partial<Rule> {
  const incomingLink = attributes.get(FRA_IIFNAME);
  const outgoingLink = attributes.get(FRA_OIFNAME);
  const mark = readUint32(attributes.get(FRA_FWMARK));
  const ipProtocol = attributes.get(FRA_IP_PROTO)?.[0] ?? 0;
  const tunnel = attributes.get(FRA_TUN_ID);
  const tunnelId = tunnel?.length === 8 ? viewOf(tunnel).getBigUint64(0) : 0n;
  const numbers = {
    realms: readUint32(attributes.get(FRA_FLOW)),
    // Linux says -1 where nothing is suppressed.
    suppressPrefixLength: unlessMinusOne(readUint32(attributes.get(FRA_SUPPRESS_PREFIXLEN))),
    suppressLinkGroup: unlessMinusOne(readUint32(attributes.get(FRA_SUPPRESS_IFGROUP))),
    userIds: readRange(attributes.get(FRA_UID_RANGE), readUint32, 4),
    sourcePorts: readRange(attributes.get(FRA_SPORT_RANGE), readUint16, 2),
    destinationPorts: readRange(attributes.get(FRA_DPORT_RANGE), readUint16, 2),
  };
  return {
    ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined)),
    ...(incomingLink === undefined ? {} : { incomingLink: readText(incomingLink) }),
    ...(outgoingLink === undefined ? {} : { outgoingLink: readText(outgoingLink) }),
    ...(mark === undefined ? {} : { mark: { value: mark, mask: readUint32(attributes.get(FRA_FWMASK)) ?? MAX } }),
    ...(ipProtocol === 0 ? {} : { ipProtocol }),
    ...(tunnelId === 0n ? {} : { tunnelId }),
  };
}

function prefixAttribute(type: number, { address, prefixLength }: Prefix, family: Family): Attribute {
  assertPrefixLength(address, prefixLength, family);
  return { type, value: ipValue(address, family) };
}

function readPrefix(value: Uint8Array | undefined, prefixLength: number, family: Family): Prefix | undefined {
  if (value === undefined && prefixLength === 0) return undefined;
  return { address: readIp(value, family) ?? unspecified(family), prefixLength };
}

function readRange(
  value: Uint8Array | undefined,
  read: (value: Uint8Array, offset: number) => number | undefined,
  width: number,
): NumberRange | undefined {
  const first = value && read(value, 0);
  const last = value && read(value, width);
  return first === undefined || last === undefined ? undefined : { first, last };
}

function ends(name: string, { first, last }: NumberRange, max: number): readonly [number, number] {
  if (last < first) throw new RangeError(`${name}s go from ${first} to ${last}`);
  return [checked(name, first, max), checked(name, last, max)];
}

function tunnelValue(id: bigint): Uint8Array {
  if (id < 0n || id >= 1n << 64n) throw new RangeError(`a tunnel id has 64 bits, got ${id}`);
  const value = new Uint8Array(8);
  viewOf(value).setBigUint64(0, id);
  return value;
}

function unlessMinusOne(value: number | undefined): number | undefined {
  return value === MAX ? undefined : value;
}
