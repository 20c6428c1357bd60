// Links of rtnetlink(7): struct ifinfomsg and the attributes a VRRP router reads, and those of a macvlan that it makes.
import { formatMac, parseMac } from '@vrrp/wire/ip';

import {
  decodeAttributes,
  encodeAttributes,
  nested,
  readNested,
  readText,
  readUint32,
  textValue,
  uint32Value,
} from '../codec/attribute.js';
import type { Attribute } from '../codec/attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from '../codec/byte-order.js';
import type { Link, LinkSpec, MacvlanMode } from '../objects/link.js';
import type { ChangeAction, RtnlKind } from './kind.js';
import { checked, linkName } from './ip-value.js';

export const LINK: RtnlKind<Link, LinkSpec> = {
  kind: 'link',
  reading: 'read the links',
  create: /* RTM_NEWLINK */ 16,
  remove: /* RTM_DELLINK */ 17,
  dump: /* RTM_GETLINK */ 18,
  groups: [/* RTNLGRP_LINK */ 1],
  encodeDump: encodeLinkDump,
  encode: encodeLink,
  decode: decodeLink,
  // A link that is not there yet has nothing but its name.
  key: ({ index, name }) => `link/${index ?? name}`,
  describe: ({ name }) => `link ${name}`,
  // EEXIST says that there is a link of this name, whatever it is: that is not what was asked for.
  alreadyDone: (action, errno) => action === 'remove' && errno === ENODEV,
};

const ENODEV = 19;

// struct ifinfomsg: family 1, padding 1, type 2, index 4, flags 4, change mask 4
const INTERFACE_HEADER_BYTES = 16;
const INDEX = 4;
const FLAGS = 8;
const CHANGE_MASK = 12;

const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_LINK = 5;
const IFLA_LINKINFO = 18;
const IFLA_EXT_MASK = 29;
const IFLA_LINK_NETNSID = 37;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const IFLA_MACVLAN_MODE = 1;
const MACVLAN_MODES: { readonly [M in MacvlanMode]: number } = { private: 1, vepa: 2, bridge: 4, passthru: 8 };
/** Leaves the statistics out of a dump: most of its bytes. */
const RTEXT_FILTER_SKIP_STATS = 8;

/** netdevice(7). */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
const IFF_NOARP = 0x80;
const IFF_MULTICAST = 0x1000;

/** What asks for all links. */
function encodeLinkDump(): Uint8Array {
  const filter = encodeAttributes([{ type: IFLA_EXT_MASK, value: uint32Value(RTEXT_FILTER_SKIP_STATS) }]);
  const bytes = new Uint8Array(INTERFACE_HEADER_BYTES + filter.length);
  bytes.set(filter, INTERFACE_HEADER_BYTES);
  return bytes;
}

function encodeLink(spec: LinkSpec, action: ChangeAction): Uint8Array {
  const adding = action === 'add';
  const byName = adding || spec.index === undefined;
  const attributes = encodeAttributes([
    ...(byName ? [{ type: IFLA_IFNAME, value: linkName(spec.name) }] : []),
    ...(adding ? details(spec) : []),
  ]);
  const bytes = new Uint8Array(INTERFACE_HEADER_BYTES + attributes.length);
  const view = viewOf(bytes);
  if (!byName) view.setInt32(INDEX, spec.index ?? 0, HOST_LITTLE_ENDIAN);
  if (adding && spec.adminUp === true) {
    view.setUint32(FLAGS, IFF_UP, HOST_LITTLE_ENDIAN);
    view.setUint32(CHANGE_MASK, IFF_UP, HOST_LITTLE_ENDIAN);
  }
  bytes.set(attributes, INTERFACE_HEADER_BYTES);
  return bytes;
}

function details({ type, parentIndex, macvlanMode, mac, mtu }: LinkSpec): readonly Attribute[] {
  const macBytes = mac === undefined ? undefined : parseMac(mac);
  if (mac !== undefined && macBytes === undefined) throw new RangeError(`not a MAC: ${mac}`);
  return [
    { type: IFLA_LINK, value: uint32Value(parentIndex) },
    ...(macBytes === undefined ? [] : [{ type: IFLA_ADDRESS, value: macBytes }]),
    ...(mtu === undefined ? [] : [{ type: IFLA_MTU, value: uint32Value(checked('MTU', mtu, 0xffff_ffff)) }]),
    nested(IFLA_LINKINFO, [
      { type: IFLA_INFO_KIND, value: textValue(type) },
      nested(IFLA_INFO_DATA, [{ type: IFLA_MACVLAN_MODE, value: uint32Value(MACVLAN_MODES[macvlanMode]) }]),
    ]),
  ];
}

/**
 * The link of an RTM_NEWLINK or RTM_DELLINK payload. Undefined when the bytes are too short or hold no name, and for
 * messages of another family: a bridge also reports its ports, and leaving a bridge looks like a deletion there.
 */
function decodeLink(payload: Uint8Array): Link | undefined {
  if (payload.length < INTERFACE_HEADER_BYTES || payload[0] !== 0) return undefined;
  const view = viewOf(payload);
  const { attributes } = decodeAttributes(payload.subarray(INTERFACE_HEADER_BYTES));
  const name = attributes.get(IFLA_IFNAME);
  if (name === undefined) return undefined;
  const flags = view.getUint32(FLAGS, HOST_LITTLE_ENDIAN);
  const address = attributes.get(IFLA_ADDRESS);
  const information = readNested(attributes.get(IFLA_LINKINFO));
  const type = information.get(IFLA_INFO_KIND);
  // Of a veth, and of a link whose parent is in another namespace, it is no link of ours.
  const isAbroad = attributes.has(IFLA_LINK_NETNSID) || (type !== undefined && readText(type) === 'veth');
  const parentIndex = isAbroad ? undefined : readUint32(attributes.get(IFLA_LINK));
  const mode =
    type !== undefined && readText(type) === 'macvlan' ? macvlanMode(information.get(IFLA_INFO_DATA)) : undefined;
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
    ...(parentIndex === undefined || parentIndex === 0 ? {} : { parentIndex }),
    ...(mode === undefined ? {} : { macvlanMode: mode }),
  };
}

function macvlanMode(value: Uint8Array | undefined): MacvlanMode | undefined {
  const mode = readUint32(readNested(value).get(IFLA_MACVLAN_MODE));
  const modes = Object.keys(MACVLAN_MODES) as readonly MacvlanMode[];
  return modes.find((name) => MACVLAN_MODES[name] === mode);
}
