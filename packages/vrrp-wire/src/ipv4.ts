// The IPv4 header (RFC 791 §3.1) that keepalived-style raw sockets (IP_HDRINCL) send and receive around a VRRP message.
// Options are skipped, fragments refused: VRRP messages never need either.
//
//   0               1               2               3
//  +-------+-------+---------------+-------------------------------+
//  |Version|  IHL  |Type of service|         Total length          |
//  +-------+-------+---------------+-----+-------------------------+
//  |        Identification         |Flags|    Fragment offset      |
//  +---------------+---------------+-----+-------------------------+
//  |      TTL      |   Protocol    |        Header checksum        |
//  +---------------+---------------+-------------------------------+
//  |            Source             |          Destination          |   4 bytes each
//  +-------------------------------+-------------------------------+
import { copyBytes, readUint16, requireRange, requireRoom, writeUint16 } from './bytes.js';
import { addWords, checksumOf, foldSum } from './checksum.js';
import { formatIpAt, ipBytes } from './ip.js';
import type { IpInput } from './ip.js';
import type { Decoded, DecodeIssue } from './issue.js';

export const IPV4_HEADER_LENGTH = 20;

const TOS_OFFSET = 1;
const TOTAL_LENGTH_OFFSET = 2;
const IDENTIFICATION_OFFSET = 4;
const FRAGMENT_OFFSET = 6;
const TTL_OFFSET = 8;
const PROTOCOL_OFFSET = 9;
const HEADER_CHECKSUM_OFFSET = 10;
const SOURCE_OFFSET = 12;
const DESTINATION_OFFSET = 16;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET_MASK = 0x1fff;
const TOTAL_LENGTH_MAX = 0xffff;

export interface Ipv4HeaderFields {
  readonly source: IpInput;
  readonly destination: IpInput;
  /** 0..255 */
  readonly ttl: number;
  /** Type of service byte, 0..255; keepalived sends 0xc0. */
  readonly tos: number;
  /** 0..65535 */
  readonly identification: number;
  /** Bytes behind the header. */
  readonly payloadLength: number;
  /** 112 for VRRP, 51 for AH. */
  readonly protocol: number;
}

export interface Ipv4Datagram {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly tos: number;
  readonly identification: number;
  readonly protocol: number;
  /** Bytes of the header, 20..60. */
  readonly headerLength: number;
  /** Header and payload as the header counts them; more bytes than that are link-layer padding. */
  readonly totalLength: number;
  readonly headerChecksumOk: boolean;
  /** A view of what follows the header, without padding. */
  readonly payload: Uint8Array;
}

/**
 * Writes a header without options, Don't Fragment clear, checksum filled in; returns its 20 bytes.
 * Allocates nothing when the addresses are bytes.
 * @throws RangeError when the target is too small or a number does not fit; TypeError for what is no IPv4 address.
 */
export function encodeIpv4Header(target: Uint8Array, offset: number, fields: Ipv4HeaderFields): number {
  requireRoom(target, offset, IPV4_HEADER_LENGTH);
  requireRange('ttl', fields.ttl, 0, 0xff);
  requireRange('tos', fields.tos, 0, 0xff);
  requireRange('protocol', fields.protocol, 0, 0xff);
  requireRange('identification', fields.identification, 0, 0xffff);
  requireRange('payloadLength', fields.payloadLength, 0, TOTAL_LENGTH_MAX - IPV4_HEADER_LENGTH);
  target[offset] = (4 << 4) | (IPV4_HEADER_LENGTH / 4);
  target[offset + TOS_OFFSET] = fields.tos;
  writeUint16(target, offset + TOTAL_LENGTH_OFFSET, IPV4_HEADER_LENGTH + fields.payloadLength);
  writeUint16(target, offset + IDENTIFICATION_OFFSET, fields.identification);
  writeUint16(target, offset + FRAGMENT_OFFSET, 0);
  target[offset + TTL_OFFSET] = fields.ttl;
  target[offset + PROTOCOL_OFFSET] = fields.protocol;
  writeUint16(target, offset + HEADER_CHECKSUM_OFFSET, 0);
  copyBytes(target, offset + SOURCE_OFFSET, ipv4Bytes(fields.source));
  copyBytes(target, offset + DESTINATION_OFFSET, ipv4Bytes(fields.destination));
  const sum = addWords(0, target, offset, offset + IPV4_HEADER_LENGTH);
  writeUint16(target, offset + HEADER_CHECKSUM_OFFSET, checksumOf(sum));
  return IPV4_HEADER_LENGTH;
}

/**
 * Takes a datagram apart as a raw socket or a capture holds it. Never throws. A wrong header checksum is reported, not
 * refused: the kernel has already judged what a socket gives, and captures of sent packets often lack it (offload).
 */
export function decodeIpv4Datagram(bytes: Uint8Array): Decoded<Ipv4Datagram> {
  const headerLength = ((bytes[0] ?? 0) & 0x0f) * 4;
  const totalLength = readUint16(bytes, TOTAL_LENGTH_OFFSET);
  const issue = headerIssue(bytes, headerLength, totalLength);
  if (issue) return { ok: false, issue };
  return {
    ok: true,
    value: {
      source: formatIpAt(bytes, SOURCE_OFFSET, 4),
      destination: formatIpAt(bytes, DESTINATION_OFFSET, 4),
      ttl: bytes[TTL_OFFSET] ?? 0,
      tos: bytes[TOS_OFFSET] ?? 0,
      identification: readUint16(bytes, IDENTIFICATION_OFFSET),
      protocol: bytes[PROTOCOL_OFFSET] ?? 0,
      headerLength,
      totalLength,
      headerChecksumOk: foldSum(addWords(0, bytes, 0, headerLength)) === 0xffff,
      payload: bytes.subarray(headerLength, totalLength),
    },
  };
}

function headerIssue(bytes: Uint8Array, headerLength: number, totalLength: number): DecodeIssue | undefined {
  const section = 'RFC 791 §3.1';
  const received = bytes.length;
  const behind = { offset: received, length: 0, section, received };
  if (received < IPV4_HEADER_LENGTH) return { kind: 'truncated', ...behind, expected: IPV4_HEADER_LENGTH };
  const version = (bytes[0] ?? 0) >> 4;
  if (version !== 4) {
    return {
      kind: 'unexpected-value',
      offset: 0,
      length: 1,
      section,
      field: 'IP version',
      expected: 4,
      received: version,
    };
  }
  if (headerLength < IPV4_HEADER_LENGTH) {
    const counts = { expected: IPV4_HEADER_LENGTH, received: headerLength };
    return { kind: 'unexpected-value', offset: 0, length: 1, section, field: 'IP header length', ...counts };
  }
  if (totalLength < headerLength) {
    const place = { offset: TOTAL_LENGTH_OFFSET, length: 2, section };
    const counts = { expected: headerLength, received: totalLength };
    return { kind: 'unexpected-value', ...place, field: 'IP total length', ...counts };
  }
  const fragment = readUint16(bytes, FRAGMENT_OFFSET);
  const fragmentOffset = (fragment & FRAGMENT_OFFSET_MASK) * 8;
  const moreFragments = (fragment & MORE_FRAGMENTS) !== 0;
  if (fragmentOffset !== 0 || moreFragments) {
    return { kind: 'fragment', offset: FRAGMENT_OFFSET, length: 2, section, fragmentOffset, moreFragments };
  }
  return received < totalLength ? { kind: 'truncated', ...behind, expected: totalLength } : undefined;
}

function ipv4Bytes(address: IpInput): Uint8Array {
  const bytes = ipBytes(address);
  if (bytes.length !== 4) throw new TypeError(`not an IPv4 address: ${String(address)}`);
  return bytes;
}
