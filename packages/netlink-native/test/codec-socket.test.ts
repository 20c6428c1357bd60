// Ancillary data, IPv4 headers, socket addresses, memory maps and the cache of address texts: literal bytes, malformed ones, any ones.
// The literals are of a little-endian host, which every supported architecture is.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { AddressTextCache } from '../src/codec/address-text-cache.js';
import { arrivalTime } from '../src/codec/arrival-time.js';
import { encodeIpv6Source, readControl } from '../src/codec/control-message.js';
import { readIpv4Extent } from '../src/codec/ipv4-header.js';
import { lockableRanges } from '../src/codec/memory-map.js';
import {
  encodeGroupRequest,
  encodeInetAddress,
  encodeLinkAddress,
  encodeMulticastLink,
  encodeNetlinkAddress,
  encodeUnixAddress,
} from '../src/codec/socket-address.js';
import { flipped, hex, toHex } from './bytes.js';

const SEED = 20260103;

describe('ancillary data', () => {
  const PKTINFO = '2400000000000000 29000000 32000000 fe800000000000000000000000000001 07000000 00000000';
  const HOPLIMIT = '1400000000000000 29000000 34000000 ff000000 00000000';
  const TIMESTAMP = '2000000000000000 01000000 23000000 0102036500000000 ffc99a3b00000000';
  test.each([
    [
      'time, destination and hop limit',
      TIMESTAMP + PKTINFO + HOPLIMIT,
      { stamp: 1694695937999999, destinationOffset: 48, linkIndex: 7, hopLimit: 255 },
    ],
    ['the time alone', TIMESTAMP, { stamp: 1694695937999999, destinationOffset: -1, linkIndex: 0, hopLimit: -1 }],
    [
      'a time beyond 32 bits',
      '2000000000000000 01000000 23000000 0100000001000000 e703000000000000',
      { stamp: 4294967297000000, destinationOffset: -1, linkIndex: 0, hopLimit: -1 },
    ],
    [
      'a time cut short',
      '1800000000000000 01000000 23000000 0102036500000000',
      { destinationOffset: -1, linkIndex: 0, hopLimit: -1 },
    ],
    ['both', PKTINFO + HOPLIMIT, { destinationOffset: 16, linkIndex: 7, hopLimit: 255 }],
    ['the other order', HOPLIMIT + PKTINFO, { destinationOffset: 40, linkIndex: 7, hopLimit: 255 }],
    ['nothing', '', { destinationOffset: -1, linkIndex: 0, hopLimit: -1 }],
    [
      'others are skipped',
      '1400000000000000 01000000 32000000 ff000000 00000000' + HOPLIMIT,
      { destinationOffset: -1, linkIndex: 0, hopLimit: 255 },
    ],
    [
      'a length of nothing does not loop',
      '0000000000000000 29000000 34000000 ff000000',
      { destinationOffset: -1, linkIndex: 0, hopLimit: -1 },
    ],
    [
      'a length beyond the end',
      'ff00000000000000 29000000 34000000 ff000000',
      { destinationOffset: -1, linkIndex: 0, hopLimit: -1 },
    ],
    [
      'data too short for its type',
      '1100000000000000 29000000 34000000 ff',
      { destinationOffset: -1, linkIndex: 0, hopLimit: -1 },
    ],
  ])('%s', (_, text, expected) => {
    expect(read(hex(text))).toEqual({ stamp: -1, ...expected });
  });

  test('is read within its slot only', () => {
    const bytes = hex(`${'ee'.repeat(8)}${HOPLIMIT}${PKTINFO}`);
    expect(read(bytes, 8, 24)).toEqual({ stamp: -1, destinationOffset: -1, linkIndex: 0, hopLimit: 255 });
  });

  test('whatever the bytes, reading ends', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 120 }), flipped(hex(TIMESTAMP + PKTINFO + HOPLIMIT)));
    fc.assert(
      fc.property(bytes, (input) => expect(read(input)).toBeDefined()),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('a source is written as it is read', () => {
    expect(toHex(encodeIpv6Source(hex('fe800000000000000000000000000001'), 7))).toBe(toHex(hex(PKTINFO)));
  });
});

describe('the time of arrival', () => {
  const OFFSET = 1_694_000_000_000_000;
  test.each([
    ['is the stamp on the monotonic clock', OFFSET + 4_000, OFFSET, 5_000, 4_000],
    ['is now without a stamp', -1, OFFSET, 5_000, 5_000],
    ['is now when the time of day was set back since', OFFSET + 4_000, OFFSET - 3_600_000_000, 5_000, 5_000],
    ['is long ago when it was set forward since', OFFSET + 4_000, OFFSET + 1_000_000, 5_000, -996_000],
    ['is never in the future', OFFSET + 9_000, OFFSET, 5_000, 5_000],
  ])('%s', (_, stamp, offset, now, expected) => {
    expect(arrivalTime(stamp, offset, now)).toBe(expected);
  });
});

describe('IPv4 headers', () => {
  const HEADER = '45c0 0016 0000 0000 ff70 0000 c0000201 e0000012';
  test.each([
    ['the payload follows the header', `${HEADER}aabb`, { start: 22, end: 24 }],
    [
      'options are part of the header',
      `46c0 001a 0000 0000 ff70 0000 c0000201 e0000012 01010101 aabb`,
      { start: 26, end: 28 },
    ],
    ['what the link padded is not part of it', `${HEADER}aabb000000`, { start: 22, end: 24 }],
    ['too short for a header', '45c0 0014 0000', undefined],
    ['another version', `65${HEADER.slice(2)}aabb`, undefined],
    ['a header length below the least', `44${HEADER.slice(2)}aabb`, undefined],
    ['a total length below the header', '45c0 0013 0000 0000 ff70 0000 c0000201 e0000012', undefined],
    ['a total length beyond the end', HEADER, undefined],
  ])('%s', (_, text, expected) => {
    expect(readExtent(text)).toEqual(expected);
  });
});

describe('socket addresses', () => {
  test.each([
    ['sockaddr_in', encodeInetAddress(hex('e0000012')), '0200 0000 e0000012 0000000000000000'],
    [
      'sockaddr_in6',
      encodeInetAddress(hex('ff020000000000000000000000000012'), 7),
      '0a00 0000 00000000 ff020000000000000000000000000012 07000000',
    ],
    ['sockaddr_ll', encodeLinkAddress(7), '1100 0000 07000000 0000 00 00 0000000000000000'],
    ['sockaddr_nl', encodeNetlinkAddress(), '1000 0000 00000000 00000000'],
    ['sockaddr_un of a path', encodeUnixAddress('/a'), '0100 2f61 00'],
    ['sockaddr_un of an abstract name', encodeUnixAddress('@a'), '0100 0061'],
    ['group_req', encodeGroupRequest(7, hex('e0000012')), `07000000 00000000 0200 0000 e0000012 ${'00'.repeat(120)}`],
    ['ip_mreqn', encodeMulticastLink(7), '00000000 00000000 07000000'],
  ])('%s', (_, bytes, expected) => {
    expect(toHex(bytes)).toBe(toHex(hex(expected)));
  });

  test('what cannot be one is a RangeError', () => {
    expect(() => encodeInetAddress(hex('e00000'))).toThrow(RangeError);
    expect(() => encodeUnixAddress('')).toThrow(RangeError);
    expect(() => encodeUnixAddress('é'.repeat(54))).toThrow('108');
  });
});

describe('memory maps', () => {
  test.each([
    ['program text', '00b6f000-00b71000 r-xp 0076f000 fe:00 260689          /usr/bin/node', [0xb6f000, 0xb71000]],
    ['a path with spaces', '1000-2000 r--p 00000000 fe:00 7    /opt/a b (deleted)', [0x1000, 0x2000]],
    ['the C heap', '0b155000-0b4bf000 rw-p 00000000 00:00 0               [heap]', [0xb155000, 0xb4bf000]],
    ['the main stack', '7fff21680000-7fff216a1000 rw-p 00000000 00:00 0     [stack]', [0x7fff21680000, 0x7fff216a1000]],
    ['memory that may be V8’s', '3a2541ec0000-3a2541f00000 rw-p 00000000 00:00 0 ', undefined],
    ['generated code', '7f65d4003000-7f65d403f000 rwxp 00000000 00:00 0 ', undefined],
    ['a file mapped without access', '7f65bc077000-7f65c0000000 ---p 00000000 fe:00 7  /lib', undefined],
    ['the kernel’s pages', '7f65fc6c3000-7f65fc6c5000 r-xp 00000000 00:00 0     [vdso]', undefined],
    ['no mapping', 'lorem ipsum', undefined],
    ['an empty line', '', undefined],
  ])('%s', (_, line, expected) => {
    const [range] = lockableRanges(`${line}\n`);
    expect(range && [range.start, range.end]).toEqual(expected);
  });
});

describe('AddressTextCache', () => {
  test('gives the text of any address, whatever it has seen before', () => {
    const cache = new AddressTextCache();
    const address = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.constantFrom<4 | 16>(4, 16));
    const property = fc.property(fc.array(address, { maxLength: 50 }), (addresses) => {
      for (const [number, length] of addresses) {
        const bytes = new Uint8Array(2 + length).fill(0xaa, 0, 2);
        new DataView(bytes.buffer).setUint32(2, (10 << 24) | number);
        const low = number.toString(16);
        const expected = length === 4 ? `10.0.${number >> 8}.${number & 255}` : number === 0 ? 'a00::' : `a00:${low}::`;
        expect(cache.textAt(bytes, 2, length)).toBe(expected);
      }
    });
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });

  test('keeps no view of what it was shown', () => {
    const cache = new AddressTextCache();
    const slab = hex('c0000201');
    expect(cache.textAt(slab, 0, 4)).toBe('192.0.2.1');
    slab[3] = 2;
    expect(cache.textAt(slab, 0, 4)).toBe('192.0.2.2');
    slab[3] = 1;
    expect(cache.textAt(slab, 0, 4)).toBe('192.0.2.1');
  });
});

function read(bytes: Uint8Array, offset = 0, length = bytes.length): object {
  const found = { stamp: 99, destinationOffset: 99, linkIndex: 99, hopLimit: 99 };
  readControl(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset, length, found);
  return found;
}

function readExtent(text: string): unknown {
  const bytes = hex(`eeee${text}`);
  const extent = { start: -1, end: -1 };
  return readIpv4Extent(bytes, 2, bytes.length - 2, extent) ? extent : undefined;
}
