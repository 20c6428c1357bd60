// Routes as Linux keeps them, as far as our own go: which nexthops it takes, and which routes go with an address or a link,
// with or without a word. Facts observed on Linux 6.18.
import { formatIp, ipFamily, parseIp } from '@vrrp/wire/ip';

import type { Acknowledgement } from '../../codec/netlink-message.js';
import type { EventOrigin } from '../../kernel.js';
import type { Address } from '../../objects/address.js';
import type { Nexthop, Route, RouteSpec } from '../../objects/route.js';
import { objectKey } from '../../rtnl/kinds.js';
import { ROUTE } from '../../rtnl/route.js';
import { DONE, EEXIST, EINVAL, ENETDOWN, ENODEV, ESRCH, ITSELF, isUp } from './state.js';
import type { MemoryState } from './state.js';

const ENETUNREACH = 101;
const EHOSTUNREACH = 113;
const IPV6_METRIC = 1024;
const IFA_F_NOPREFIXROUTE = 0x200;

/** @throws RangeError when it cannot be asked for */
export function addRoute(state: MemoryState, spec: RouteSpec, by: EventOrigin): Acknowledgement {
  const asked = ROUTE.decode(ROUTE.encode(spec, 'add'));
  if (asked === undefined) throw new RangeError(`not a route: ${spec.destination}`);
  const { destination, prefixLength, family, source } = asked;
  const masked = maskedIp(destination, prefixLength);
  if (family === 4 && masked !== destination) return { errno: EINVAL };
  const nexthops: Nexthop[] = [];
  for (const nexthop of asked.nexthops) {
    const linkIndex = nexthop.linkIndex ?? linkTowards(state, nexthop.gateway ?? '');
    const errno = refusedNexthop(state, family, nexthop, linkIndex);
    if (errno !== 0) return { errno };
    nexthops.push(linkIndex === undefined ? nexthop : { ...nexthop, linkIndex });
  }
  if (asked.type === 'unicast' && nexthops.length === 0) return { errno: ENODEV };
  if (source !== undefined && !state.addresses.some(({ address }) => address === source)) return { errno: EINVAL };
  const metric = family === 6 && asked.metric === 0 ? IPV6_METRIC : asked.metric;
  const route: Route = { ...asked, destination: masked, metric, nexthops, ...(family === 6 ? { tos: 0 } : {}) };
  if (state.routes.some((one) => objectKey(one) === objectKey(route))) return { errno: EEXIST };
  state.routes = [...state.routes, route];
  state.tell('changed', route, by);
  return DONE;
}

/** @throws RangeError */
export function removeRoute(state: MemoryState, spec: RouteSpec, by: EventOrigin): Acknowledgement {
  ROUTE.encode(spec, 'remove');
  const gone = state.routes.find((one) => objectKey(one) === objectKey(spec));
  if (gone === undefined) return { errno: ESRCH };
  state.routes = state.routes.filter((one) => one !== gone);
  state.tell('removed', gone, by);
  return DONE;
}

/** An address has gone: what leaves from it, and (IPv4) what uses a link without any address, goes too. */
export function routesWithoutAddress(state: MemoryState, { address, family, linkIndex }: Address): void {
  if (state.addresses.some((one) => one.address === address)) return;
  const sourced = state.routes.filter(({ source }) => source === address);
  if (family === 6) {
    state.routes = state.routes.map((one) => (sourced.includes(one) ? withoutSource(one) : one));
    return;
  }
  for (const route of sourced) {
    state.routes = state.routes.filter((one) => one !== route);
    state.tell('removed', route, ITSELF);
  }
  const isBare = !state.addresses.some((one) => one.family === 4 && one.linkIndex === linkIndex);
  if (isBare) dropIpv4Routes(state, linkIndex);
}

/** A link is down: IPv4 routes go without a word, IPv6 routes are told of nexthop by nexthop. */
export function routesWithoutLink(state: MemoryState, linkIndex: number): void {
  dropIpv4Routes(state, linkIndex);
  for (const route of state.routes) {
    const lost = route.nexthops.filter((one) => one.linkIndex === linkIndex);
    if (route.family === 4 || lost.length === 0) continue;
    const nexthops = route.nexthops.filter((one) => one.linkIndex !== linkIndex);
    const rest = nexthops.length === 0 ? [] : [{ ...route, nexthops }];
    state.routes = state.routes.flatMap((one) => (one === route ? rest : [one]));
    for (const nexthop of lost) state.tell('removed', { ...route, nexthops: [nexthop] }, ITSELF);
  }
}

function dropIpv4Routes(state: MemoryState, linkIndex: number): void {
  state.routes = state.routes.filter(
    ({ family, nexthops }) =>
      family === 6 || nexthops.length === 0 || nexthops.some((nexthop) => nexthop.linkIndex !== linkIndex),
  );
}

/** 0, or why Linux does not take it. */
function refusedNexthop(state: MemoryState, family: 4 | 6, nexthop: Nexthop, linkIndex: number | undefined): number {
  const { gateway, onLink } = nexthop;
  const isLinkLocal = gateway !== undefined && /^fe[89ab]/.test(gateway);
  if (isLinkLocal && nexthop.linkIndex === undefined) return EINVAL;
  const reachable = gateway === undefined || isLinkLocal || onLink === true || isOnLink(state, gateway, linkIndex);
  if (linkIndex === undefined || (!reachable && state.links.has(linkIndex))) {
    return family === 4 ? ENETUNREACH : EHOSTUNREACH;
  }
  if (!state.links.has(linkIndex)) return ENODEV;
  return isUp(state, linkIndex) ? 0 : ENETDOWN;
}

function linkTowards(state: MemoryState, gateway: string): number | undefined {
  return state.addresses.find((one) => reaches(state, one, gateway))?.linkIndex;
}

function isOnLink(state: MemoryState, gateway: string, linkIndex: number | undefined): boolean {
  return state.addresses.some((one) => one.linkIndex === linkIndex && reaches(state, one, gateway));
}

/** The address has a subnet on its link, and the gateway is in it. */
function reaches(
  state: MemoryState,
  { address, peer, prefixLength, linkIndex, flags }: Address,
  gateway: string,
): boolean {
  if ((flags & IFA_F_NOPREFIXROUTE) !== 0 || !isUp(state, linkIndex)) return false;
  if (ipFamily(address) !== ipFamily(gateway) || address === gateway) return false;
  return maskedIp(peer ?? address, prefixLength) === maskedIp(gateway, prefixLength);
}

function withoutSource(route: Route): Route {
  const { source: _gone, ...rest } = route;
  return rest;
}

/** The address with only its upper `prefixLength` bits. */
function maskedIp(address: string, prefixLength: number): string {
  const bytes = parseIp(address);
  if (bytes === undefined) return address;
  return formatIp(bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefixLength - index * 8)))));
}
