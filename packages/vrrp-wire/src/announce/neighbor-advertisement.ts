// The unsolicited Neighbour Advertisement (RFC 4861 §4.4, §7.2.6) a Master multicasts for each IPv6 address it takes
// over, as a whole Ethernet frame: from the address itself to all nodes, Override set, Solicited clear, with the target
// link-layer address option. RFC 9568 §6.4.1 (310) asks for it.
//
//   Ethernet: 33:33:00:00:00:01 <- mac, 0x86dd; IPv6: address -> ff02::1, next header 58, hop limit 255
//  +---------------+---------------+-------------------------------+
//  |   Type 136    |    Code 0     |           Checksum            |
//  +-+-+-+---------+---------------+-------------------------------+
//  |R|S|O|                       reserved                          |
//  +-+-+-+---------------------------------------------------------+
//  |                       Target address                          |   16 bytes
//  +---------------+---------------+-------------------------------+
//  |   Option 2    |   Length 1    |   Target link-layer address   |   6 bytes
//  +---------------+---------------+-------------------------------+
import { copyBytes, readUint16, writeUint16 } from '../bytes.js';
import { addWords, checksumOf, foldSum, pseudoHeaderSum } from '../checksum.js';
import { ETHERNET_HEADER_LENGTH, ETHERTYPE_IPV6, ETHERTYPE_OFFSET, writeEthernetHeader } from '../ethernet.js';
import { formatIp, formatMac, ipBytes, macBytes } from '../ip.js';
import type { IpInput, MacInput } from '../ip.js';
import type { Decoded, DecodeIssue } from '../issue.js';

const IPV6_HEADER_LENGTH = 40;
const ICMP_LENGTH = 32;
const FRAME_LENGTH = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + ICMP_LENGTH;

// Offsets within the frame.
const IP_OFFSET = ETHERNET_HEADER_LENGTH;
const PAYLOAD_LENGTH_OFFSET = IP_OFFSET + 4;
const NEXT_HEADER_OFFSET = IP_OFFSET + 6;
const HOP_LIMIT_OFFSET = IP_OFFSET + 7;
const SOURCE_OFFSET = IP_OFFSET + 8;
const DESTINATION_OFFSET = IP_OFFSET + 24;
const ICMP_OFFSET = IP_OFFSET + IPV6_HEADER_LENGTH;
const CHECKSUM_OFFSET = ICMP_OFFSET + 2;
const FLAGS_OFFSET = ICMP_OFFSET + 4;
const TARGET_OFFSET = ICMP_OFFSET + 8;
const OPTION_OFFSET = ICMP_OFFSET + 24;
const OPTION_MAC_OFFSET = ICMP_OFFSET + 26;

const ICMPV6_PROTOCOL = 58;
const HOP_LIMIT = 255;
/** Type 136 (Neighbour Advertisement), code 0. */
const TYPE_AND_CODE = 136 << 8;
const FLAG_ROUTER = 0x80;
const FLAG_SOLICITED = 0x40;
const FLAG_OVERRIDE = 0x20;
/** Option type 2 (target link-layer address), length 1 (unit: 8 bytes). */
const OPTION_TYPE_AND_LENGTH = 0x0201;
const ALL_NODES_MAC = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);
const ALL_NODES = Uint8Array.of(0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

export interface NeighborAdvertisement {
  /** The target link-layer address, lower-case colon form. */
  readonly mac: string;
  /** The target address. */
  readonly address: string;
  readonly router: boolean;
  readonly override: boolean;
  readonly solicited: boolean;
}

/**
 * The 86 bytes of the frame.
 * @param announcement `router`: whether this host forwards IPv6, the R flag
 * @throws TypeError when `mac` is no MAC address or `address` no IPv6 address.
 */
export function encodeNeighborAdvertisement(announcement: {
  readonly mac: MacInput;
  readonly address: IpInput;
  readonly router: boolean;
}): Uint8Array {
  const mac = macBytes(announcement.mac);
  const address = ipBytes(announcement.address);
  if (address.length !== 16) throw new TypeError(`not an IPv6 address: ${String(announcement.address)}`);
  const frame = new Uint8Array(FRAME_LENGTH);
  writeEthernetHeader(frame, { destination: ALL_NODES_MAC, source: mac, type: ETHERTYPE_IPV6 });
  frame[IP_OFFSET] = 6 << 4;
  writeUint16(frame, PAYLOAD_LENGTH_OFFSET, ICMP_LENGTH);
  frame[NEXT_HEADER_OFFSET] = ICMPV6_PROTOCOL;
  frame[HOP_LIMIT_OFFSET] = HOP_LIMIT;
  copyBytes(frame, SOURCE_OFFSET, address);
  copyBytes(frame, DESTINATION_OFFSET, ALL_NODES);
  writeUint16(frame, ICMP_OFFSET, TYPE_AND_CODE);
  frame[FLAGS_OFFSET] = FLAG_OVERRIDE | (announcement.router ? FLAG_ROUTER : 0);
  copyBytes(frame, TARGET_OFFSET, address);
  writeUint16(frame, OPTION_OFFSET, OPTION_TYPE_AND_LENGTH);
  copyBytes(frame, OPTION_MAC_OFFSET, mac);
  writeUint16(frame, CHECKSUM_OFFSET, checksumOf(icmpSum(frame)));
  return frame;
}

/**
 * Reads a frame that announces an address by Neighbour Advertisement with exactly the link-layer address option, as
 * every VRRP router sends it. Never throws.
 */
export function decodeNeighborAdvertisement(frame: Uint8Array): Decoded<NeighborAdvertisement> {
  const issue = advertisementIssue(frame);
  if (issue) return { ok: false, issue };
  const flags = frame[FLAGS_OFFSET] ?? 0;
  return {
    ok: true,
    value: {
      mac: formatMac(frame.subarray(OPTION_MAC_OFFSET, OPTION_MAC_OFFSET + 6)),
      address: formatIp(frame.subarray(TARGET_OFFSET, TARGET_OFFSET + 16)),
      router: (flags & FLAG_ROUTER) !== 0,
      override: (flags & FLAG_OVERRIDE) !== 0,
      solicited: (flags & FLAG_SOLICITED) !== 0,
    },
  };
}

function advertisementIssue(frame: Uint8Array): DecodeIssue | undefined {
  const section = 'RFC 4861 §4.4';
  if (frame.length < FRAME_LENGTH) {
    const counts = { expected: FRAME_LENGTH, received: frame.length };
    return { kind: 'truncated', offset: frame.length, length: 0, section, ...counts };
  }
  const fixed: readonly (readonly [
    field: string,
    offset: number,
    length: 1 | 2,
    expected: number,
    received: number,
  ])[] = [
    ['Ethernet type', ETHERTYPE_OFFSET, 2, ETHERTYPE_IPV6, readUint16(frame, ETHERTYPE_OFFSET)],
    ['IP version', IP_OFFSET, 1, 6, (frame[IP_OFFSET] ?? 0) >> 4],
    ['IPv6 payload length', PAYLOAD_LENGTH_OFFSET, 2, ICMP_LENGTH, readUint16(frame, PAYLOAD_LENGTH_OFFSET)],
    ['IPv6 next header', NEXT_HEADER_OFFSET, 1, ICMPV6_PROTOCOL, frame[NEXT_HEADER_OFFSET] ?? 0],
    ['IPv6 hop limit', HOP_LIMIT_OFFSET, 1, HOP_LIMIT, frame[HOP_LIMIT_OFFSET] ?? 0],
    ['ICMPv6 type and code', ICMP_OFFSET, 2, TYPE_AND_CODE, readUint16(frame, ICMP_OFFSET)],
    ['option type and length', OPTION_OFFSET, 2, OPTION_TYPE_AND_LENGTH, readUint16(frame, OPTION_OFFSET)],
  ];
  for (const [field, offset, length, expected, received] of fixed) {
    if (received !== expected) return { kind: 'unexpected-value', offset, length, section, field, expected, received };
  }
  const sum = icmpSum(frame);
  if (foldSum(sum) === 0xffff) return undefined;
  const received = readUint16(frame, CHECKSUM_OFFSET);
  const expected = checksumOf(sum - received);
  return { kind: 'bad-checksum', offset: CHECKSUM_OFFSET, length: 2, section: 'RFC 4443 §2.3', received, expected };
}

/** The sum of the ICMPv6 message and its pseudo header, checksum field included. */
function icmpSum(frame: Uint8Array): number {
  const source = frame.subarray(SOURCE_OFFSET, SOURCE_OFFSET + 16);
  const destination = frame.subarray(DESTINATION_OFFSET, DESTINATION_OFFSET + 16);
  return addWords(pseudoHeaderSum(source, destination, ICMPV6_PROTOCOL, ICMP_LENGTH), frame, ICMP_OFFSET, FRAME_LENGTH);
}
