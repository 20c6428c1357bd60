// The IPv6 header and the extension headers that may stand between it and a VRRP message (RFC 8200 §3, §4). Reading only:
// the kernel writes the header of what is sent. Fragments are refused, except the atomic one that is whole (RFC 6946).
//
//   0               1               2               3
//  +-------+---------------+---------------------------------------+
//  |Version| Traffic class |              Flow label               |
//  +-------+---------------+-------+---------------+---------------+
//  |        Payload length         |  Next header  |   Hop limit   |
//  +-------------------------------+---------------+---------------+
//  |                Source, Destination: 16 bytes each             |
//  +---------------------------------------------------------------+
import { readUint16 } from './bytes.js';
import { formatIpAt } from './ip.js';
import type { Decoded, DecodeIssue } from './issue.js';

export const IPV6_HEADER_LENGTH = 40;

const PAYLOAD_LENGTH_OFFSET = 4;
const NEXT_HEADER_OFFSET = 6;
const HOP_LIMIT_OFFSET = 7;
const SOURCE_OFFSET = 8;
const DESTINATION_OFFSET = 24;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION_OPTIONS = 60;
/** Every extension header is a multiple of this, and at least as long. */
const EXTENSION_UNIT = 8;
/** RFC 8200 §4.1 names four that may precede an upper layer, one of them twice; more is not honest traffic. */
const EXTENSION_HEADERS_MAX = 8;
const FRAGMENT_OFFSET_MASK = 0xfff8;
const MORE_FRAGMENTS = 0x0001;

export interface Ipv6Datagram {
  readonly source: string;
  readonly destination: string;
  readonly hopLimit: number;
  readonly trafficClass: number;
  /** The protocol behind all extension headers: 112 for VRRP, 51 for AH. */
  readonly protocol: number;
  /** Bytes in front of the payload: 40 and the extension headers. */
  readonly headerLength: number;
  /** Headers and payload; more bytes than that are link-layer padding. */
  readonly totalLength: number;
  /** A view of what follows the headers, without padding. */
  readonly payload: Uint8Array;
}

/** Takes a datagram apart as a capture holds it. Never throws. */
export function decodeIpv6Datagram(bytes: Uint8Array): Decoded<Ipv6Datagram> {
  const issue = headerIssue(bytes);
  if (issue) return { ok: false, issue };
  const totalLength = IPV6_HEADER_LENGTH + readUint16(bytes, PAYLOAD_LENGTH_OFFSET);
  const chain = skipExtensions(bytes, totalLength);
  if (!chain.ok) return chain;
  return {
    ok: true,
    value: {
      source: formatIpAt(bytes, SOURCE_OFFSET, 6),
      destination: formatIpAt(bytes, DESTINATION_OFFSET, 6),
      hopLimit: bytes[HOP_LIMIT_OFFSET] ?? 0,
      trafficClass: (readUint16(bytes, 0) >> 4) & 0xff,
      protocol: chain.value.protocol,
      headerLength: chain.value.headerLength,
      totalLength,
      payload: bytes.subarray(chain.value.headerLength, totalLength),
    },
  };
}

function headerIssue(bytes: Uint8Array): DecodeIssue | undefined {
  const section = 'RFC 8200 §3';
  const received = bytes.length;
  if (received < IPV6_HEADER_LENGTH) return cut(bytes, IPV6_HEADER_LENGTH, section);
  const version = (bytes[0] ?? 0) >> 4;
  if (version !== 6) {
    const counts = { expected: 6, received: version };
    return { kind: 'unexpected-value', offset: 0, length: 1, section, field: 'IP version', ...counts };
  }
  const totalLength = IPV6_HEADER_LENGTH + readUint16(bytes, PAYLOAD_LENGTH_OFFSET);
  return received < totalLength ? cut(bytes, totalLength, section) : undefined;
}

/** Follows the next-header chain to the first that is no extension header. */
function skipExtensions(
  bytes: Uint8Array,
  totalLength: number,
): Decoded<{ readonly protocol: number; readonly headerLength: number }> {
  let protocol = bytes[NEXT_HEADER_OFFSET] ?? 0;
  let position = IPV6_HEADER_LENGTH;
  for (let headers = 0; isExtension(protocol); headers += 1) {
    const issue = extensionIssue(bytes, position, totalLength, { protocol, headers });
    if (issue) return { ok: false, issue };
    const units = protocol === FRAGMENT ? 0 : (bytes[position + 1] ?? 0);
    protocol = bytes[position] ?? 0;
    position += (units + 1) * EXTENSION_UNIT;
  }
  if (position > totalLength) return { ok: false, issue: cut(bytes, position, 'RFC 8200 §4') };
  return { ok: true, value: { protocol, headerLength: position } };
}

function extensionIssue(
  bytes: Uint8Array,
  position: number,
  totalLength: number,
  { protocol, headers }: { readonly protocol: number; readonly headers: number },
): DecodeIssue | undefined {
  if (position + EXTENSION_UNIT > totalLength) return cut(bytes, position + EXTENSION_UNIT, 'RFC 8200 §4');
  if (headers === EXTENSION_HEADERS_MAX) {
    const counts = { expected: EXTENSION_HEADERS_MAX, received: headers + 1 };
    const place = { offset: position, length: EXTENSION_UNIT, section: 'RFC 8200 §4.1' };
    return { kind: 'unexpected-value', ...place, field: 'number of extension headers', ...counts };
  }
  if (protocol !== FRAGMENT) return undefined;
  const field = readUint16(bytes, position + 2);
  const fragmentOffset = field & FRAGMENT_OFFSET_MASK;
  const moreFragments = (field & MORE_FRAGMENTS) !== 0;
  if (fragmentOffset === 0 && !moreFragments) return undefined;
  const place = { offset: position + 2, length: 2, section: 'RFC 8200 §4.5' };
  return { kind: 'fragment', ...place, fragmentOffset, moreFragments };
}

function isExtension(protocol: number): boolean {
  return protocol === HOP_BY_HOP || protocol === ROUTING || protocol === FRAGMENT || protocol === DESTINATION_OPTIONS;
}

/** The datagram ends too early, either by its own length field or because less was captured. */
function cut(bytes: Uint8Array, expected: number, section: string): DecodeIssue {
  return { kind: 'truncated', offset: bytes.length, length: 0, section, expected, received: bytes.length };
}
