// Addresses of rtnetlink(7): struct ifaddrmsg and its attributes, both ways.
import { parseIp } from '@vrrp/wire/ip';

import {
  decodeAttributes,
  encodeAttributes,
  readText,
  readUint32,
  textValue,
  uint32Value,
} from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import { addressFlags, addressSpecOf } from '../objects/address.js';
import type { Address, AddressSpec } from '../objects/address.js';
import { addressFamily, assertPrefixLength, familyOf, ipValue, readIp } from './ip-value.js';
import type { ChangeAction, RtnlKind } from './kind.js';

export const ADDRESS: RtnlKind<Address, AddressSpec> = {
  kind: 'address',
  reading: 'read the addresses',
  create: /* RTM_NEWADDR */ 20,
  remove: /* RTM_DELADDR */ 21,
  dump: /* RTM_GETADDR */ 22,
  groups: [/* RTNLGRP_IPV4_IFADDR */ 5, /* RTNLGRP_IPV6_IFADDR */ 9],
  encodeDump: () => new Uint8Array(ADDRESS_HEADER_BYTES),
  encode: encodeAddress,
  decode: decodeAddress,
  key: addressKey,
  describe: ({ address, prefixLength, linkIndex }) => `address ${address}/${prefixLength} on link ${linkIndex}`,
  alreadyDone,
  doubt: { meaning, asSpec: addressSpecOf },
};

const EEXIST = 17;
/** Of a removal: no such address, or no such link. */
const GONE: ReadonlySet<number> = new Set([/* EADDRNOTAVAIL */ 99, /* ENODEV */ 19, /* ENXIO */ 6]);

// struct ifaddrmsg: family 1, prefix length 1, flags 1, scope 1, link index 4
const ADDRESS_HEADER_BYTES = 8;
const PREFIX_LENGTH = 1;
const FLAGS = 2;
const SCOPE = 3;
const LINK_INDEX = 4;

const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_LABEL = 3;
const IFA_BROADCAST = 4;
const IFA_CACHEINFO = 6;
const IFA_FLAGS = 8;
const IFA_PROTO = 11;

const FOREVER = 0xffffffff;
/** A label lives in the kernel's field for interface names. */
const LABEL_BYTES_MAX = 15;

/** An IPv6 address is there once a link; an IPv4 address once a link, prefix length and network of its peer. */
function addressKey({ family, address, prefixLength, linkIndex, peer }: AddressSpec): string {
  const key = `address/${linkIndex}/${address}`;
  if (family === 6) return key;
  const beyond = peer === undefined ? undefined : network(peer, prefixLength);
  if (beyond === undefined || beyond === network(address, prefixLength)) return `${key}/${prefixLength}`;
  return `${key}/${prefixLength}/${beyond}`;
}

/** The upper `prefixLength` bits of an IPv4 address. */
function network(address: string, prefixLength: number): number | undefined {
  const [a, b, c, d] = parseIp(address) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** (32 - prefixLength));
}

function alreadyDone(action: ChangeAction, errno: number): boolean {
  return action === 'add' ? errno === EEXIST : GONE.has(errno);
}

/**
 * Whoever removes an address wants the host to hold it no longer: not with another peer (IPv4, where the peer's network is
 * part of the name), not with another prefix length (IPv6, where there is one of an address on a link).
 */
function meaning({ family, address, prefixLength, linkIndex }: Address | AddressSpec): string {
  return family === 6 ? `${linkIndex} ${address}` : `${linkIndex} ${address}/${prefixLength}`;
}

/** A removal names as little as the kernel needs, so that it finds the address whatever has become of its label. */
export function encodeAddress(spec: AddressSpec, action: ChangeAction): Uint8Array {
  assertPrefixLength(spec.address, spec.prefixLength, spec.family);
  const attributes = encodeAttributes(action === 'add' ? [...identity(spec), ...details(spec)] : identity(spec));
  const bytes = new Uint8Array(ADDRESS_HEADER_BYTES + attributes.length);
  const view = viewOf(bytes);
  bytes[0] = addressFamily(spec.family);
  bytes[PREFIX_LENGTH] = spec.prefixLength;
  bytes[SCOPE] = spec.scope ?? 0;
  view.setUint32(LINK_INDEX, spec.linkIndex, HOST_LITTLE_ENDIAN);
  bytes.set(attributes, ADDRESS_HEADER_BYTES);
  return bytes;
}

/** Undefined for other families and for bytes that hold no address. */
export function decodeAddress(payload: Uint8Array): Address | undefined {
  const family = familyOf(payload[0]);
  if (payload.length < ADDRESS_HEADER_BYTES || family === undefined) return undefined;
  const { attributes } = decodeAttributes(payload.subarray(ADDRESS_HEADER_BYTES));
  const wide = readIp(attributes.get(IFA_ADDRESS), family);
  // On a point-to-point link IFA_LOCAL is ours and IFA_ADDRESS the peer's; IPv6 leaves IFA_LOCAL out where there is no peer.
  const address = readIp(attributes.get(IFA_LOCAL), family) ?? wide;
  if (address === undefined) return undefined;
  const broadcast = readIp(attributes.get(IFA_BROADCAST), family);
  const label = attributes.get(IFA_LABEL);
  const preferred = readUint32(attributes.get(IFA_CACHEINFO));
  return {
    kind: 'address',
    family,
    address,
    prefixLength: payload[PREFIX_LENGTH] ?? 0,
    linkIndex: viewOf(payload).getUint32(LINK_INDEX, HOST_LITTLE_ENDIAN),
    scope: payload[SCOPE] ?? 0,
    // The header has room for eight flags; there are more.
    flags: readUint32(attributes.get(IFA_FLAGS)) ?? payload[FLAGS] ?? 0,
    protocol: attributes.get(IFA_PROTO)?.[0] ?? 0,
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label: readText(label) }),
    ...(wide === undefined || wide === address ? {} : { peer: wide }),
    ...(preferred === undefined || preferred === FOREVER ? {} : { preferredLifetime: preferred }),
  };
}

function identity({ address, family, peer }: AddressSpec): readonly Attribute[] {
  const local = ipValue(address, family);
  return [
    { type: IFA_LOCAL, value: local },
    { type: IFA_ADDRESS, value: peer === undefined ? local : ipValue(peer, family) },
  ];
}

function details(spec: AddressSpec): readonly Attribute[] {
  const attributes: Attribute[] = [];
  if (spec.broadcast !== undefined)
    attributes.push({ type: IFA_BROADCAST, value: ipValue(spec.broadcast, spec.family) });
  if (spec.label !== undefined) attributes.push({ type: IFA_LABEL, value: labelValue(spec.label) });
  const flags = addressFlags(spec);
  if (flags !== 0) attributes.push({ type: IFA_FLAGS, value: uint32Value(flags) });
  if (spec.preferredLifetime !== undefined) {
    // struct ifa_cacheinfo: preferred, valid, created, updated
    attributes.push({ type: IFA_CACHEINFO, value: uint32Value(spec.preferredLifetime, FOREVER, 0, 0) });
  }
  if (spec.protocol !== undefined) attributes.push({ type: IFA_PROTO, value: Uint8Array.of(spec.protocol) });
  return attributes;
}

function labelValue(label: string): Uint8Array {
  const value = textValue(label);
  if (value.length - 1 > LABEL_BYTES_MAX) {
    throw new RangeError(`label ${label}: a label has at most ${LABEL_BYTES_MAX} bytes`);
  }
  return value;
}
