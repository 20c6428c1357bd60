// Neighbours of rtnetlink(7): struct ndmsg and its attributes, both ways: who has an address on a link, for ever. Only entries
// of our protocol are read or heard of; what the kernel learns by itself is none of our work.
import { formatMac, parseMac } from '@vrrp/wire/ip';

import { decodeAttributes, encodeAttributes } from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import type { Neighbour, NeighbourSpec } from '../objects/neighbour.js';
import type { ChangeAction, RtnlKind } from './kind.js';
import { addressFamily, checked, familyOf, ipValue, readIp } from './ip-value.js';

export const NEIGHBOUR: RtnlKind<Neighbour, NeighbourSpec> = {
  kind: 'neighbour',
  reading: 'read the neighbours',
  create: /* RTM_NEWNEIGH */ 28,
  remove: /* RTM_DELNEIGH */ 29,
  dump: /* RTM_GETNEIGH */ 30,
  groups: [/* RTNLGRP_NEIGH */ 3],
  encodeDump: () => new Uint8Array(NEIGHBOUR_HEADER_BYTES),
  encode: encodeNeighbour,
  decode: decodeNeighbour,
  key: ({ linkIndex, address }) => `neighbour/${linkIndex}/${address}`,
  describe: ({ address, linkIndex }) => `neighbour ${address} on link ${linkIndex}`,
  // EEXIST says that there is an entry of this address, whoever it names: that is not what was asked for.
  alreadyDone: (action, errno) => action === 'remove' && GONE.has(errno),
};

const GONE: ReadonlySet<number> = new Set([/* ENOENT */ 2, /* ENODEV */ 19, /* ENXIO */ 6]);

// struct ndmsg: family 1, padding 3, link index 4, state 2, flags 1, type 1
export const NEIGHBOUR_HEADER_BYTES = 12;
const LINK_INDEX = 4;
const STATE = 8;
const NUD_PERMANENT = 0x80;

const NDA_DST = 1;
const NDA_LLADDR = 2;
export const NDA_PROTOCOL = 12;

function encodeNeighbour(spec: NeighbourSpec, action: ChangeAction): Uint8Array {
  const { family, address, linkIndex } = spec;
  const name: Attribute = { type: NDA_DST, value: ipValue(address, family) };
  const attributes = encodeAttributes(action === 'add' ? [name, ...details(spec)] : [name]);
  const bytes = new Uint8Array(NEIGHBOUR_HEADER_BYTES + attributes.length);
  const view = viewOf(bytes);
  bytes[0] = addressFamily(family);
  view.setInt32(LINK_INDEX, linkIndex, HOST_LITTLE_ENDIAN);
  view.setUint16(STATE, NUD_PERMANENT, HOST_LITTLE_ENDIAN);
  bytes.set(attributes, NEIGHBOUR_HEADER_BYTES);
  return bytes;
}

function decodeNeighbour(payload: Uint8Array): Neighbour | undefined {
  const family = familyOf(payload[0]);
  if (payload.length < NEIGHBOUR_HEADER_BYTES || family === undefined) return undefined;
  const { attributes } = decodeAttributes(payload.subarray(NEIGHBOUR_HEADER_BYTES));
  const address = readIp(attributes.get(NDA_DST), family);
  if (attributes.get(NDA_PROTOCOL)?.[0] !== VRRP_PROTOCOL || address === undefined) return undefined;
  const view = viewOf(payload);
  const mac = attributes.get(NDA_LLADDR);
  return {
    kind: 'neighbour',
    family,
    address,
    linkIndex: view.getInt32(LINK_INDEX, HOST_LITTLE_ENDIAN),
    mac: mac?.length === 6 ? formatMac(mac) : '',
    state: view.getUint16(STATE, HOST_LITTLE_ENDIAN),
    protocol: VRRP_PROTOCOL,
  };
}

function details({ mac, protocol = VRRP_PROTOCOL }: NeighbourSpec): readonly Attribute[] {
  const bytes = parseMac(mac);
  if (bytes === undefined) throw new RangeError(`not a MAC: ${mac}`);
  return [
    { type: NDA_LLADDR, value: bytes },
    { type: NDA_PROTOCOL, value: Uint8Array.of(checked('protocol', protocol, 255)) },
  ];
}
