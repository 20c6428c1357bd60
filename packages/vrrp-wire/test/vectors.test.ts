// Annotated hex vectors: what real keepalived sent, and hand-made messages. Each is decoded, compared, re-encoded to the
// same bytes, and its checksum worked out a second time by test/reference-checksum.ts.
import { describe, expect, test } from '@jest/globals';
import {
  decodeAdvertisement,
  decodeGratuitousArp,
  decodeIpv4Datagram,
  decodeNeighborAdvertisement,
  encodeAdvertisement,
  encodeGratuitousArp,
  encodeIpv4Header,
  encodeNeighborAdvertisement,
  parseIp,
} from '../src/index.js';
import type { DecodeIssue, PacketContext } from '../src/index.js';
import { pseudoHeader, referenceChecksum, withoutChecksum } from './reference-checksum.js';
import { readVectors, toHex, toJson } from './vector-file.js';
import type { Vector } from './vector-file.js';

const vectors = readVectors();
const messages = vectors.filter(({ decoder }) => decoder === 'ipv4' || decoder === 'advertisement');
const accepted = messages.filter(({ value }) => value !== undefined);
const refused = messages.filter(({ issue }) => issue !== undefined);

test('every vector says what it expects', () => {
  expect(accepted.length + refused.length).toBe(messages.length);
  expect(accepted.length).toBeGreaterThan(15);
  expect(refused.length).toBeGreaterThan(10);
});

describe.each(accepted)('$title', (vector) => {
  const { payload, context } = unwrap(vector);
  const result = decodeAdvertisement(payload, context);

  test('decodes to the value', () => {
    expect(toJson(result.ok && result.value)).toEqual(JSON.parse(vector.value ?? ''));
    expect(result.ok && result.checksum).toBe(vector.form);
    expect(result.ok && result.remarks.map(({ kind }) => kind)).toEqual(vector.remarks);
  });

  test('its checksum is what a second implementation makes of it', () => {
    const length = result.ok ? result.length : 0;
    const source = bytesOf(context.source);
    const group = vector.form === 'multicast-pseudo-header' ? bytesOf('224.0.0.18') : bytesOf(context.destination);
    const header = vector.form === 'payload-only' ? [] : [pseudoHeader(source, group, 112, length)];
    const message = payload.subarray(0, length);
    expect(referenceChecksum(...header, withoutChecksum(message))).toBe(word(message, 6));
  });
});

// Reserved bits are read and not kept; the old unicast form is never written.
const canonical = accepted.filter(
  ({ remarks, form }) => !remarks.includes('reserved-bits') && form !== 'multicast-pseudo-header',
);

test.each(canonical)('$title: encodes to the same bytes', (vector) => {
  const { payload, context } = unwrap(vector);
  const result = decodeAdvertisement(payload, context);
  if (!result.ok) throw new Error(`not decoded: ${result.issue.kind}`);
  const checksum = vector.form === 'payload-only' ? 'payload-only' : 'with-pseudo-header';
  const bytes = encodeAdvertisement(result.value, { ...context, checksum });
  expect(toHex(bytes)).toBe(toHex(payload.subarray(0, result.length)));
});

test.each(refused)('$title: $issue', (vector) => {
  const { payload, context } = unwrap(vector);
  const result = decodeAdvertisement(payload, context);
  expect(!result.ok && issueLine(result.issue)).toBe(vector.issue);
});

test.each(vectors.filter(({ decoder }) => decoder === 'ipv4'))(
  '$title: the IP header encodes to the same bytes',
  (vector) => {
    const decoded = decodeIpv4Datagram(vector.bytes);
    if (!decoded.ok) throw new Error(`not decoded: ${decoded.issue.kind}`);
    expect(decoded.value.headerChecksumOk).toBe(true);
    const header = new Uint8Array(20);
    encodeIpv4Header(header, 0, { ...decoded.value, payloadLength: decoded.value.payload.length });
    expect(toHex(header)).toBe(toHex(vector.bytes.subarray(0, 20)));
  },
);

test.each(vectors.filter(({ decoder }) => decoder === 'gratuitous-arp'))('$title', ({ bytes, value }) => {
  const decoded = decodeGratuitousArp(bytes);
  if (!decoded.ok) throw new Error(`not decoded: ${decoded.issue.kind}`);
  expect(decoded.value).toEqual(JSON.parse(value ?? ''));
  expect(toHex(encodeGratuitousArp(decoded.value))).toBe(toHex(bytes));
});

test.each(vectors.filter(({ decoder }) => decoder === 'neighbor-advertisement'))('$title', ({ bytes, value }) => {
  const decoded = decodeNeighborAdvertisement(bytes);
  if (!decoded.ok) throw new Error(`not decoded: ${decoded.issue.kind}`);
  expect(decoded.value).toEqual(JSON.parse(value ?? ''));
  expect(toHex(encodeNeighborAdvertisement(decoded.value))).toBe(toHex(bytes));
});

/** The VRRP message of a vector and the addresses around it. */
function unwrap(vector: Vector): { readonly payload: Uint8Array; readonly context: PacketContext } {
  if (vector.decoder !== 'ipv4') {
    const { source, destination, bytes } = vector;
    return { payload: bytes, context: { source, destination, checksum: 'auto' } };
  }
  const datagram = decodeIpv4Datagram(vector.bytes);
  if (!datagram.ok) throw new Error(`${vector.title}: ${datagram.issue.kind}`);
  const { source, destination, payload } = datagram.value;
  return { payload, context: { source, destination, checksum: 'auto' } };
}

function issueLine({ kind, offset, length, section }: DecodeIssue): string {
  return `${kind} ${offset} ${length} ${section}`;
}

function bytesOf(address: string): Uint8Array {
  const bytes = parseIp(address);
  if (!bytes) throw new Error(`not an address: ${address}`);
  return bytes;
}

function word(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0);
}
