// The one-line texts for people, and passwords as bytes.
import { describe, expect, test } from '@jest/globals';
import { encodePassword, formatAdvertisement, formatIssue, isPasswordTruncated } from '../src/index.js';
import type { Advertisement, DecodeIssue, IssueBody } from '../src/index.js';
import { toHex } from './vector-file.js';

const V3: Advertisement = {
  version: 3,
  family: 4,
  vrid: 75,
  priority: 200,
  maxAdvertiseInterval: 100,
  addresses: ['10.9.0.75', '10.9.0.76'],
};
const V2: Advertisement = {
  version: 2,
  family: 4,
  vrid: 51,
  priority: 0,
  advertiseInterval: 1,
  authType: 1,
  authData: encodePassword('Letmein1'),
  addresses: [],
};

test.each([
  [V3, 'VRRPv3, Advertisement, vrid 75, prio 200, intvl 100cs, length 16, addrs: 10.9.0.75 10.9.0.76'],
  [V2, 'VRRPv2, Advertisement, vrid 51, prio 0, authtype simple, intvl 1s, length 16'],
  [{ ...V2, authType: 2 as const }, 'VRRPv2, Advertisement, vrid 51, prio 0, authtype ah, intvl 1s, length 16'],
])('an advertisement in one line (%#), its password not shown', (value, text) => {
  expect(formatAdvertisement(value)).toBe(text);
});

describe('formatIssue', () => {
  const place = { offset: 4, length: 2, section: 'RFC 1 §2' };

  test.each<[IssueBody, string]>([
    [{ kind: 'truncated', expected: 12, received: 4 }, 'truncated: 4 of 12 bytes'],
    [{ kind: 'trailing-bytes', expected: 12, received: 30 }, '18 bytes too many: 30 instead of 12'],
    [{ kind: 'padding', expected: 12, received: 26 }, '14 bytes of Ethernet padding behind the message'],
    [{ kind: 'unsupported-version', version: 4 }, 'version 4 is neither 2 nor 3'],
    [{ kind: 'unsupported-type', type: 2 }, 'type 2 is not 1, an advertisement'],
    [{ kind: 'version-family', version: 2, family: 6 }, 'version 2 does not exist over IPv6'],
    [{ kind: 'vrid-zero' }, 'vrid 0 is not in 1..255'],
    [{ kind: 'unknown-auth-type', authType: 7 }, 'authentication type 7 is not 0, 1 or 2'],
    [{ kind: 'bad-checksum', received: 0x5e, expected: 0x755d }, 'checksum 0x005e, expected 0x755d'],
    [{ kind: 'reserved-bits', value: 15 }, 'reserved bits are 0xf instead of 0'],
    [{ kind: 'no-addresses' }, 'lists no address'],
    [{ kind: 'interval-zero' }, 'advertisement interval is 0'],
    [{ kind: 'unexpected-value', field: 'ARP operation', expected: 1, received: 3 }, 'ARP operation is 3, expected 1'],
    [
      { kind: 'not-gratuitous', sender: '10.0.0.1', target: '10.0.0.2' },
      '10.0.0.1 asks for 10.0.0.2: not an announcement',
    ],
    [{ kind: 'fragment', fragmentOffset: 8, moreFragments: false }, 'fragment at offset 8'],
    [{ kind: 'fragment', fragmentOffset: 0, moreFragments: true }, 'fragment at offset 0, more follow'],
  ])('%j', (body, text) => {
    const issue: DecodeIssue = { ...place, ...body };
    expect(formatIssue(issue)).toBe(`${text} (bytes 4-5, RFC 1 §2)`);
  });

  test.each([
    [0, 'behind byte 4'],
    [1, 'byte 4'],
    [8, 'bytes 4-11'],
  ])('%i bytes: %s', (length, text) => {
    expect(formatIssue({ kind: 'vrid-zero', ...place, length })).toBe(`vrid 0 is not in 1..255 (${text}, RFC 1 §2)`);
  });
});

describe('encodePassword', () => {
  test.each([
    ['Letmein1', '4c65746d65696e31', false],
    ['abc', '6162630000000000', false],
    ['', '0000000000000000', false],
    ['123456789', '3132333435363738', true],
    ['pä€𐍈', '70c3a4e282acf090', true],
    ['\ud800', 'efbfbd0000000000', false],
  ])('%j is %s, cut: %s', (text, hex, truncated) => {
    expect(toHex(encodePassword(text))).toBe(hex);
    expect(isPasswordTruncated(text)).toBe(truncated);
  });

  test('is the UTF-8 of the platform', () => {
    const text = 'z߿ࠀ￿𐀀􏿿\udfff';
    for (const character of text) {
      const expected = new Uint8Array(8);
      expected.set(new TextEncoder().encode(character));
      expect(toHex(encodePassword(character))).toBe(toHex(expected));
    }
  });
});
