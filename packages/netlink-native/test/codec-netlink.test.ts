// Bytes of netlink messages, acknowledgements and attributes: literal bytes, malformed ones, any ones.
// The literals are of a little-endian host, which every supported architecture is.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { decodeAttributes, encodeAttributes, readText, readUint32 } from '../src/codec/attribute.js';
import { decodeAcknowledgement, decodeNetlinkMessages, encodeNetlinkMessage } from '../src/codec/netlink-message.js';
import { flipped, hex, toHex } from './bytes.js';

const SEED = 20260101;

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
        { type: 0x14, flags: 0x305, sequence: 1, port: 0, payload: hex('aabbccdd') },
        { type: 2, flags: 0, sequence: 2, port: 0, payload: hex('ee') },
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

function ack(flags: number, payload: string, type = 2): ReturnType<typeof decodeAcknowledgement> {
  return decodeAcknowledgement({ type, flags, sequence: 1, port: 0, payload: hex(payload) });
}
