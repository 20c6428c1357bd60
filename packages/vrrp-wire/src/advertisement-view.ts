// AdvertisementView: a VRRP message read in place. Accessors and single checks over bytes; nothing is allocated, nothing
// thrown for any bytes (RFC 9568 §5.2, RFC 3768 §5.3). The engine makes its receive checks one by one with these, in
// keepalived's order. What needs configuration (known VRID, equal interval, TTL) is not here.
import { messageLength } from './advertisement.js';
import { samePassword } from './auth/simple-password.js';
import { readInt32, readUint16 } from './bytes.js';
import { addWords, checksumOf, foldSum, pseudoHeaderSum } from './checksum.js';
import type { ChecksumForm, ChecksumMode } from './checksum.js';
import { ETHERNET_PAYLOAD_MIN, VRRP_PROTOCOL } from './constants.js';
import {
  ADDRESSES_OFFSET,
  addressLength,
  AUTH_TYPE_OFFSET,
  CHECKSUM_OFFSET,
  COUNT_OFFSET,
  HEADER_LENGTH,
  INTERVAL_CENTISECONDS_OFFSET,
  INTERVAL_SECONDS_OFFSET,
  PRIORITY_OFFSET,
  VERSION_TYPE_OFFSET,
  VRID_OFFSET,
} from './fields.js';
import { isMulticastIp } from './ip.js';

// Accessors read 0 behind the last byte; call `lengthVerdict` first when that matters.

/** 0..15 (RFC 9568 §5.2.1). */
export function version(bytes: Uint8Array): number {
  return (bytes[VERSION_TYPE_OFFSET] ?? 0) >> 4;
}

/** 0..15; 1 is the only one defined (RFC 9568 §5.2.2). */
export function type(bytes: Uint8Array): number {
  return (bytes[VERSION_TYPE_OFFSET] ?? 0) & 0x0f;
}

/** 0..255 (RFC 9568 §5.2.3). */
export function vrid(bytes: Uint8Array): number {
  return bytes[VRID_OFFSET] ?? 0;
}

/** 0..255 (RFC 9568 §5.2.4). */
export function priority(bytes: Uint8Array): number {
  return bytes[PRIORITY_OFFSET] ?? 0;
}

/** How many addresses the header announces, 0..255 (RFC 9568 §5.2.5). */
export function count(bytes: Uint8Array): number {
  return bytes[COUNT_OFFSET] ?? 0;
}

/** Version 2: 0..255 (RFC 2338 §5.3.6). */
export function authType(bytes: Uint8Array): number {
  return bytes[AUTH_TYPE_OFFSET] ?? 0;
}

/** Version 2: seconds, 0..255 (RFC 3768 §5.3.7). */
export function intervalSeconds(bytes: Uint8Array): number {
  return bytes[INTERVAL_SECONDS_OFFSET] ?? 0;
}

/** Version 3: centiseconds, 0..4095 (RFC 9568 §5.2.7). */
export function intervalCentiseconds(bytes: Uint8Array): number {
  return readUint16(bytes, INTERVAL_CENTISECONDS_OFFSET) & 0x0fff;
}

/** Version 3: the four bits before the interval, which receivers ignore (RFC 9568 §5.2.6). */
export function reservedBits(bytes: Uint8Array): number {
  return (bytes[INTERVAL_CENTISECONDS_OFFSET] ?? 0) >> 4;
}

/** The checksum field as it stands, 0..0xffff. */
export function checksum(bytes: Uint8Array): number {
  return readUint16(bytes, CHECKSUM_OFFSET);
}

/** Bytes the message should have by its version and count. */
export function expectedLength(bytes: Uint8Array, family: 4 | 6): number {
  return messageLength(version(bytes), family, count(bytes));
}

/**
 * `padded`: too long, but within the smallest Ethernet frame, so its sender may have counted padding into the datagram.
 * keepalived 2.2.7 discards it as too long; tools may be kinder.
 */
export type LengthVerdict = 'exact' | 'padded' | 'short' | 'long';

/**
 * Whether the bytes are as many as the header announces (RFC 9568 §7.1).
 * @param headerLength bytes of the IP header in front of the message, for the padding rule
 */
export function lengthVerdict(bytes: Uint8Array, family: 4 | 6, headerLength = family === 4 ? 20 : 40): LengthVerdict {
  if (bytes.length < HEADER_LENGTH) return 'short';
  const expected = expectedLength(bytes, family);
  if (bytes.length === expected) return 'exact';
  if (bytes.length < expected) return 'short';
  return headerLength + bytes.length <= ETHERNET_PAYLOAD_MIN ? 'padded' : 'long';
}

/** Where address `index` starts, whether or not the bytes reach so far. */
export function addressOffset(index: number, family: 4 | 6): number {
  return ADDRESSES_OFFSET + index * addressLength(family);
}

/** The bytes of address `index` as a view (one small object is allocated). */
export function address(bytes: Uint8Array, index: number, family: 4 | 6): Uint8Array {
  const start = addressOffset(index, family);
  return bytes.subarray(start, start + addressLength(family));
}

/** A list of addresses of one family to compare with: signed 32-bit words, a third of the memory of arrays of bytes. */
export interface AddressWords {
  /** Words of one address: 1 for IPv4, 4 for IPv6. */
  readonly size: 1 | 4;
  readonly words: readonly number[];
}

/** What `sameAddresses` and its like compare with, made once. */
export function addressWords(addresses: readonly Uint8Array[], family: 4 | 6): AddressWords {
  const size = family === 4 ? 1 : 4;
  const word = (_: unknown, index: number): number =>
    readInt32(addresses[Math.floor(index / size)], (index % size) * 4);
  return { size, words: Array.from({ length: addresses.length * size }, word) };
}

/** Whether the message lists exactly these addresses, in any order. */
export function sameAddresses(bytes: Uint8Array, expected: AddressWords): boolean {
  const { size, words } = expected;
  const listed = count(bytes);
  if (listed * size !== words.length) return false;
  for (let i = 0; i < listed; i += 1) {
    // Peers nearly always list the same order, so the search is the exception.
    if (!sameWords(bytes, i, expected, i) && !listsWords(bytes, expected, i)) return false;
  }
  return true;
}

function listsWords(bytes: Uint8Array, expected: AddressWords, index: number): boolean {
  const listed = count(bytes);
  for (let i = 0; i < listed; i += 1) if (sameWords(bytes, i, expected, index)) return true;
  return false;
}

function sameWords(bytes: Uint8Array, listedAt: number, { size, words }: AddressWords, index: number): boolean {
  for (let i = 0; i < size; i += 1) {
    const offset = ADDRESSES_OFFSET + (listedAt * size + i) * 4;
    if (offset + 4 > bytes.length || readInt32(bytes, offset) !== words[index * size + i]) return false;
  }
  return true;
}

/** Whether the message lists at least one of these addresses. */
export function sharesAddress(bytes: Uint8Array, expected: AddressWords): boolean {
  const all = expected.words.length / expected.size;
  for (let index = 0; index < all; index += 1) if (listsWords(bytes, expected, index)) return true;
  return false;
}

/** The index of the first of these addresses that the message does not list; -1 when it lists them all. */
export function firstUnlisted(bytes: Uint8Array, expected: AddressWords): number {
  const all = expected.words.length / expected.size;
  for (let index = 0; index < all; index += 1) if (!listsWords(bytes, expected, index)) return index;
  return -1;
}

/** Version 2: where the authentication data starts (RFC 3768 §5.3.10). */
export function authDataOffset(bytes: Uint8Array): number {
  return addressOffset(count(bytes), 4);
}

/** Version 2: whether the message carries this 8-byte password; the time taken does not depend on where they differ. */
export function hasPassword(bytes: Uint8Array, password: Uint8Array): boolean {
  return samePassword(bytes, authDataOffset(bytes), password);
}

/**
 * Which form of checksum the message carries, or undefined when it is wrong under `mode`. Version 2 has one form, the
 * payload (RFC 3768 §5.3.8); IPv6 one, with pseudo header (RFC 8200 §8.1); version 3 over IPv4 is judged by `mode`.
 */
export function checksumForm(
  bytes: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  mode: ChecksumMode,
): ChecksumForm | undefined {
  const family = source.length === 4 ? 4 : 6;
  const length = Math.min(expectedLength(bytes, family), bytes.length);
  const payload = addWords(0, bytes, 0, length);
  const pseudoHeader = pseudoHeaderSum(source, destination, VRRP_PROTOCOL, length);
  if (version(bytes) === 2) return isRight(payload) ? 'payload-only' : undefined;
  if (family === 6) return isRight(payload + pseudoHeader) ? 'with-pseudo-header' : undefined;
  if (mode !== 'payload-only' && isRight(payload + pseudoHeader)) return 'with-pseudo-header';
  if (mode === 'with-pseudo-header') return undefined;
  if (isRight(payload)) return 'payload-only';
  if (mode === 'payload-only' || isMulticastIp(destination)) return undefined;
  const groupHeader = addWords(GROUP_SUM + VRRP_PROTOCOL + length, source, 0, source.length);
  return isRight(payload + groupHeader) ? 'multicast-pseudo-header' : undefined;
}

/** Whether the checksum is right under `mode`; see `checksumForm`. */
export function verifyChecksum(
  bytes: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  mode: ChecksumMode,
): boolean {
  return checksumForm(bytes, source, destination, mode) !== undefined;
}

/** What an address adds to a pseudo header: a number to keep where the bytes themselves are not needed. */
export function addressSum(address: Uint8Array): number {
  return addWords(0, address, 0, address.length);
}

/**
 * As `verifyChecksum`, for callers that know the addresses of their datagrams beforehand.
 * @param addressSums `addressSum` of the source and of the destination, added
 */
export function verifyChecksumBySum(
  bytes: Uint8Array,
  family: 4 | 6,
  addressSums: number,
  mode: 'with-pseudo-header' | 'payload-only',
): boolean {
  const length = Math.min(expectedLength(bytes, family), bytes.length);
  const payload = addWords(0, bytes, 0, length);
  const plain = version(bytes) === 2 || (family === 4 && mode === 'payload-only');
  return isRight(plain ? payload : payload + addressSums + VRRP_PROTOCOL + length);
}

/** What the checksum field should hold: the form that `mode` asks for, the standard one for `auto`. */
export function expectedChecksum(
  bytes: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  mode: ChecksumMode,
): number {
  const family = source.length === 4 ? 4 : 6;
  const length = Math.min(expectedLength(bytes, family), bytes.length);
  const payload = addWords(0, bytes, 0, length) - checksum(bytes);
  const plain = version(bytes) === 2 || (family === 4 && mode === 'payload-only');
  return checksumOf(plain ? payload : payload + pseudoHeaderSum(source, destination, VRRP_PROTOCOL, length));
}

/** The sum of 224.0.0.18 as two 16-bit words. */
const GROUP_SUM = 0xe000 + 0x0012;

function isRight(sum: number): boolean {
  return foldSum(sum) === 0xffff;
}
