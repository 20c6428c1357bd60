// Links of rtnetlink(7): struct ifinfomsg and the attributes a VRRP router reads. Read only; links are not made here yet.
import { formatMac } from '@vrrp/wire/ip';

import { decodeAttributes, encodeAttributes, readText, readUint32, uint32Value } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import type { Link } from '../network-object.js';
import type { RtnlKind } from './kind.js';

export const LINK: RtnlKind<Link, never> = {
  kind: 'link',
  reading: 'read the links',
  create: /* RTM_NEWLINK */ 16,
  remove: /* RTM_DELLINK */ 17,
  dump: /* RTM_GETLINK */ 18,
  groups: [/* RTNLGRP_LINK */ 1],
  encodeDump: encodeLinkDump,
  encode: (spec) => spec,
  decode: decodeLink,
  describe: (spec) => spec,
  alreadyDone: () => false,
  asSpec: () => {
    throw new TypeError('links are not made here');
  },
};

// struct ifinfomsg: family 1, padding 1, type 2, index 4, flags 4, change mask 4
const INTERFACE_HEADER_BYTES = 16;
const INDEX = 4;
const FLAGS = 8;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINKINFO = 18;
const IFLA_EXT_MASK = 29;
const IFLA_INFO_KIND = 1;
/** Leaves the statistics out of a dump: most of its bytes. */
const RTEXT_FILTER_SKIP_STATS = 8;

/** netdevice(7). */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
const IFF_NOARP = 0x80;
const IFF_MULTICAST = 0x1000;

/** What asks for all links. */
export function encodeLinkDump(): Uint8Array {
  const filter = encodeAttributes([{ type: IFLA_EXT_MASK, value: uint32Value(RTEXT_FILTER_SKIP_STATS) }]);
  const bytes = new Uint8Array(INTERFACE_HEADER_BYTES + filter.length);
  bytes.set(filter, INTERFACE_HEADER_BYTES);
  return bytes;
}

/**
 * The link of an RTM_NEWLINK or RTM_DELLINK payload. Undefined when the bytes are too short or hold no name, and for
 * messages of another family: a bridge also reports its ports, and leaving a bridge looks like a deletion there.
 */
export function decodeLink(payload: Uint8Array): Link | undefined {
  if (payload.length < INTERFACE_HEADER_BYTES || payload[0] !== 0) return undefined;
  const view = viewOf(payload);
  const { attributes } = decodeAttributes(payload.subarray(INTERFACE_HEADER_BYTES));
  const name = attributes.get(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = view.getUint32(FLAGS, HOST_LITTLE_ENDIAN);
  const address = attributes.get(IFLA_ADDRESS);
  const information = attributes.get(IFLA_LINKINFO);
  const type = information && decodeAttributes(information).attributes.get(IFLA_INFO_KIND);
  return {
    kind: 'link',
    index: view.getInt32(INDEX, HOST_LITTLE_ENDIAN),
    name: readText(name),
    // Tunnels have addresses of other lengths, which are no MAC.
    mac: address?.length === 6 ? formatMac(address) : '',
    mtu: readUint32(attributes.get(IFLA_MTU)) ?? 0,
    adminUp: (flags & IFF_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0,
    multicast: (flags & IFF_MULTICAST) !== 0,
    loopback: (flags & IFF_LOOPBACK) !== 0,
    noArp: (flags & IFF_NOARP) !== 0,
    type: type === undefined ? '' : readText(type),
  };
}
