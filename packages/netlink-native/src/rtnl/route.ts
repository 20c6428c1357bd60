// Routes of rtnetlink(7): struct rtmsg and its attributes, both ways. Only routes of our protocol are read or heard of, so that
// a full routing table is none of our work.
import { decodeAttributes, encodeAttributes, readUint32, uint32Value } from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import type { Route, RouteSpec, RouteType } from '../objects/route.js';
import type { ChangeAction, RtnlKind } from './kind.js';
import { addressFamily, assertPrefixLength, checked, familyOf, ipValue, readIp, unspecified } from './ip-value.js';
import { decodeNexthops, encodeNexthops, RTNH_F_ONLINK } from './nexthop.js';
import { decodeMetrics, encodeMetrics } from './route-metrics.js';

export const ROUTE: RtnlKind<Route, RouteSpec> = {
  kind: 'route',
  reading: 'read the routes',
  create: /* RTM_NEWROUTE */ 24,
  remove: /* RTM_DELROUTE */ 25,
  dump: /* RTM_GETROUTE */ 26,
  groups: [/* RTNLGRP_IPV4_ROUTE */ 7, /* RTNLGRP_IPV6_ROUTE */ 11],
  encodeDump,
  encode: encodeRoute,
  decode: decodeRoute,
  key: routeKey,
  describe: ({ destination, prefixLength, table = MAIN }) =>
    `route to ${destination}/${prefixLength} in table ${table}`,
  // ESRCH, or the link or table is gone. A route that somebody else has put in its place is none of ours.
  alreadyDone: (action, errno) => (action === 'add' ? errno === EEXIST : errno === ESRCH || errno === ENODEV),
};

const ESRCH = 3;
const EEXIST = 17;
const ENODEV = 19;
const MAIN = 254;
const IPV6_METRIC = 1024;
const SCOPE_GLOBAL = 0;
const SCOPE_LINK = 253;
const SCOPE_HOST = 254;
/** In a removal: whatever the scope. */
const SCOPE_NOWHERE = 255;

/** Of IPv6, 0 is the usual metric, and the type of service is no part of the name. */
function routeKey({ family, table = MAIN, destination, prefixLength, metric = 0, tos = 0 }: Route | RouteSpec): string {
  const key = `route/${family}/${table}/${destination}/${prefixLength}`;
  return family === 6 ? `${key}/${metric === 0 ? IPV6_METRIC : metric}` : `${key}/${metric}/${tos}`;
}

// struct rtmsg: family, destination length, source length, tos, table, protocol, scope, type: 1 each; flags 4
export const ROUTE_HEADER_BYTES = 12;
const DESTINATION_LENGTH = 1;
const TOS = 3;
const TABLE = 4;
export const PROTOCOL = 5;
const SCOPE = 6;
const TYPE = 7;
const FLAGS = 8;
const RTM_F_CLONED = 0x200;

const RTA_DST = 1;
const RTA_PRIORITY = 6;
const RTA_PREFSRC = 7;
const RTA_CACHEINFO = 12;
const RTA_TABLE = 15;
const RTA_PREF = 20;
const RTA_EXPIRES = 23;
const RTA_TTL_PROPAGATE = 26;
/** In struct rta_cacheinfo: last use and clock, then expires, in clock ticks of 1/100 s to user space. */
const CACHE_EXPIRES = 8;
const TICKS_PER_SECOND = 100;

const TYPES: readonly (RouteType | undefined)[] = [
  undefined,
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
];
const PREFERENCES = { medium: 0, high: 1, low: 3 } as const;

/** All routes of our protocol; a kernel that does not filter (before Linux 4.20) gives all, and we do. */
function encodeDump(): Uint8Array {
  const bytes = new Uint8Array(ROUTE_HEADER_BYTES);
  bytes[PROTOCOL] = VRRP_PROTOCOL;
  return bytes;
}

/** A removal names no nexthop, source or metric value: whatever became of them, the route of this name goes. */
function encodeRoute(spec: RouteSpec, action: ChangeAction): Uint8Array {
  const { family, destination, prefixLength, table = MAIN, protocol = VRRP_PROTOCOL, tos = 0, nexthops = [] } = spec;
  assertPrefixLength(destination, prefixLength, family);
  const adding = action === 'add';
  const attributes = encodeAttributes([...identity(spec, table), ...(adding ? details(spec) : [])]);
  const bytes = new Uint8Array(ROUTE_HEADER_BYTES + attributes.length);
  bytes[0] = addressFamily(family);
  bytes[DESTINATION_LENGTH] = prefixLength;
  bytes[TOS] = checked('tos', tos, 255);
  bytes[TABLE] = table <= 255 ? table : 0;
  bytes[PROTOCOL] = checked('protocol', protocol, 255);
  bytes[SCOPE] = adding ? scopeOf(spec) : SCOPE_NOWHERE;
  bytes[TYPE] = adding ? TYPES.indexOf(spec.type ?? 'unicast') : 0;
  const onLink = adding && nexthops.length === 1 && nexthops[0]?.onLink === true;
  viewOf(bytes).setUint32(FLAGS, onLink ? RTNH_F_ONLINK : 0, HOST_LITTLE_ENDIAN);
  bytes.set(attributes, ROUTE_HEADER_BYTES);
  return bytes;
}

function decodeRoute(payload: Uint8Array): Route | undefined {
  const family = familyOf(payload[0]);
  if (payload.length < ROUTE_HEADER_BYTES || family === undefined || payload[PROTOCOL] !== VRRP_PROTOCOL)
    return undefined;
  const flags = viewOf(payload).getUint32(FLAGS, HOST_LITTLE_ENDIAN);
  const type = TYPES[payload[TYPE] ?? 0];
  if (type === undefined || (flags & RTM_F_CLONED) !== 0) return undefined;
  const { attributes } = decodeAttributes(payload.subarray(ROUTE_HEADER_BYTES));
  const table = readUint32(attributes.get(RTA_TABLE)) ?? payload[TABLE] ?? 0;
  const source = readIp(attributes.get(RTA_PREFSRC), family);
  const metrics = decodeMetrics(attributes);
  const preference = decodePreference(attributes.get(RTA_PREF)?.[0]);
  const expires = readUint32(attributes.get(RTA_CACHEINFO), CACHE_EXPIRES) ?? 0;
  const ttlPropagate = attributes.get(RTA_TTL_PROPAGATE)?.[0];
  return {
    kind: 'route',
    family,
    destination: readIp(attributes.get(RTA_DST), family) ?? unspecified(family),
    prefixLength: payload[DESTINATION_LENGTH] ?? 0,
    type,
    table,
    protocol: VRRP_PROTOCOL,
    scope: payload[SCOPE] ?? 0,
    tos: payload[TOS] ?? 0,
    metric: readUint32(attributes.get(RTA_PRIORITY)) ?? 0,
    // Linux says that IPv6 routes to nowhere lead to the loopback.
    nexthops: type === 'unicast' || type === 'local' ? decodeNexthops(attributes, flags, family) : [],
    ...(source === undefined ? {} : { source }),
    ...(metrics === undefined ? {} : { metrics }),
    ...(preference === undefined ? {} : { preference }),
    ...(expires === 0 ? {} : { expires: Math.round(expires / TICKS_PER_SECOND) }),
    ...(ttlPropagate === undefined ? {} : { ttlPropagate: ttlPropagate !== 0 }),
  };
}

function identity({ destination, family, metric }: RouteSpec, table: number): readonly Attribute[] {
  return [
    { type: RTA_DST, value: ipValue(destination, family) },
    { type: RTA_TABLE, value: uint32Value(checked('table', table, 0xffff_ffff)) },
    ...(metric === undefined
      ? []
      : [{ type: RTA_PRIORITY, value: uint32Value(checked('metric', metric, 0xffff_ffff)) }]),
  ];
}

function details(spec: RouteSpec): readonly Attribute[] {
  const { family, source, metrics, preference, expires, ttlPropagate, nexthops = [] } = spec;
  return [
    ...encodeNexthops(nexthops, family),
    ...(source === undefined ? [] : [{ type: RTA_PREFSRC, value: ipValue(source, family) }]),
    ...(metrics === undefined ? [] : [encodeMetrics(metrics)]),
    ...(preference === undefined ? [] : [{ type: RTA_PREF, value: Uint8Array.of(PREFERENCES[preference]) }]),
    ...(expires === undefined
      ? []
      : [{ type: RTA_EXPIRES, value: uint32Value(checked('expires', expires, 0xffff_ffff)) }]),
    ...(ttlPropagate === undefined ? [] : [{ type: RTA_TTL_PROPAGATE, value: Uint8Array.of(ttlPropagate ? 1 : 0) }]),
  ];
}

/** As ip-route(8) chooses where nothing is said. */
function scopeOf({ scope, family, type = 'unicast', nexthops = [] }: RouteSpec): number {
  if (scope !== undefined) return checked('scope', scope, 255);
  if (family === 6) return SCOPE_GLOBAL;
  if (type === 'local' || type === 'nat') return SCOPE_HOST;
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return SCOPE_LINK;
  const direct = type === 'unicast' && nexthops.length <= 1 && nexthops.every(({ gateway }) => gateway === undefined);
  return direct ? SCOPE_LINK : SCOPE_GLOBAL;
}

/** Medium is what Linux says where nothing was asked for. */
function decodePreference(value: number | undefined): 'low' | 'high' | undefined {
  return value === PREFERENCES.low ? 'low' : value === PREFERENCES.high ? 'high' : undefined;
}
