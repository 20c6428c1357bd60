// Bytes of netlink messages, attributes, ancillary data and socket addresses: literal bytes, malformed ones, any ones.
// The literals are of a little-endian host, which every supported architecture is.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { AddressTextCache } from '../src/codec/address-text-cache.js';
import { decodeAttributes, encodeAttributes, readText, readUint32 } from '../src/codec/attribute.js';
import { encodeIpv6Source, readIpv6Control } from '../src/codec/control-message.js';
import { readIpv4Extent } from '../src/codec/ipv4-header.js';
import { decodeAcknowledgement, decodeNetlinkMessages, encodeNetlinkMessage } from '../src/codec/netlink-message.js';
import {
  encodeGroupRequest,
  encodeInetAddress,
  encodeLinkAddress,
  encodeMulticastLink,
  encodeNetlinkAddress,
  encodeUnixAddress,
} from '../src/codec/socket-address.js';

const SEED = 20260101;

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('netlink messages', () => {
  const FIRST = '14000000 1400 0503 01000000 00000000 aabbccdd';
  const SECOND = '11000000 0200 0000 02000000 00000000 ee 000000';

  test('are written as struct nlmsghdr and padded to four bytes', () => {
    const payload = hex('ee');
    expect(toHex(encodeNetlinkMessage({ type: 2, flags: 0, sequence: 2, payload }))).toBe(toHex(hex(SECOND)));
  });

  test('are read one after the other', () => {
    expect(decodeNetlinkMessages(hex(FIRST + SECOND))).toEqual({
      messages: [
        { type: 0x14, flags: 0x305, sequence: 1, payload: hex('aabbccdd') },
        { type: 2, flags: 0, sequence: 2, payload: hex('ee') },
      ],
    });
  });

  test.each([
    ['a header cut short', FIRST + '10000000 0200', { kind: 'truncated-header', offset: 20 }],
    [
      'a length below the header',
      FIRST + '0f000000 0200 0000 02000000 00000000',
      { kind: 'length-too-small', offset: 20 },
    ],
    ['a length of nothing', '00000000 0200 0000 02000000 00000000', { kind: 'length-too-small', offset: 0 }],
    [
      'a length beyond the end',
      FIRST + '11000000 0200 0000 02000000 00000000',
      { kind: 'length-too-large', offset: 20 },
    ],
    ['the largest length', 'ffffffff 0200 0000 02000000 00000000', { kind: 'length-too-large', offset: 0 }],
  ])('%s ends the reading at its place', (_, text, issue) => {
    const decoded = decodeNetlinkMessages(hex(text));
    expect(decoded.issue).toEqual(issue);
    expect(decoded.messages).toHaveLength(issue.offset === 0 ? 0 : 1);
  });

  test('whatever the bytes, reading ends, and what was read lies inside them', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped(hex(FIRST + SECOND)));
    const property = fc.property(bytes, (input) => {
      const { messages } = decodeNetlinkMessages(input);
      const covered = messages.reduce((sum, { payload }) => sum + 16 + payload.length, 0);
      expect(covered).toBeLessThanOrEqual(input.length);
      for (const message of messages) decodeAcknowledgement(message);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });
});

describe('acknowledgements', () => {
  const ack = (flags: number, payload: string, type = 2): ReturnType<typeof decodeAcknowledgement> =>
    decodeAcknowledgement({ type, flags, sequence: 1, payload: hex(payload) });
  const REQUEST = '1c000000 1400 0506 01000000 00000000';
  const WORDS = '0900 0100 6f68206e 00 000000 0800 0200 14000000';

  test.each([
    ['success', 0, `00000000${REQUEST}`, { errno: 0 }],
    ['a refusal', 0, `efffffff${REQUEST}`, { errno: 17 }],
    ['words behind a capped request', 0x300, `efffffff${REQUEST}${WORDS}`, { errno: 17, message: 'oh n', offset: 20 }],
    [
      'words behind the whole request',
      0x200,
      `efffffff${REQUEST}${'00'.repeat(12)}${WORDS}`,
      { errno: 17, message: 'oh n', offset: 20 },
    ],
    ['words cut short', 0x300, `efffffff${REQUEST}0900 0100 6f68`, { errno: 17 }],
    ['a request length that lies', 0x200, `efffffff ffffff7f 1400 0506 01000000 00000000${WORDS}`, { errno: 17 }],
    ['a request cut short', 0x200, 'efffffff 1c000000', { errno: 17 }],
  ])('%s', (_, flags, payload, expected) => {
    expect(ack(flags, payload)).toEqual(expected);
  });

  test('the end of a dump may bring an error and words too', () => {
    expect(ack(0x202, `f0ffffff${WORDS}`, 3)).toEqual({ errno: 16, message: 'oh n', offset: 20 });
  });

  test('without a status it is none', () => {
    expect(ack(0, 'efffff')).toBeUndefined();
  });
});

describe('attributes', () => {
  test('what was written is read', () => {
    const attribute = fc.record({ type: fc.integer({ min: 0, max: 0x3fff }), value: fc.uint8Array({ maxLength: 40 }) });
    const property = fc.property(fc.uniqueArray(attribute, { selector: ({ type }) => type }), (attributes) => {
      const decoded = decodeAttributes(encodeAttributes(attributes));
      expect(decoded.issue).toBeUndefined();
      expect([...decoded.attributes]).toEqual(attributes.map(({ type, value }) => [type, value]));
    });
    fc.assert(property, { seed: SEED, numRuns: 200 });
  });

  test.each([
    ['nested bit', '0500 1280 ff 000000', [[0x12, 'ff']], undefined],
    ['the last of two', '0500 0100 aa 000000 0500 0100 bb 000000', [[1, 'bb']], undefined],
    ['length too small', '0500 0100 aa 000000 0300 0200', [[1, 'aa']], { offset: 8 }],
    ['length 0 does not loop', '0000 0100 0000 0100', [], { offset: 0 }],
    ['length beyond the end', '0500 0100 aa 000000 ffff 0200 00000000', [[1, 'aa']], { offset: 8 }],
    ['padding of less than a header', '0500 0100 aa 000000 0000', [[1, 'aa']], undefined],
  ])('%s', (_, text, expected, issue) => {
    const decoded = decodeAttributes(hex(text));
    expect([...decoded.attributes].map(([type, value]) => [type, toHex(value)])).toEqual(expected);
    expect(decoded.issue).toEqual(issue);
  });

  test('texts end at their NUL or at their end, numbers are whole or nothing', () => {
    expect([readText(hex('65746830 00 ff')), readText(hex('6574')), readText(hex(''))]).toEqual(['eth0', 'et', '']);
    expect([readUint32(hex('01020304')), readUint32(hex('010203')), readUint32(undefined)]).toEqual([
      0x04030201,
      undefined,
      undefined,
    ]);
  });
});

describe('ancillary data', () => {
  const PKTINFO = '2400000000000000 29000000 32000000 fe800000000000000000000000000001 07000000 00000000';
  const HOPLIMIT = '1400000000000000 29000000 34000000 ff000000 00000000';
  const read = (bytes: Uint8Array, offset = 0, length = bytes.length): object => {
    const found = { destinationOffset: 99, linkIndex: 99, hopLimit: 99 };
    readIpv6Control(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset, length, found);
    return found;
  };

  test.each([
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
    expect(read(hex(text))).toEqual(expected);
  });

  test('is read within its slot only', () => {
    const bytes = hex(`${'ee'.repeat(8)}${HOPLIMIT}${PKTINFO}`);
    expect(read(bytes, 8, 24)).toEqual({ destinationOffset: -1, linkIndex: 0, hopLimit: 255 });
  });

  test('whatever the bytes, reading ends', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 120 }), flipped(hex(PKTINFO + HOPLIMIT)));
    fc.assert(
      fc.property(bytes, (input) => expect(read(input)).toBeDefined()),
      { seed: SEED, numRuns: 300 },
    );
  });

  test('a source is written as it is read', () => {
    expect(toHex(encodeIpv6Source(hex('fe800000000000000000000000000001'), 7))).toBe(toHex(hex(PKTINFO)));
  });
});

describe('IPv4 headers', () => {
  const HEADER = '45c0 0016 0000 0000 ff70 0000 c0000201 e0000012';
  const read = (text: string): unknown => {
    const bytes = hex(`eeee${text}`);
    const extent = { start: -1, end: -1 };
    return readIpv4Extent(bytes, 2, bytes.length - 2, extent) ? extent : undefined;
  };

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
    expect(read(text)).toEqual(expected);
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

/** Valid bytes with a few of them changed. */
function flipped(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
  return fc.tuple(fc.array(change, { maxLength: 4 }), fc.nat(valid.length)).map(([changes, length]) => {
    const bytes = valid.slice();
    for (const [offset, value] of changes) bytes[offset] = value;
    return bytes.subarray(0, length);
  });
}
