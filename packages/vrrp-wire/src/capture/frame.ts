// From a captured frame to what it means for VRRP: an advertisement (with or without Authentication Header), an
// announcement (gratuitous ARP, neighbour advertisement), nothing of ours, or an issue placed within the frame.
import { decodeGratuitousArp } from '../announce/gratuitous-arp.js';
import type { GratuitousArp } from '../announce/gratuitous-arp.js';
import { decodeNeighborAdvertisement } from '../announce/neighbor-advertisement.js';
import type { NeighborAdvertisement } from '../announce/neighbor-advertisement.js';
import type { DecodeResult, EncodeContext } from '../advertisement.js';
import { AH_LENGTH, decodeAuthenticationHeader } from '../auth/ip-ah.js';
import { readUint16 } from '../bytes.js';
import { AH_PROTOCOL, VRRP_PROTOCOL } from '../constants.js';
import { decodeAdvertisement } from '../decode.js';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethernet.js';
import { decodeIpv4Datagram } from '../ipv4.js';
import { decodeIpv6Datagram } from '../ipv6.js';
import type { DecodeIssue } from '../issue.js';
import { behindEtherType, behindProtocol, ENCAPSULATIONS_MAX } from './encapsulation.js';
import type { Encapsulated } from './encapsulation.js';
import { findNetworkLayer, LINKTYPE_ETHERNET } from './link-layer.js';

const IPV4_FRAGMENT_OFFSET = 6;
const FRAGMENT_MASK = 0x1fff;
const IPV4_PROTOCOL_OFFSET = 9;
/** Source and destination stand side by side in both headers (RFC 791 §3.1, RFC 8200 §3). */
const IPV4_ADDRESSES_OFFSET = 12;
const IPV6_ADDRESSES_OFFSET = 8;
const ICMPV6_PROTOCOL = 58;

/** A datagram with a VRRP message, as it was on the wire. */
export interface VrrpPacket {
  readonly family: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit. */
  readonly ttl: number;
  /** VLAN identifiers, outermost first. */
  readonly vlans: readonly number[];
  /** What it was wrapped in, outermost first; left out when in nothing. */
  readonly encapsulation?: readonly string[];
  /** Version 2 authentication type 2 only. */
  readonly authenticationHeader?: { readonly spi: string; readonly sequence: number };
  /** The VRRP message and what follows it, a view into the frame. */
  readonly message: Uint8Array;
  /** Issues and remarks are placed within the frame, not within the message. */
  readonly result: DecodeResult;
}

export type FrameContent =
  | { readonly kind: 'vrrp'; readonly packet: VrrpPacket }
  | { readonly kind: 'gratuitous-arp'; readonly announcement: GratuitousArp }
  | { readonly kind: 'neighbor-advertisement'; readonly announcement: NeighborAdvertisement }
  /** Anything else, whole or not; `skipped` names an encapsulation that could not be looked into. */
  | { readonly kind: 'other'; readonly skipped?: string }
  /** Something that is or may be VRRP, but cannot be read down to the message. */
  | { readonly kind: 'issue'; readonly issue: DecodeIssue };

const OTHER: FrameContent = { kind: 'other' };

/**
 * Reads one captured frame. Never throws. Checksums of version 3 over IPv4 are taken in any form; `result.checksum` says
 * which it was.
 * @param linkType the capture's LINKTYPE_ number
 */
export function decodeFrame(frame: Uint8Array, linkType: number): FrameContent {
  const layer = findNetworkLayer(frame, linkType);
  if (!layer.ok) return { kind: 'issue', issue: layer.issue };
  const { etherType, offset, vlans } = layer.value;
  return decodeNetwork(frame, etherType, {
    offset,
    vlans,
    wrappers: NOTHING,
    isEthernet: linkType === LINKTYPE_ETHERNET,
  });
}

/** Where a datagram starts, and what is around it. */
interface Place {
  readonly offset: number;
  readonly vlans: readonly number[];
  readonly wrappers: readonly string[];
  /** The captured frame is an Ethernet frame. */
  readonly isEthernet: boolean;
}

const NOTHING: readonly string[] = [];

function decodeNetwork(frame: Uint8Array, etherType: number, place: Place): FrameContent {
  if (etherType === ETHERTYPE_IPV4) return decodeIpv4(frame, place);
  if (etherType === ETHERTYPE_IPV6) return decodeIpv6(frame, place);
  if (etherType === ETHERTYPE_ARP) return decodeArp(frame, place);
  return decodeInner(frame, behindEtherType(frame, etherType, place.offset), place);
}

/** Announcements are looked for in plain frames only: within others they are somebody else's LAN. */
function decodeArp(frame: Uint8Array, { offset, wrappers, isEthernet }: Place): FrameContent {
  if (!isEthernet || wrappers.length > 0) return OTHER;
  const announcement = decodeGratuitousArp(untagged(frame, offset));
  return announcement.ok ? { kind: 'gratuitous-arp', announcement: announcement.value } : OTHER;
}

function decodeInner(frame: Uint8Array, inner: Encapsulated | undefined, place: Place): FrameContent {
  if (inner === undefined) return OTHER;
  const skipped: FrameContent = { kind: 'other', skipped: inner.name };
  if (inner.kind === 'opaque' || place.wrappers.length >= ENCAPSULATIONS_MAX || inner.offset >= frame.length) {
    return skipped;
  }
  const wrappers = [...place.wrappers, inner.name];
  if (inner.kind === 'network')
    return decodeNetwork(frame, inner.etherType, { ...place, offset: inner.offset, wrappers });
  const layer = findNetworkLayer(frame.subarray(inner.offset), LINKTYPE_ETHERNET);
  if (!layer.ok) return skipped;
  const { etherType, offset, vlans } = layer.value;
  return decodeNetwork(frame, etherType, {
    ...place,
    offset: inner.offset + offset,
    vlans: [...place.vlans, ...vlans],
    wrappers,
  });
}

function decodeIpv4(frame: Uint8Array, place: Place): FrameContent {
  const { offset, vlans, wrappers } = place;
  const bytes = frame.subarray(offset);
  const protocol = bytes[IPV4_PROTOCOL_OFFSET];
  // Other traffic is none of our business, however badly it was cut.
  if (protocol !== undefined && protocol !== VRRP_PROTOCOL && protocol !== AH_PROTOCOL) {
    // A later fragment has no header of what is inside.
    if ((readUint16(bytes, IPV4_FRAGMENT_OFFSET) & FRAGMENT_MASK) !== 0) return OTHER;
    const headerLength = ((bytes[0] ?? 0) & 0x0f) * 4;
    return decodeInner(frame, behindProtocol(frame, protocol, offset + headerLength), place);
  }
  const datagram = decodeIpv4Datagram(bytes);
  if (!datagram.ok) return { kind: 'issue', issue: shifted(datagram.issue, offset) };
  const { headerLength, payload, source, destination, ttl } = datagram.value;
  const context = contextOf(bytes, IPV4_ADDRESSES_OFFSET, 4);
  const outer = { family: 4, source, destination, ttl, vlans, wrappers, context } as const;
  const payloadOffset = offset + headerLength;
  return datagram.value.protocol === VRRP_PROTOCOL
    ? decodeMessage(payload, payloadOffset, outer)
    : decodeAuthenticated(payload, payloadOffset, outer);
}

function decodeIpv6(frame: Uint8Array, place: Place): FrameContent {
  const { offset, vlans, wrappers, isEthernet } = place;
  const bytes = frame.subarray(offset);
  const datagram = decodeIpv6Datagram(bytes);
  // The protocol stands behind the extension headers, so of a cut datagram only the group tells whose it is.
  if (!datagram.ok)
    return isForVrrpGroup(frame, offset) ? { kind: 'issue', issue: shifted(datagram.issue, offset) } : OTHER;
  const { headerLength, payload, source, destination, hopLimit, protocol } = datagram.value;
  const context = contextOf(bytes, IPV6_ADDRESSES_OFFSET, 16);
  const outer = { family: 6, source, destination, ttl: hopLimit, vlans, wrappers, context } as const;
  if (protocol === VRRP_PROTOCOL) return decodeMessage(payload, offset + headerLength, outer);
  if (protocol === AH_PROTOCOL) return decodeAuthenticated(payload, offset + headerLength, outer);
  if (protocol !== ICMPV6_PROTOCOL)
    return decodeInner(frame, behindProtocol(frame, protocol, offset + headerLength), place);
  if (!isEthernet || wrappers.length > 0) return OTHER;
  const announcement = decodeNeighborAdvertisement(untagged(frame, offset));
  return announcement.ok ? { kind: 'neighbor-advertisement', announcement: announcement.value } : OTHER;
}

interface Outer extends Omit<VrrpPacket, 'message' | 'result' | 'authenticationHeader' | 'encapsulation'> {
  readonly wrappers: readonly string[];
  readonly context: EncodeContext;
}

/** The addresses as they stand in the header: parsing their text again would cost more than all the rest of a message. */
function contextOf(datagram: Uint8Array, offset: number, length: 4 | 16): EncodeContext {
  const source = datagram.subarray(offset, offset + length);
  const destination = datagram.subarray(offset + length, offset + 2 * length);
  return { source, destination, checksum: 'auto' };
}

function decodeAuthenticated(payload: Uint8Array, offset: number, outer: Outer): FrameContent {
  const header = decodeAuthenticationHeader(payload);
  // AH also protects other protocols (IPsec), so what is no VRRP is no issue.
  if (!header.ok || header.value.nextHeader !== VRRP_PROTOCOL) return OTHER;
  const { spi, sequence } = header.value;
  return decodeMessage(header.value.payload, offset + AH_LENGTH, { ...outer, authenticationHeader: { spi, sequence } });
}

function decodeMessage(
  message: Uint8Array,
  offset: number,
  outer: Outer & Pick<VrrpPacket, 'authenticationHeader'>,
): FrameContent {
  const { family, source, destination, ttl, vlans, wrappers, authenticationHeader } = outer;
  const result = placedAt(decodeAdvertisement(message, outer.context), offset);
  // Field by field: copying objects whole costs more than everything else about a packet.
  const plain: VrrpPacket = { family, source, destination, ttl, vlans, message, result };
  const packet = wrappers.length === 0 ? plain : { ...plain, encapsulation: wrappers };
  return { kind: 'vrrp', packet: authenticationHeader ? { ...packet, authenticationHeader } : packet };
}

/** The result with its issues placed within the frame. */
function placedAt(result: DecodeResult, offset: number): DecodeResult {
  if (!result.ok) return { ...result, issue: shifted(result.issue, offset) };
  if (result.remarks.length === 0) return result;
  return { ...result, remarks: result.remarks.map((remark) => shifted(remark, offset)) };
}

/** ff02::12, read from the destination field of what may be less than a header. */
function isForVrrpGroup(frame: Uint8Array, offset: number): boolean {
  const destination = offset + 24;
  if (frame[destination] !== 0xff || frame[destination + 1] !== 0x02 || frame[destination + 15] !== 0x12) return false;
  return frame.subarray(destination + 2, destination + 15).every((byte) => byte === 0);
}

/** The frame as it would be without VLAN tags: what the announcement decoders read. */
function untagged(frame: Uint8Array, networkOffset: number): Uint8Array {
  if (networkOffset === ETHERNET_HEADER_LENGTH) return frame;
  const copy = new Uint8Array(frame.length - networkOffset + ETHERNET_HEADER_LENGTH);
  copy.set(frame.subarray(0, ETHERNET_HEADER_LENGTH));
  // The last two bytes before the network layer are its type.
  copy.set(frame.subarray(networkOffset - 2), ETHERNET_HEADER_LENGTH - 2);
  return copy;
}

function shifted(issue: DecodeIssue, by: number): DecodeIssue {
  return { ...issue, offset: issue.offset + by };
}
