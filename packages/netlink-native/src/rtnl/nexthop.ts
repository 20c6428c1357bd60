// Where a route leads (rtnetlink(7)): one nexthop as attributes of the route itself, several as struct rtnexthop with
// attributes of their own, end to end.
import { joined } from '../codec/joined.js';
import { decodeAttributes, encodeAttributes, readUint16, readUint32, uint32Value } from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import { ipFamily } from '@vrrp/wire/ip';
import type { Nexthop } from '../objects/route.js';
import { addressFamily, checked, familyOf, ipValue, readIp } from './ip-value.js';
import type { Family } from './ip-value.js';

const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_MULTIPATH = 9;
const RTA_FLOW = 11;
const RTA_VIA = 18;
/** In the flags of the route, or of the nexthop among several. */
export const RTNH_F_ONLINK = 4;
// struct rtnexthop: length 2, flags 1, weight less one 1, link index 4
const NEXTHOP_HEADER_BYTES = 8;
const WEIGHT_MAX = 256;

/** The attributes of all of them. @throws RangeError */
export function encodeNexthops(nexthops: readonly Nexthop[], family: Family): readonly Attribute[] {
  const [first, ...others] = nexthops;
  if (first === undefined) return [];
  if (others.length > 0) return [{ type: RTA_MULTIPATH, value: joined(nexthops.map((one) => encodeOne(one, family))) }];
  const link = first.linkIndex === undefined ? [] : [{ type: RTA_OIF, value: uint32Value(first.linkIndex) }];
  return [...link, ...nexthopAttributes(first, family)];
}

export function decodeNexthops(
  attributes: ReadonlyMap<number, Uint8Array>,
  routeFlags: number,
  family: Family,
): readonly Nexthop[] {
  const several = attributes.get(RTA_MULTIPATH);
  if (several !== undefined) return decodeSeveral(several, family);
  const one = nexthop(readUint32(attributes.get(RTA_OIF)), attributes, routeFlags, family);
  return Object.keys(one).length > 0 ? [one] : [];
}

function encodeOne(one: Nexthop, family: Family): Uint8Array {
  const attributes = encodeAttributes(nexthopAttributes(one, family));
  const bytes = new Uint8Array(NEXTHOP_HEADER_BYTES + attributes.length);
  const view = viewOf(bytes);
  const weight = checked('weight', one.weight ?? 1, WEIGHT_MAX);
  if (weight === 0) throw new RangeError(`weight is 1 to ${WEIGHT_MAX}, got 0`);
  view.setUint16(0, bytes.length, HOST_LITTLE_ENDIAN);
  bytes[2] = one.onLink === true ? RTNH_F_ONLINK : 0;
  bytes[3] = weight - 1;
  view.setInt32(4, one.linkIndex ?? 0, HOST_LITTLE_ENDIAN);
  bytes.set(attributes, NEXTHOP_HEADER_BYTES);
  return bytes;
}

function nexthopAttributes({ gateway, realms }: Nexthop, family: Family): readonly Attribute[] {
  const attributes: Attribute[] = [];
  if (gateway !== undefined) attributes.push(gatewayAttribute(gateway, family));
  if (realms !== undefined) attributes.push({ type: RTA_FLOW, value: uint32Value(realms) });
  return attributes;
}

/** RTA_VIA, struct rtvia, holds gateways of the other family: its number and the address. */
function gatewayAttribute(gateway: string, family: Family): Attribute {
  const its = ipFamily(gateway) ?? family;
  const address = ipValue(gateway, its);
  if (its === family) return { type: RTA_GATEWAY, value: address };
  const value = new Uint8Array(2 + address.length);
  viewOf(value).setUint16(0, addressFamily(its), HOST_LITTLE_ENDIAN);
  value.set(address, 2);
  return { type: RTA_VIA, value };
}

function decodeSeveral(bytes: Uint8Array, family: Family): readonly Nexthop[] {
  const nexthops: Nexthop[] = [];
  const view = viewOf(bytes);
  for (let offset = 0; bytes.length - offset >= NEXTHOP_HEADER_BYTES;) {
    const length = view.getUint16(offset, HOST_LITTLE_ENDIAN);
    if (length < NEXTHOP_HEADER_BYTES || length > bytes.length - offset) break;
    const { attributes } = decodeAttributes(bytes.subarray(offset + NEXTHOP_HEADER_BYTES, offset + length));
    const one = nexthop(view.getInt32(offset + 4, HOST_LITTLE_ENDIAN), attributes, bytes[offset + 2] ?? 0, family);
    nexthops.push({ ...one, weight: (bytes[offset + 3] ?? 0) + 1 });
    offset += Math.ceil(length / 4) * 4;
  }
  return nexthops;
}

function nexthop(
  linkIndex: number | undefined,
  attributes: ReadonlyMap<number, Uint8Array>,
  flags: number,
  family: Family,
): Nexthop {
  const via = attributes.get(RTA_VIA);
  const viaFamily = familyOf(readUint16(via));
  const foreign = via === undefined || viaFamily === undefined ? undefined : readIp(via.subarray(2), viaFamily);
  const gateway = readIp(attributes.get(RTA_GATEWAY), family) ?? foreign;
  const realms = readUint32(attributes.get(RTA_FLOW));
  return {
    ...(linkIndex === undefined || linkIndex === 0 ? {} : { linkIndex }),
    ...(gateway === undefined ? {} : { gateway }),
    ...((flags & RTNH_F_ONLINK) === 0 ? {} : { onLink: true }),
    ...(realms === undefined ? {} : { realms }),
  };
}
