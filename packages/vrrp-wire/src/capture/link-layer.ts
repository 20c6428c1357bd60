// From a captured frame to the network layer within it: Ethernet II with VLAN tags, Linux cooked capture versions 1 and 2,
// raw IP, BSD null/loopback. Numbers are tcpdump's LINKTYPE_ values, which pcap and pcapng share.
import { readUint16, readUint32 } from '../bytes.js';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_OFFSET } from '../ethernet.js';
import type { Decoded, DecodeIssue } from '../issue.js';

export const LINKTYPE_NULL = 0;
export const LINKTYPE_ETHERNET = 1;
export const LINKTYPE_RAW = 101;
export const LINKTYPE_LOOP = 108;
export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_IPV4 = 228;
export const LINKTYPE_IPV6 = 229;
export const LINKTYPE_LINUX_SLL2 = 276;
/** DLT_RAW of the BSDs, which leaked into files before LINKTYPE_RAW was agreed on. */
const LINKTYPE_RAW_BSD = 12;
const LINKTYPE_RAW_OPENBSD = 14;

const SLL_LENGTH = 16;
const SLL_PROTOCOL_OFFSET = 14;
const SLL2_LENGTH = 20;
const FAMILY_LENGTH = 4;
const VLAN_TAG_LENGTH = 4;
const VLAN_ID_MASK = 0x0fff;
/** 802.1ad allows two tags, some equipment stacks a third; more is not read. */
const VLAN_TAGS_MAX = 4;
const FAMILY_IPV4 = 2;
/** AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, Darwin. */
const FAMILIES_IPV6: ReadonlySet<number> = new Set([10, 24, 28, 30]);
const LINK_SECTION = 'draft-ietf-opsawg-pcaplinktype §2';

export interface NetworkLayer {
  /** EtherType of what starts at `offset`; 0 when the link type has another numbering or none of ours. */
  readonly etherType: number;
  /** Where the network layer starts within the frame. */
  readonly offset: number;
  /** VLAN identifiers, outermost first. */
  readonly vlans: readonly number[];
}

/** Finds the network layer of a frame. Never throws. */
export function findNetworkLayer(frame: Uint8Array, linkType: number): Decoded<NetworkLayer> {
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      return skipVlanTags(frame, ETHERTYPE_OFFSET, ETHERNET_HEADER_LENGTH);
    case LINKTYPE_LINUX_SLL:
      return skipVlanTags(frame, SLL_PROTOCOL_OFFSET, SLL_LENGTH);
    case LINKTYPE_LINUX_SLL2:
      return skipVlanTags(frame, 0, SLL2_LENGTH);
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
      return readFamily(frame, linkType);
    case LINKTYPE_RAW:
    case LINKTYPE_RAW_BSD:
    case LINKTYPE_RAW_OPENBSD:
    case LINKTYPE_IPV4:
    case LINKTYPE_IPV6:
      return readIpVersion(frame);
    default: {
      const place = { offset: 0, length: frame.length, section: LINK_SECTION };
      return { ok: false, issue: { kind: 'unsupported-link-type', ...place, linkType } };
    }
  }
}

/** IEEE 802.1Q §9: each tag stands before the type it displaced. */
function skipVlanTags(frame: Uint8Array, typeOffset: number, headerLength: number): Decoded<NetworkLayer> {
  if (frame.length < headerLength) return { ok: false, issue: cut(frame, headerLength, 'IEEE 802.3 §3.1.1') };
  const vlans: number[] = [];
  let etherType = readUint16(frame, typeOffset);
  let offset = headerLength;
  while (isVlanTag(etherType) && vlans.length < VLAN_TAGS_MAX) {
    if (frame.length < offset + VLAN_TAG_LENGTH) {
      return { ok: false, issue: cut(frame, offset + VLAN_TAG_LENGTH, 'IEEE 802.1Q §9.6') };
    }
    vlans.push(readUint16(frame, offset) & VLAN_ID_MASK);
    etherType = readUint16(frame, offset + 2);
    offset += VLAN_TAG_LENGTH;
  }
  return { ok: true, value: { etherType, offset, vlans } };
}

function isVlanTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8 || etherType === 0x9100;
}

/** LINKTYPE_NULL carries the address family in the byte order of the capturing host, LINKTYPE_LOOP in network order. */
function readFamily(frame: Uint8Array, linkType: number): Decoded<NetworkLayer> {
  if (frame.length < FAMILY_LENGTH) return { ok: false, issue: cut(frame, FAMILY_LENGTH, LINK_SECTION) };
  const networkOrder = readUint32(frame, 0);
  // A family is a small number: in the other byte order its low half is empty.
  const swapped = linkType === LINKTYPE_NULL && networkOrder > 0xffff;
  const family = swapped ? ((frame[1] ?? 0) << 8) | (frame[0] ?? 0) : networkOrder;
  const ipv6 = FAMILIES_IPV6.has(family) ? ETHERTYPE_IPV6 : 0;
  return {
    ok: true,
    value: { etherType: family === FAMILY_IPV4 ? ETHERTYPE_IPV4 : ipv6, offset: FAMILY_LENGTH, vlans: [] },
  };
}

function readIpVersion(frame: Uint8Array): Decoded<NetworkLayer> {
  if (frame.length === 0) return { ok: false, issue: cut(frame, 1, LINK_SECTION) };
  const version = (frame[0] ?? 0) >> 4;
  const ipv6 = version === 6 ? ETHERTYPE_IPV6 : 0;
  return { ok: true, value: { etherType: version === 4 ? ETHERTYPE_IPV4 : ipv6, offset: 0, vlans: [] } };
}

function cut(frame: Uint8Array, expected: number, section: string): DecodeIssue {
  return { kind: 'truncated', offset: frame.length, length: 0, section, expected, received: frame.length };
}
