// Version 2 authentication type 2: the IP Authentication Header (RFC 2402 §2, RFC 2338 §5.3.6.3) with HMAC-MD5-96
// (RFC 2403), as keepalived puts it between the IPv4 header and the message. Layout, what is authenticated, and the replay
// window as a pure step. The HMAC itself comes from the platform: pass a function.
//
//   0               1               2               3
//  +---------------+---------------+-------------------------------+
//  |  Next header  |Payload length |           Reserved            |
//  +---------------+---------------+-------------------------------+
//  |             Security parameters index (SPI)                   |   keepalived: the source address
//  +---------------------------------------------------------------+
//  |                    Sequence number                            |   from 1
//  +---------------------------------------------------------------+
//  |            Integrity check value, 12 bytes                    |
//  +---------------------------------------------------------------+
import { copyBytes, readUint32, requireRange, requireRoom } from '../bytes.js';
import { VRRP_PROTOCOL } from '../constants.js';
import { formatIpAt } from '../ip.js';
import { IPV4_HEADER_LENGTH } from '../ipv4.js';
import type { Decoded } from '../issue.js';

/** Computes HMAC-MD5 (16 bytes); `node:crypto`: `createHmac('md5', key).update(input).digest()`. */
export type HmacMd5 = (key: Uint8Array, input: Uint8Array) => Uint8Array;

export const AH_LENGTH = 24;
/** Bytes of the HMAC that are sent. */
export const AH_ICV_LENGTH = 12;

const ICV_OFFSET = 12;
const SPI_OFFSET = 4;
const SEQUENCE_OFFSET = 8;
/** Length field: 32-bit words minus 2 (RFC 2402 §2.2). */
const LENGTH_FIELD = AH_LENGTH / 4 - 2;
const SEQUENCE_MAX = 0xffff_ffff;

const IPV4_TOS_OFFSET = 1;
const IPV4_FRAGMENT_OFFSET = 6;
const IPV4_TTL_OFFSET = 8;
const IPV4_CHECKSUM_OFFSET = 10;

export interface AuthenticationHeader {
  /** Protocol of what follows; 112 for VRRP. */
  readonly nextHeader: number;
  /** As dotted quad, because keepalived puts its source address here. */
  readonly spi: string;
  /** 0..2^32-1 */
  readonly sequence: number;
  /** A view of the 12 bytes. */
  readonly icv: Uint8Array;
  /** A view of what follows the header. */
  readonly payload: Uint8Array;
}

/** Reads the header at the start of an IP payload. Never throws. */
export function decodeAuthenticationHeader(bytes: Uint8Array): Decoded<AuthenticationHeader> {
  const section = 'RFC 2402 §2';
  if (bytes.length < AH_LENGTH) {
    const counts = { expected: AH_LENGTH, received: bytes.length };
    return { ok: false, issue: { kind: 'truncated', offset: bytes.length, length: 0, section, ...counts } };
  }
  const lengthField = bytes[1] ?? 0;
  if (lengthField !== LENGTH_FIELD) {
    const counts = { field: 'AH payload length', expected: LENGTH_FIELD, received: lengthField };
    return {
      ok: false,
      issue: { kind: 'unexpected-value', offset: 1, length: 1, section: 'RFC 2402 §2.2', ...counts },
    };
  }
  return {
    ok: true,
    value: {
      nextHeader: bytes[0] ?? 0,
      spi: formatIpAt(bytes, SPI_OFFSET, 4),
      sequence: readUint32(bytes, SEQUENCE_OFFSET),
      icv: bytes.subarray(ICV_OFFSET, AH_LENGTH),
      payload: bytes.subarray(AH_LENGTH),
    },
  };
}

export interface AhSigning {
  readonly key: Uint8Array;
  readonly hmacMd5: HmacMd5;
  /** Unicast advertisements cross routers, so their TTL is not authenticated; multicast ones must keep 255. */
  readonly unicast: boolean;
}

/**
 * Fills in the Authentication Header of a datagram that is otherwise complete: IPv4 header of 20 bytes with protocol 51,
 * room of 24 bytes, VRRP message. The SPI becomes the source address, as keepalived has it.
 * @param sequence 1..2^32-1, one more than the last
 * @throws RangeError when the datagram is too short or the sequence does not fit.
 */
export function signDatagram(datagram: Uint8Array, sequence: number, signing: AhSigning): void {
  requireRoom(datagram, IPV4_HEADER_LENGTH, AH_LENGTH);
  requireRange('sequence', sequence, 1, SEQUENCE_MAX);
  const header = datagram.subarray(IPV4_HEADER_LENGTH, IPV4_HEADER_LENGTH + AH_LENGTH);
  header.fill(0);
  header[0] = VRRP_PROTOCOL;
  header[1] = LENGTH_FIELD;
  copyBytes(header, SPI_OFFSET, datagram.subarray(12, 16));
  new DataView(header.buffer, header.byteOffset).setUint32(SEQUENCE_OFFSET, sequence);
  copyBytes(header, ICV_OFFSET, integrityCheckValue(datagram, IPV4_HEADER_LENGTH, signing));
}

/**
 * Whether the integrity check value of a received datagram is right. Compares all 12 bytes whatever they hold.
 * @param datagram the whole IPv4 datagram with its Authentication Header, without padding
 * @param headerLength bytes of the IPv4 header, 20 unless it has options
 */
export function verifyDatagram(datagram: Uint8Array, signing: AhSigning, headerLength = IPV4_HEADER_LENGTH): boolean {
  if (datagram.length < headerLength + AH_LENGTH) return false;
  const expected = integrityCheckValue(datagram, headerLength, signing);
  const start = headerLength + ICV_OFFSET;
  let difference = 0;
  for (let i = 0; i < AH_ICV_LENGTH; i += 1) difference |= (expected[i] ?? 0) ^ (datagram[start + i] ?? 0);
  return difference === 0;
}

/** RFC 2402 §3.3.3.1: the whole datagram with the fields that change on the way, and the value itself, as zero. */
function integrityCheckValue(datagram: Uint8Array, headerLength: number, signing: AhSigning): Uint8Array {
  const input = Uint8Array.from(datagram);
  input[IPV4_TOS_OFFSET] = 0;
  input.fill(0, IPV4_FRAGMENT_OFFSET, IPV4_FRAGMENT_OFFSET + 2);
  if (signing.unicast) input[IPV4_TTL_OFFSET] = 0;
  input.fill(0, IPV4_CHECKSUM_OFFSET, IPV4_CHECKSUM_OFFSET + 2);
  input.fill(0, headerLength + ICV_OFFSET, headerLength + AH_LENGTH);
  return signing.hmacMd5(signing.key, input).subarray(0, AH_ICV_LENGTH);
}
