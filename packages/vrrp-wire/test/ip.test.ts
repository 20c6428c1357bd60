// Addresses as text and bytes: what is accepted, what is printed (RFC 5952), how they are ordered. Node's own inet_pton
// is the second opinion.
import { isIP } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  compareIp,
  formatIp,
  formatMac,
  ipBytes,
  ipFamily,
  isMulticastIp,
  isMulticastText,
  macBytes,
  normalizeIp,
  parseIp,
  parseMac,
} from '../src/ip.js';
import { fromHex, toHex } from './vector-file.js';

const SEED = { seed: 42 };

describe('parseIp and formatIp', () => {
  test.each([
    ['0.0.0.0', '00000000'],
    ['192.0.2.1', 'c0000201'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['ff02::12', 'ff020000000000000000000000000012'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['2001:db8::1:0:0:1', '20010db8000000000001000000000001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ])('%s is %s and back', (text, hex) => {
    expect(toHex(parseIp(text) ?? fromHex(''))).toBe(hex);
    expect(formatIp(fromHex(hex))).toBe(text);
  });

  test.each([
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1:2:3:4:5:6:7', '0:1:2:3:4:5:6:7'],
    ['::1.2.3.4', '::102:304'],
    ['0:0:0:0:0:ffff:c000:0201', '::ffff:192.0.2.1'],
  ])('%s is canonically %s', (text, canonical) => {
    expect(normalizeIp(text)).toBe(canonical);
  });

  test.each([
    '',
    ' 1.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1.2.3.04',
    '1.2.3.+4',
    '1.2.3.0x4',
    '1.2.3.',
    '10.9.0.1/24',
    ':',
    ':::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '1::2::3',
    '::12345',
    '::g',
    ':1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:',
    'fe80::1%eth0',
    '1.2.3.4::',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3.4:5',
    '1'.repeat(10_000),
  ])('%j is no address', (text) => {
    expect(parseIp(text)).toBeUndefined();
    expect(ipFamily(text)).toBeUndefined();
  });

  test('agrees with the system about any text in the alphabet of addresses', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0129af:.'), maxLength: 24 });
    fc.assert(
      fc.property(text, (candidate) => {
        expect(ipFamily(candidate) ?? 0).toBe(isIP(candidate));
      }),
      { ...SEED, numRuns: 3000 },
    );
  });

  test('formatting and parsing are inverse, and the text is one the URL parser also finds canonical', () => {
    const groups = fc.array(fc.constantFrom(0, 0, 0, 1, 0x0a, 0xff), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(groups, (bytes) => {
        const text = formatIp(Uint8Array.from(bytes));
        expect([...(parseIp(text) ?? [])]).toEqual(bytes);
        if (!text.includes('.')) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  test('a wrong number of bytes is the caller’s mistake', () => {
    expect(() => formatIp(new Uint8Array(5))).toThrow(TypeError);
    expect(() => ipBytes(new Uint8Array(5))).toThrow(TypeError);
    expect(() => ipBytes('nonsense')).toThrow(TypeError);
  });
});

describe('compareIp', () => {
  test.each([
    ['10.0.0.1', '10.0.0.2', -1],
    ['10.0.0.2', '10.0.0.2', 0],
    ['128.0.0.1', '127.255.255.255', 1],
    ['10.0.1.0', '10.0.0.255', 1],
    ['9.0.0.10', '10.0.0.1', -1],
    ['fe80::2', 'fe80::1:0', -1],
    ['ff02::1', '2001:db8::1', 1],
  ])('%s against %s: %i', (a, b, sign) => {
    expect(Math.sign(compareIp(a, b))).toBe(sign);
    expect(Math.sign(compareIp(b, a))).toBe(sign === 0 ? 0 : -sign);
  });

  test('families are not comparable, and neither is what is no address', () => {
    expect(() => compareIp('10.0.0.1', '::1')).toThrow(TypeError);
    expect(() => compareIp('10.0.0.1', 'x')).toThrow(TypeError);
  });
});

test.each([
  ['224.0.0.18', true],
  ['239.255.255.255', true],
  ['223.255.255.255', false],
  ['240.0.0.1', false],
  ['ff02::12', true],
  ['fe80::1', false],
])('%s is multicast: %s', (text, expected) => {
  expect(isMulticastIp(ipBytes(text))).toBe(expected);
  expect(isMulticastText(text)).toBe(expected);
});

describe('MAC addresses', () => {
  test.each(['00:00:5e:00:01:33', '00-00-5E-00-01-33'])('%s is read', (text) => {
    expect(toHex(macBytes(text))).toBe('00005e000133');
  });

  test.each(['', '00:00:5e:00:01', '00:00:5e:00:01:33:44', '0:0:5e:0:1:33', '00:00:5e:00:01-33', '00:00:5e:00:01:3g'])(
    '%j is none',
    (text) => {
      expect(parseMac(text)).toBeUndefined();
      expect(() => macBytes(text)).toThrow(TypeError);
    },
  );

  test('are printed in lower case with colons', () => {
    expect(formatMac(fromHex('00005E0001FF'))).toBe('00:00:5e:00:01:ff');
    expect(() => formatMac(new Uint8Array(5))).toThrow(TypeError);
  });
});
