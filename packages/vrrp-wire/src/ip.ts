// IP and MAC addresses as text and as bytes: strict parsing, canonical printing (RFC 5952), comparison.
// No zones ("%eth0"), no prefixes ("/24"), no IPv4 shorthand: those belong to the configuration language.
import { copyBytes, readUint16, writeUint16 } from './bytes.js';

const IPV4_LENGTH = 4;
const IPV6_LENGTH = 16;
const IPV6_GROUPS = 8;
const GROUP_DIGITS_MAX = 4;
const MAC_LENGTH = 6;
const DOT = 0x2e;
const COLON = 0x3a;
const DIGIT_ZERO = 0x30;
const DIGIT_NINE = 0x39;
const LETTER_A = 0x61;
const LETTER_F = 0x66;
/** What lower-case letters have and upper-case ones lack. */
const CASE_BIT = 0x20;
/** Longest text of an IPv6 address: six groups and a dotted quad. */
const IP_TEXT_MAX = 45;

/** An address as text or already as its 4 or 16 bytes; hot paths pass bytes. */
export type IpInput = string | Uint8Array;

/** The 4 or 16 bytes of an address, or undefined when the text is not exactly one address. */
export function parseIp(text: string): Uint8Array | undefined {
  if (text.length > IP_TEXT_MAX) return undefined;
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/**
 * The canonical text: dotted quad, or RFC 5952 (lower case, longest run of zero groups as `::`).
 * @throws TypeError when there are not 4 or 16 bytes.
 */
export function formatIp(bytes: Uint8Array): string {
  const family = ipBytesFamily(bytes);
  if (family === undefined) throw new TypeError(`an IP address has 4 or 16 bytes, got ${bytes.length}`);
  return formatIpAt(bytes, 0, family);
}

/** As `formatIp`, for the address that starts at `offset` within a packet. */
export function formatIpAt(bytes: Uint8Array, offset: number, family: 4 | 6): string {
  if (family === 6) return formatIpv6(bytes, offset);
  const head = dotted(bytes[offset]) + dotted(bytes[offset + 1]) + dotted(bytes[offset + 2]);
  return head + String(bytes[offset + 3] ?? 0);
}

/** 4 or 6 when the text is an address, else undefined. */
export function ipFamily(text: string): 4 | 6 | undefined {
  const bytes = parseIp(text);
  return bytes && ipBytesFamily(bytes);
}

/** The canonical text of an address, or undefined when it is none. */
export function normalizeIp(text: string): string | undefined {
  const bytes = parseIp(text);
  return bytes && formatIp(bytes);
}

/**
 * Order of two addresses of one family as unsigned big-endian numbers: negative, 0 or positive.
 * RFC 9568 §6.4.3 breaks ties between equal priorities so.
 * @throws TypeError when either is no address, or the families differ.
 */
export function compareIp(a: string, b: string): number {
  return compareIpBytes(ipBytes(a), ipBytes(b));
}

/** As `compareIp`, over bytes. Allocates nothing. */
export function compareIpBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new TypeError('cannot order an IPv4 address against an IPv6 address');
  for (let i = 0; i < a.length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The bytes of an address given in either form; bytes are returned as they are, not copied.
 * @throws TypeError when it is no address.
 */
export function ipBytes(address: IpInput): Uint8Array {
  const bytes = typeof address === 'string' ? parseIp(address) : address;
  if (!bytes || (bytes.length !== IPV4_LENGTH && bytes.length !== IPV6_LENGTH)) {
    throw new TypeError(`not an IP address: ${String(address)}`);
  }
  return bytes;
}

/** The family of 4 or 16 bytes, undefined for any other length. */
export function ipBytesFamily(bytes: Uint8Array): 4 | 6 | undefined {
  if (bytes.length === IPV4_LENGTH) return 4;
  return bytes.length === IPV6_LENGTH ? 6 : undefined;
}

/** Whether the bytes are a multicast address: 224.0.0.0/4 or ff00::/8. */
export function isMulticastIp(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  return bytes.length === IPV4_LENGTH ? first >> 4 === 0xe : first === 0xff;
}

/** The same of a canonical text: nothing is parsed. */
export function isMulticastText(address: string): boolean {
  if (address.includes(':')) return address.startsWith('ff');
  const first = Number(address.slice(0, address.indexOf('.')));
  return first >= 224 && first <= 239;
}

/** A MAC address as text or already as its 6 bytes. */
export type MacInput = string | Uint8Array;

/**
 * The bytes of a MAC address given in either form; bytes are returned as they are, not copied.
 * @throws TypeError when it is none.
 */
export function macBytes(mac: MacInput): Uint8Array {
  const bytes = typeof mac === 'string' ? parseMac(mac) : mac;
  if (bytes?.length !== MAC_LENGTH) throw new TypeError(`not a MAC address: ${String(mac)}`);
  return bytes;
}

/** The 6 bytes of `xx:xx:xx:xx:xx:xx` or `xx-xx-xx-xx-xx-xx`, or undefined. */
export function parseMac(text: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i.test(text)) return undefined;
  return Uint8Array.from(text.split(/[:-]/), (part) => Number.parseInt(part, 16));
}

/**
 * Lower case, with colons.
 * @throws TypeError when there are not 6 bytes.
 */
export function formatMac(bytes: Uint8Array): string {
  if (bytes.length !== MAC_LENGTH) throw new TypeError(`a MAC address has 6 bytes, got ${bytes.length}`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** Character by character: decoding a capture parses two addresses a packet, and regular expressions cost ten times more. */
function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(IPV4_LENGTH);
  let part = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || part === IPV4_LENGTH - 1) return undefined;
      bytes[part] = value;
      part += 1;
      digits = 0;
      value = 0;
      continue;
    }
    // No leading zeros: inet_aton reads them as octal, inet_pton refuses them.
    if (code < DIGIT_ZERO || code > DIGIT_NINE || (digits > 0 && value === 0)) return undefined;
    value = value * 10 + code - DIGIT_ZERO;
    digits += 1;
    if (value > 255) return undefined;
  }
  if (digits === 0 || part !== IPV4_LENGTH - 1) return undefined;
  bytes[part] = value;
  return bytes;
}

/** RFC 4291 §2.2, all three forms: eight groups, `::` for one or more of them, a dotted quad for the last two. */
function parseIpv6(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(IPV6_LENGTH);
  let written = 0;
  let gap = text.startsWith('::') ? 0 : undefined;
  let position = gap === undefined ? 0 : 2;
  while (position < text.length) {
    let end = position;
    let group = 0;
    for (let digit = hexDigit(text, end); digit >= 0; digit = hexDigit(text, end)) {
      group = group * 16 + digit;
      end += 1;
    }
    if (text.charCodeAt(end) === DOT) {
      const quad = parseIpv4(text.slice(position));
      if (!quad || written > IPV6_LENGTH - IPV4_LENGTH) return undefined;
      copyBytes(bytes, written, quad);
      written += IPV4_LENGTH;
      break;
    }
    if (end === position || end > position + GROUP_DIGITS_MAX || written === IPV6_LENGTH) return undefined;
    writeUint16(bytes, written, group);
    written += 2;
    if (end === text.length) break;
    position = end + 1;
    if (text.charCodeAt(end) !== COLON || position === text.length) return undefined;
    if (text.charCodeAt(position) === COLON && gap === undefined) {
      gap = written;
      position += 1;
    }
  }
  if (gap !== undefined) return withGap(bytes, gap, written);
  return written === IPV6_LENGTH ? bytes : undefined;
}

/** Moves what stands behind `::` to the end and leaves zeros in its place; as copyWithin, which costs more to call. */
function withGap(bytes: Uint8Array, gap: number, written: number): Uint8Array | undefined {
  if (written === IPV6_LENGTH) return undefined;
  const distance = IPV6_LENGTH - written;
  for (let i = written - 1; i >= gap; i -= 1) {
    bytes[i + distance] = bytes[i] ?? 0;
    bytes[i] = 0;
  }
  return bytes;
}

/** The value of the hexadecimal digit at `index`, -1 when there is none. */
function hexDigit(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= DIGIT_ZERO && code <= DIGIT_NINE) return code - DIGIT_ZERO;
  const lower = code | CASE_BIT;
  return lower >= LETTER_A && lower <= LETTER_F ? lower - LETTER_A + 10 : -1;
}

/** `0.` to `255.`: looked up in half the time of making them, and decoding a message is mostly printing addresses. */
const DOTTED: readonly string[] = Array.from({ length: 256 }, (_, octet) => `${octet}.`);

function dotted(octet: number | undefined): string {
  return DOTTED[octet ?? 0] ?? '0.';
}

function formatIpv6(bytes: Uint8Array, offset: number): string {
  // RFC 5952 §5: a known IPv4-mapped prefix is written with the dotted quad.
  if (isIpv4Mapped(bytes, offset)) return `::ffff:${formatIpAt(bytes, offset + IPV6_LENGTH - IPV4_LENGTH, 4)}`;
  // RFC 5952 §4.2: the longest run of zero groups becomes `::`, the first of equally long ones, but never one group alone.
  let runStart = IPV6_GROUPS;
  let runLength = 1;
  let zeros = 0;
  for (let group = 0; group < IPV6_GROUPS; group += 1) {
    zeros = readUint16(bytes, offset + group * 2) === 0 ? zeros + 1 : 0;
    if (zeros > runLength) {
      runStart = group - zeros + 1;
      runLength = zeros;
    }
  }
  const head = formatGroups(bytes, offset, 0, runStart);
  return runStart === IPV6_GROUPS ? head : `${head}::${formatGroups(bytes, offset, runStart + runLength, IPV6_GROUPS)}`;
}

/** Groups `from` to `to`, which is not included, between colons. */
function formatGroups(bytes: Uint8Array, offset: number, from: number, to: number): string {
  let text = '';
  for (let group = from; group < to; group += 1) {
    text += `${group === from ? '' : ':'}${readUint16(bytes, offset + group * 2).toString(16)}`;
  }
  return text;
}

/** ::ffff:0:0/96 (RFC 4291 §2.5.5.2). */
function isIpv4Mapped(bytes: Uint8Array, offset: number): boolean {
  if (readUint16(bytes, offset + 10) !== 0xffff) return false;
  for (let i = 0; i < 10; i += 1) if (bytes[offset + i] !== 0) return false;
  return true;
}
