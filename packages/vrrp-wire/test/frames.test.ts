// The IPv4 header and the announcement frames: what is refused and where the issue points. Their exact bytes are in
// vectors.test.ts.
import { describe, expect, test } from '@jest/globals';
import {
  decodeGratuitousArp,
  decodeIpv4Datagram,
  decodeNeighborAdvertisement,
  encodeGratuitousArp,
  encodeIpv4Header,
  encodeNeighborAdvertisement,
  ipBytes,
} from '../src/index.js';
import type { Decoded, DecodeIssue, Ipv4HeaderFields } from '../src/index.js';
import { pseudoHeader, referenceChecksum, withoutChecksum } from './reference-checksum.js';
import { fromHex, toHex } from './vector-file.js';

const HEADER = {
  source: '10.9.0.1',
  destination: '224.0.0.18',
  ttl: 255,
  tos: 0xc0,
  identification: 1,
  payloadLength: 12,
  protocol: 112,
} as const;

function issueOf(result: Decoded<unknown>): Partial<DecodeIssue> {
  if (result.ok) throw new Error('accepted');
  const { kind, offset, length } = result.issue;
  return { kind, offset, length };
}

/** A copy with some bytes replaced. */
function patched(bytes: Uint8Array, offset: number, ...replacement: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(replacement, offset);
  return copy;
}

describe('encodeIpv4Header', () => {
  test('writes 20 bytes at the offset, Don’t Fragment clear, checksum right', () => {
    const target = new Uint8Array(30).fill(0xa5);
    expect(encodeIpv4Header(target, 5, { ...HEADER, source: ipBytes(HEADER.source) })).toBe(20);
    expect(toHex(target.subarray(5, 25))).toBe('45c0002000010000ff70d0900a090001e0000012');
    expect(referenceChecksum(target.subarray(5, 25))).toBe(0);
    expect(toHex(target.subarray(25))).toBe('a5a5a5a5a5');
  });

  test.each<[string, Partial<Ipv4HeaderFields>]>([
    ['ttl', { ttl: 256 }],
    ['tos', { tos: -1 }],
    ['identification', { identification: 65_536 }],
    ['payloadLength', { payloadLength: 65_516 }],
    ['protocol', { protocol: 1.5 }],
  ])('refuses a %s that does not fit', (_, part) => {
    expect(() => encodeIpv4Header(new Uint8Array(20), 0, { ...HEADER, ...part })).toThrow(RangeError);
  });

  test('refuses a small target and an IPv6 address', () => {
    expect(() => encodeIpv4Header(new Uint8Array(20), 1, HEADER)).toThrow(RangeError);
    expect(() => encodeIpv4Header(new Uint8Array(20), 0, { ...HEADER, source: '::1' })).toThrow(TypeError);
  });
});

describe('decodeIpv4Datagram', () => {
  const datagram = fromHex('45c0002000010000ff70d0900a090001e0000012 313564010064755c0a090067');

  test('gives the header and the payload without link-layer padding', () => {
    const result = decodeIpv4Datagram(Uint8Array.of(...datagram, 0, 0, 0, 0));
    expect(result.ok && { ...result.value, payload: toHex(result.value.payload) }).toEqual({
      source: '10.9.0.1',
      destination: '224.0.0.18',
      ttl: 255,
      tos: 0xc0,
      identification: 1,
      protocol: 112,
      headerLength: 20,
      totalLength: 32,
      headerChecksumOk: true,
      payload: '313564010064755c0a090067',
    });
  });

  test('skips options', () => {
    const options = fromHex('46c0002400010000ff70 0000 0a090001e0000012 94040000 313564010064755c0a090067');
    const result = decodeIpv4Datagram(options);
    expect(result.ok && toHex(result.value.payload)).toBe('313564010064755c0a090067');
  });

  test('reports a wrong header checksum without refusing', () => {
    const result = decodeIpv4Datagram(patched(datagram, 8, 254));
    expect(result.ok && result.value.headerChecksumOk).toBe(false);
  });

  test.each<[string, Uint8Array, Partial<DecodeIssue>]>([
    ['nothing', datagram.subarray(0, 0), { kind: 'truncated', offset: 0, length: 0 }],
    ['half a header', datagram.subarray(0, 19), { kind: 'truncated', offset: 19, length: 0 }],
    ['a cut payload', datagram.subarray(0, 31), { kind: 'truncated', offset: 31, length: 0 }],
    ['version 6', patched(datagram, 0, 0x65), { kind: 'unexpected-value', offset: 0, length: 1 }],
    ['a header length of 16', patched(datagram, 0, 0x44), { kind: 'unexpected-value', offset: 0, length: 1 }],
    ['a total length of 19', patched(datagram, 2, 0, 19), { kind: 'unexpected-value', offset: 2, length: 2 }],
    ['a first fragment', patched(datagram, 6, 0x20), { kind: 'fragment', offset: 6, length: 2 }],
    ['a last fragment', patched(datagram, 6, 0, 1), { kind: 'fragment', offset: 6, length: 2 }],
  ])('refuses %s', (_, bytes, expected) => {
    expect(issueOf(decodeIpv4Datagram(bytes))).toEqual(expected);
  });

  test('Don’t Fragment alone is no fragment', () => {
    expect(decodeIpv4Datagram(patched(datagram, 6, 0x40)).ok).toBe(true);
  });
});

describe('gratuitous ARP', () => {
  const frame = encodeGratuitousArp({ mac: '00:00:5e:00:01:33', address: '10.9.0.100' });

  test('is 42 bytes, from the MAC address given to everybody, asking for the own address', () => {
    const header = 'ffffffffffff00005e0001330806';
    const arp = '000108000604000100005e0001330a090064ffffffffffff0a090064';
    expect(toHex(frame)).toBe(header + arp);
  });

  test('is read with padding, and as a reply', () => {
    const padded = new Uint8Array(60);
    padded.set(patched(frame, 21, 2));
    const result = decodeGratuitousArp(padded);
    expect(result.ok && result.value).toEqual({ mac: '00:00:5e:00:01:33', address: '10.9.0.100', operation: 'reply' });
  });

  test.each<[string, Uint8Array, Partial<DecodeIssue>]>([
    ['a cut frame', frame.subarray(0, 41), { kind: 'truncated', offset: 41, length: 0 }],
    ['an IPv4 frame', patched(frame, 12, 8, 0), { kind: 'unexpected-value', offset: 12, length: 2 }],
    ['another hardware', patched(frame, 14, 0, 6), { kind: 'unexpected-value', offset: 14, length: 2 }],
    ['another protocol', patched(frame, 16, 0x86, 0xdd), { kind: 'unexpected-value', offset: 16, length: 2 }],
    ['other address lengths', patched(frame, 18, 8), { kind: 'unexpected-value', offset: 18, length: 2 }],
    ['operation 3', patched(frame, 21, 3), { kind: 'unexpected-value', offset: 20, length: 2 }],
    ['a question about another host', patched(frame, 41, 1), { kind: 'not-gratuitous', offset: 38, length: 4 }],
  ])('%s is refused', (_, bytes, expected) => {
    expect(issueOf(decodeGratuitousArp(bytes))).toEqual(expected);
  });

  test('wants a MAC address and an IPv4 address', () => {
    expect(() => encodeGratuitousArp({ mac: '00:00:5e', address: '10.9.0.100' })).toThrow(TypeError);
    expect(() => encodeGratuitousArp({ mac: '00:00:5e:00:01:33', address: 'fe80::1' })).toThrow(TypeError);
  });
});

describe('unsolicited neighbour advertisement', () => {
  const frame = encodeNeighborAdvertisement({ mac: '00:00:5e:00:02:33', address: '2001:db8::53', router: true });

  test('carries a right ICMPv6 checksum', () => {
    const icmp = frame.subarray(54);
    const header = pseudoHeader(ipBytes('2001:db8::53'), ipBytes('ff02::1'), 58, 32);
    expect(referenceChecksum(header, withoutChecksum(icmp, 2))).toBe((icmp[2] ?? 0) * 256 + (icmp[3] ?? 0));
  });

  test.each([true, false])('says whether the sender routes: %s', (router) => {
    const result = decodeNeighborAdvertisement(
      encodeNeighborAdvertisement({ mac: '00:00:5e:00:02:33', address: 'fe80::1', router }),
    );
    expect(result.ok && result.value.router).toBe(router);
  });

  test.each<[string, Uint8Array, Partial<DecodeIssue>]>([
    ['a cut frame', frame.subarray(0, 85), { kind: 'truncated', offset: 85, length: 0 }],
    ['an ARP frame', patched(frame, 12, 8, 6), { kind: 'unexpected-value', offset: 12, length: 2 }],
    ['IP version 4', patched(frame, 14, 0x45), { kind: 'unexpected-value', offset: 14, length: 1 }],
    ['another payload length', patched(frame, 18, 0, 33), { kind: 'unexpected-value', offset: 18, length: 2 }],
    ['another next header', patched(frame, 20, 112), { kind: 'unexpected-value', offset: 20, length: 1 }],
    ['hop limit 254', patched(frame, 21, 254), { kind: 'unexpected-value', offset: 21, length: 1 }],
    ['a solicitation', patched(frame, 54, 135), { kind: 'unexpected-value', offset: 54, length: 2 }],
    ['another option', patched(frame, 78, 1), { kind: 'unexpected-value', offset: 78, length: 2 }],
    ['a damaged byte', patched(frame, 85, 0x34), { kind: 'bad-checksum', offset: 56, length: 2 }],
  ])('%s is refused', (_, bytes, expected) => {
    expect(issueOf(decodeNeighborAdvertisement(bytes))).toEqual(expected);
  });

  test('wants an IPv6 address', () => {
    expect(() => encodeNeighborAdvertisement({ mac: '00:00:5e:00:02:33', address: '10.9.0.1', router: true })).toThrow(
      TypeError,
    );
  });
});
