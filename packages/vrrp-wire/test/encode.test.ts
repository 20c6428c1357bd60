// Encoding: where it writes, what it leaves alone, and which values are refused as the caller's mistake.
import { describe, expect, test } from '@jest/globals';
import {
  advertisementLength,
  decodeAdvertisement,
  encodeAdvertisement,
  encodeAdvertisementInto,
  encodePassword,
  ipBytes,
  virtualMac,
} from '../src/index.js';
import type { AdvertisementV2, AdvertisementV3, PacketContext } from '../src/index.js';
import { toHex } from './vector-file.js';

const V2: AdvertisementV2 = {
  version: 2,
  family: 4,
  vrid: 51,
  priority: 100,
  advertiseInterval: 1,
  authType: 1,
  authData: encodePassword('Letmein1'),
  addresses: ['10.9.0.100', '10.9.0.101'],
};
const V3: AdvertisementV3 = {
  version: 3,
  family: 4,
  vrid: 52,
  priority: 100,
  maxAdvertiseInterval: 100,
  addresses: ['10.9.0.102'],
};
const V3_IPV6: AdvertisementV3 = { ...V3, family: 6, addresses: ['fe80::52', '2001:db8::52'] };
const IPV4: PacketContext = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'with-pseudo-header' };
const IPV6: PacketContext = { source: 'fe80::2', destination: 'ff02::12', checksum: 'with-pseudo-header' };

test.each([
  [V2, 8 + 2 * 4 + 8],
  [{ ...V2, addresses: [] }, 16],
  [V3, 12],
  [V3_IPV6, 40],
])('the length of message %# is %i', (value, expected) => {
  expect(advertisementLength(value)).toBe(expected);
  expect(encodeAdvertisement(value, value.family === 4 ? IPV4 : IPV6)).toHaveLength(expected);
});

describe('encodeAdvertisementInto', () => {
  test.each([
    ['version 2', V2, IPV4],
    ['version 3 over IPv4', V3, IPV4],
    ['version 3 over IPv6', V3_IPV6, IPV6],
  ])('%s: writes its bytes over whatever was there, and nothing else', (_, value, context) => {
    const target = new Uint8Array(100).fill(0xa5);
    const length = encodeAdvertisementInto(target, 7, value, context);
    expect(length).toBe(advertisementLength(value));
    expect(toHex(target.subarray(7, 7 + length))).toBe(toHex(encodeAdvertisement(value, context)));
    expect(target.subarray(0, 7).every((byte) => byte === 0xa5)).toBe(true);
    expect(target.subarray(7 + length).every((byte) => byte === 0xa5)).toBe(true);
  });

  test('takes addresses as bytes', () => {
    const target = new Uint8Array(40);
    const addresses = V3_IPV6.addresses.map(ipBytes);
    const context = { source: ipBytes(IPV6.source), destination: ipBytes(IPV6.destination), checksum: 'auto' as const };
    encodeAdvertisementInto(target, 0, { ...V3_IPV6, addresses }, context);
    expect(toHex(target)).toBe(toHex(encodeAdvertisement(V3_IPV6, IPV6)));
  });

  test.each([
    ['too small', 11, 0],
    ['too small at an offset', 12, 1],
    ['a negative offset', 100, -1],
    ['a broken offset', 100, 0.5],
  ])('refuses a target with %s', (_, size, offset) => {
    expect(() => encodeAdvertisementInto(new Uint8Array(size), offset, V3, IPV4)).toThrow(RangeError);
  });
});

test('version 2 always ends in eight bytes of authentication data, zero when there are none', () => {
  const { authData: _, ...open } = V2;
  const bytes = encodeAdvertisement({ ...open, authType: 0 }, IPV4);
  expect(toHex(bytes.subarray(-8))).toBe('0000000000000000');
});

test('"auto" writes the standard form', () => {
  const auto = encodeAdvertisement(V3, { ...IPV4, checksum: 'auto' });
  expect(toHex(auto)).toBe(toHex(encodeAdvertisement(V3, IPV4)));
  expect(toHex(auto)).not.toBe(toHex(encodeAdvertisement(V3, { ...IPV4, checksum: 'payload-only' })));
});

test('over IPv6 the pseudo header is never left out (RFC 8200 §8.1)', () => {
  const plain = encodeAdvertisement(V3_IPV6, { ...IPV6, checksum: 'payload-only' });
  expect(toHex(plain)).toBe(toHex(encodeAdvertisement(V3_IPV6, IPV6)));
});

describe('what does not fit its field throws', () => {
  test.each<[string, Partial<AdvertisementV3>]>([
    ['vrid 0', { vrid: 0 }],
    ['vrid 256', { vrid: 256 }],
    ['vrid 1.5', { vrid: 1.5 }],
    ['priority -1', { priority: -1 }],
    ['priority 256', { priority: 256 }],
    ['interval 4096', { maxAdvertiseInterval: 4096 }],
    ['interval NaN', { maxAdvertiseInterval: Number.NaN }],
    ['256 addresses', { addresses: Array.from({ length: 256 }, () => '10.0.0.1') }],
  ])('version 3, %s', (_, part) => {
    expect(() => encodeAdvertisement({ ...V3, ...part }, IPV4)).toThrow(RangeError);
  });

  test.each<[string, Partial<AdvertisementV2>]>([
    ['interval 256', { advertiseInterval: 256 }],
    ['authentication data of 7 bytes', { authData: new Uint8Array(7) }],
    ['authentication data of 9 bytes', { authData: new Uint8Array(9) }],
  ])('version 2, %s', (_, part) => {
    expect(() => encodeAdvertisement({ ...V2, ...part }, IPV4)).toThrow(RangeError);
  });

  test.each([
    ['an address that is none', { ...V3, addresses: ['10.9.0'] }, IPV4],
    ['an IPv6 address over IPv4', { ...V3, addresses: ['::1'] }, IPV4],
    ['an IPv4 address over IPv6', { ...V3_IPV6, addresses: ['10.9.0.1'] }, IPV6],
    ['a source that is none', V3, { ...IPV4, source: 'localhost' }],
    ['a source of the other family', V3, { ...IPV4, source: 'fe80::1' }],
  ])('%s', (_, value, context) => {
    expect(() => encodeAdvertisement(value, context)).toThrow(TypeError);
  });
});

test.each([
  ['a source that is none', { ...IPV4, source: 'localhost' }],
  ['two families', { ...IPV4, destination: 'ff02::12' }],
])('decoding refuses a context with %s', (_, context) => {
  expect(() => decodeAdvertisement(new Uint8Array(12), context)).toThrow(TypeError);
});

test('virtual MAC addresses (RFC 9568 §7.3)', () => {
  expect(toHex(virtualMac(51, 4))).toBe('00005e000133');
  expect(toHex(virtualMac(255, 6))).toBe('00005e0002ff');
  expect(() => virtualMac(0, 4)).toThrow(RangeError);
});
