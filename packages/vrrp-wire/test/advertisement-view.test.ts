// The view: each accessor and each check alone, on bytes that are right, wrong, short and padded.
import { describe, expect, test } from '@jest/globals';
import { AdvertisementView as view, encodeAdvertisement, encodePassword, ipBytes } from '../src/index.js';
import type { ChecksumMode, LengthVerdict } from '../src/index.js';
import { fromHex, toHex } from './vector-file.js';

const SOURCE = ipBytes('10.9.0.2');
const GROUP = ipBytes('224.0.0.18');
const PEER = ipBytes('10.9.0.3');
const CONTEXT = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'auto' } as const;
const V2 = fromHex('21336402 010165ee 0a090064 0a090065 4c65746d65696e31');
const V3 = fromHex('31346401 f1f4755d 0a090066');

test('accessors read version 2', () => {
  expect([view.version(V2), view.type(V2), view.vrid(V2), view.priority(V2), view.count(V2)]).toEqual([
    2, 1, 51, 100, 2,
  ]);
  expect([view.authType(V2), view.intervalSeconds(V2), view.checksum(V2)]).toEqual([1, 1, 0x65ee]);
  expect(view.authDataOffset(V2)).toBe(16);
  expect(toHex(view.address(V2, 1, 4))).toBe('0a090065');
});

test('accessors read version 3; the reserved bits are not part of the interval', () => {
  expect([view.version(V3), view.type(V3), view.vrid(V3), view.priority(V3), view.count(V3)]).toEqual([
    3, 1, 52, 100, 1,
  ]);
  expect([view.reservedBits(V3), view.intervalCentiseconds(V3), view.checksum(V3)]).toEqual([15, 0x1f4, 0x755d]);
});

test('accessors read 0 behind the end', () => {
  const none = new Uint8Array();
  const accessors = [view.version, view.type, view.vrid, view.priority, view.count, view.authType, view.checksum];
  expect(accessors.map((read) => read(none))).toEqual(accessors.map(() => 0));
  expect([view.intervalSeconds(none), view.intervalCentiseconds(none), view.reservedBits(none)]).toEqual([0, 0, 0]);
});

describe('lengthVerdict', () => {
  // Version 3, `count` addresses; 46 bytes is the payload of the smallest Ethernet frame.
  test.each<[length: number, count: number, family: 4 | 6, expected: LengthVerdict]>([
    [0, 0, 4, 'short'],
    [7, 0, 4, 'short'],
    [8, 0, 4, 'exact'],
    [11, 1, 4, 'short'],
    [12, 1, 4, 'exact'],
    [13, 1, 4, 'padded'],
    [26, 1, 4, 'padded'],
    [27, 1, 4, 'long'],
    [28, 5, 4, 'exact'],
    [29, 5, 4, 'long'],
    [1028, 255, 4, 'exact'],
    [24, 1, 6, 'exact'],
    [25, 1, 6, 'long'],
    [23, 1, 6, 'short'],
  ])('%i bytes for %i addresses of IPv%i: %s', (length, count, family, expected) => {
    const bytes = new Uint8Array(length);
    bytes.set([0x31, 1, 100, count].slice(0, length));
    expect(view.lengthVerdict(bytes, family)).toBe(expected);
  });

  test('version 2 has eight more bytes', () => {
    expect(view.lengthVerdict(V2, 4)).toBe('exact');
    expect(view.lengthVerdict(V2.subarray(0, 16), 4)).toBe('short');
  });

  test('a longer IP header leaves less room for padding', () => {
    expect(view.lengthVerdict(Uint8Array.of(...V3, 0, 0, 0), 4, 31)).toBe('padded');
    expect(view.lengthVerdict(Uint8Array.of(...V3, 0, 0, 0), 4, 32)).toBe('long');
  });
});

describe('addresses', () => {
  const a = ipBytes('10.9.0.100');
  const b = ipBytes('10.9.0.101');
  const c = ipBytes('10.9.0.102');

  test.each([
    ['the same in order', [a, b], true],
    ['the same in another order', [b, a], true],
    ['one other', [a, c], false],
    ['one less', [a], false],
    ['one more', [a, b, c], false],
    ['none', [], false],
  ])('%s', (_, expected, same) => {
    expect(view.sameAddresses(V2, view.addressWords(expected, 4))).toBe(same);
  });

  test('a repeated address does not stand for another', () => {
    const twice = encodeAdvertisement(
      {
        version: 3,
        family: 4,
        vrid: 1,
        priority: 1,
        maxAdvertiseInterval: 100,
        addresses: ['10.9.0.100', '10.9.0.100'],
      },
      CONTEXT,
    );
    expect(view.sameAddresses(twice, view.addressWords([a, b], 4))).toBe(false);
  });

  test('are compared over IPv6 too, and not behind the end', () => {
    const addresses = ['fe80::1', '2001:db8::1'];
    const bytes = encodeAdvertisement(
      { version: 3, family: 6, vrid: 1, priority: 1, maxAdvertiseInterval: 100, addresses },
      { source: 'fe80::2', destination: 'ff02::12', checksum: 'auto' },
    );
    const words = view.addressWords(addresses.map(ipBytes), 6);
    expect(view.sameAddresses(bytes, words)).toBe(true);
    expect(view.sameAddresses(bytes, view.addressWords(['2001:db8::1', 'fe80::2'].map(ipBytes), 6))).toBe(false);
    expect(view.sameAddresses(bytes.subarray(0, 30), words)).toBe(false);
    const zero = view.addressWords([ipBytes('fe80::1'), new Uint8Array(16)], 6);
    expect(view.sameAddresses(bytes.subarray(0, 24), zero)).toBe(false);
    const two = view.addressWords(['2001:db8::2', '2001:db8::1'].map(ipBytes), 6);
    expect(view.sharesAddress(bytes, two)).toBe(true);
    expect(view.firstUnlisted(bytes, two)).toBe(0);
    expect(view.sharesAddress(bytes, view.addressWords([ipBytes('2001:db8::2')], 6))).toBe(false);
    expect(view.firstUnlisted(bytes, words)).toBe(-1);
  });
});

describe('hasPassword', () => {
  test.each([
    ['Letmein1', true],
    ['Letmein12', true],
    ['Letmein', false],
    ['letmein1', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(view.hasPassword(V2, encodePassword(text))).toBe(expected);
  });

  test('no password is in a message that ends before it, not even the empty one', () => {
    expect(view.hasPassword(V2.subarray(0, 16), encodePassword(''))).toBe(false);
  });

  test('a password that is not 8 bytes is the caller’s mistake', () => {
    expect(() => view.hasPassword(V2, new Uint8Array(7))).toThrow(RangeError);
  });
});

describe('checksumForm', () => {
  const standard = fromHex('31346401 0064755d 0a090066');
  const plain = fromHex('31346401 00645ff7 0a090066');
  const wrong = fromHex('31346401 00640000 0a090066');

  test.each<[string, Uint8Array, Uint8Array, ChecksumMode, string | undefined]>([
    ['standard', standard, GROUP, 'with-pseudo-header', 'with-pseudo-header'],
    ['standard', standard, GROUP, 'payload-only', undefined],
    ['standard', standard, GROUP, 'auto', 'with-pseudo-header'],
    ['plain', plain, GROUP, 'with-pseudo-header', undefined],
    ['plain', plain, GROUP, 'payload-only', 'payload-only'],
    ['plain', plain, GROUP, 'auto', 'payload-only'],
    ['wrong', wrong, GROUP, 'auto', undefined],
    ['made for the group, sent to a peer', standard, PEER, 'with-pseudo-header', undefined],
    ['made for the group, sent to a peer', standard, PEER, 'payload-only', undefined],
    ['made for the group, sent to a peer', standard, PEER, 'auto', 'multicast-pseudo-header'],
    ['wrong, sent to a peer', wrong, PEER, 'auto', undefined],
  ])('%s (%#) under %4$s', (_, bytes, destination, mode, expected) => {
    expect(view.checksumForm(bytes, SOURCE, destination, mode)).toBe(expected);
    expect(view.verifyChecksum(bytes, SOURCE, destination, mode)).toBe(expected !== undefined);
    if (mode === 'auto') return;
    const sums = view.addressSum(SOURCE) + view.addressSum(destination);
    expect(view.verifyChecksumBySum(bytes, 4, sums, mode)).toBe(expected !== undefined);
  });

  test('version 2 has one form, whatever the mode and the addresses', () => {
    const bytes = fromHex('21336402 000165ee 0a090064 0a090065 0000000000000000');
    expect(view.checksumForm(bytes, SOURCE, PEER, 'with-pseudo-header')).toBe('payload-only');
    expect(view.expectedChecksum(bytes, SOURCE, PEER, 'with-pseudo-header')).toBe(0x65ee);
  });

  test('padding does not count', () => {
    expect(view.verifyChecksum(Uint8Array.of(...standard, 1, 2, 3), SOURCE, GROUP, 'with-pseudo-header')).toBe(true);
  });

  test('expectedChecksum says what should have stood there', () => {
    expect(view.expectedChecksum(wrong, SOURCE, GROUP, 'with-pseudo-header')).toBe(0x755d);
    expect(view.expectedChecksum(wrong, SOURCE, GROUP, 'payload-only')).toBe(0x5ff7);
    expect(view.expectedChecksum(wrong, SOURCE, PEER, 'auto')).toBe(0x4b64);
  });
});
