// From a captured frame to what it means for VRRP: an advertisement (with or without Authentication Header), an
// announcement (gratuitous ARP, neighbour advertisement), nothing of ours, or an issue placed within the frame.
import { decodeGratuitousArp } from '../announce/gratuitous-arp.js';
import type { GratuitousArp } from '../announce/gratuitous-arp.js';
import { decodeNeighborAdvertisement } from '../announce/neighbor-advertisement.js';
import type { NeighborAdvertisement } from '../announce/neighbor-advertisement.js';
import type { DecodeResult, EncodeContext } from '../advertisement.js';
import { AH_LENGTH, decodeAuthenticationHeader } from '../auth/ip-ah.js';
import { AH_PROTOCOL, VRRP_PROTOCOL } from '../constants.js';
import { decodeAdvertisement } from '../decode.js';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethernet.js';
import { decodeIpv4Datagram } from '../ipv4.js';
import { decodeIpv6Datagram } from '../ipv6.js';
import type { DecodeIssue } from '../issue.js';
import { findNetworkLayer, LINKTYPE_ETHERNET } from './link-layer.js';

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
  /** Anything else, whole or not. */
  | { readonly kind: 'other' }
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
  if (etherType === ETHERTYPE_IPV4) return decodeIpv4(frame, offset, vlans);
  if (etherType === ETHERTYPE_IPV6) return decodeIpv6(frame, { offset, vlans, linkType });
  if (etherType === ETHERTYPE_ARP && linkType === LINKTYPE_ETHERNET) {
    const announcement = decodeGratuitousArp(untagged(frame, offset));
    if (announcement.ok) return { kind: 'gratuitous-arp', announcement: announcement.value };
  }
  return OTHER;
}

function decodeIpv4(frame: Uint8Array, offset: number, vlans: readonly number[]): FrameContent {
  const bytes = frame.subarray(offset);
  const protocol = bytes[IPV4_PROTOCOL_OFFSET];
  // Other traffic is none of our business, however badly it was cut.
  if (protocol !== undefined && protocol !== VRRP_PROTOCOL && protocol !== AH_PROTOCOL) return OTHER;
  const datagram = decodeIpv4Datagram(bytes);
  if (!datagram.ok) return { kind: 'issue', issue: shifted(datagram.issue, offset) };
  const { headerLength, payload, source, destination, ttl } = datagram.value;
  const context = contextOf(bytes, IPV4_ADDRESSES_OFFSET, 4);
  const outer = { family: 4, source, destination, ttl, vlans, context } as const;
  const payloadOffset = offset + headerLength;
  return datagram.value.protocol === VRRP_PROTOCOL
    ? decodeMessage(payload, payloadOffset, outer)
    : decodeAuthenticated(payload, payloadOffset, outer);
}

function decodeIpv6(
  frame: Uint8Array,
  {
    offset,
    vlans,
    linkType,
  }: { readonly offset: number; readonly vlans: readonly number[]; readonly linkType: number },
): FrameContent {
  const bytes = frame.subarray(offset);
  const datagram = decodeIpv6Datagram(bytes);
  // The protocol stands behind the extension headers, so of a cut datagram only the group tells whose it is.
  if (!datagram.ok)
    return isForVrrpGroup(frame, offset) ? { kind: 'issue', issue: shifted(datagram.issue, offset) } : OTHER;
  const { headerLength, payload, source, destination, hopLimit, protocol } = datagram.value;
  const context = contextOf(bytes, IPV6_ADDRESSES_OFFSET, 16);
  const outer = { family: 6, source, destination, ttl: hopLimit, vlans, context } as const;
  if (protocol === VRRP_PROTOCOL) return decodeMessage(payload, offset + headerLength, outer);
  if (protocol === AH_PROTOCOL) return decodeAuthenticated(payload, offset + headerLength, outer);
  if (protocol !== ICMPV6_PROTOCOL || linkType !== LINKTYPE_ETHERNET) return OTHER;
  const announcement = decodeNeighborAdvertisement(untagged(frame, offset));
  return announcement.ok ? { kind: 'neighbor-advertisement', announcement: announcement.value } : OTHER;
}

interface Outer extends Omit<VrrpPacket, 'message' | 'result' | 'authenticationHeader'> {
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
  const { family, source, destination, ttl, vlans, authenticationHeader } = outer;
  const result = placedAt(decodeAdvertisement(message, outer.context), offset);
  // Field by field: copying objects whole costs more than everything else about a packet.
  const packet: VrrpPacket = { family, source, destination, ttl, vlans, message, result };
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
