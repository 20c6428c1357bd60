// Links, addresses and events of rtnetlink: literal bytes as a kernel sends them, malformed ones, any ones.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { encodeAttributes, textValue, uint32Value } from '../src/codec/attribute.js';
import type { AddressSpec } from '../src/objects/address.js';
import { ADDRESS as ADDRESSES } from '../src/rtnl/address.js';
import { decodeNetworkEvent } from '../src/rtnl/kinds.js';
import { LINK as LINKS } from '../src/rtnl/link.js';
import { hex } from './bytes.js';

const SEED = 20260102;

// struct ifinfomsg (AF_UNSPEC, ARPHRD_ETHER, index 2, flags), then name, MTU, address and INFO_KIND inside LINKINFO
const LINK_ATTRIBUTES =
  '0900 0300 65746830 00 000000  0800 0400 dc050000  0a00 0100 020000000001 0000  0d00 1280 0900 0100 76657468 00 000000';
const LINK = `00 00 0100 02000000 43100100 00000000 ${LINK_ATTRIBUTES}`;
// struct ifaddrmsg (AF_INET, /24, permanent, universe, index 2), then local, address, broadcast, label, flags, cache, protocol
const ADDRESS =
  '02 18 80 00 02000000  0800 0100 c0000207 0800 0200 c0000207 0800 0400 c00002ff 0a00 0300 657468303a31 0000 ' +
  '0800 0800 80000000 1400 0600 ffffffff ffffffff 00000000 00000000 0500 0b00 12 000000';

describe('links', () => {
  test('are read with what a router needs', () => {
    expect(LINKS.decode(hex(LINK))).toEqual({
      kind: 'link',
      index: 2,
      name: 'eth0',
      mac: '02:00:00:00:00:01',
      mtu: 1500,
      adminUp: true,
      running: true,
      multicast: true,
      loopback: false,
      noArp: false,
      type: 'veth',
    });
  });

  test.each([
    ['up without carrier', 0x1003, { adminUp: true, running: false, multicast: true }],
    ['down', 0x1002, { adminUp: false, running: false, multicast: true }],
    ['loopback', 0x49, { adminUp: true, running: true, multicast: false, loopback: true }],
    ['without ARP', 0xc1, { adminUp: true, running: true, noArp: true }],
  ])('flags: %s', (_, flags, expected) => {
    const bytes = hex(LINK);
    bytes.set(uint32Value(flags), 8);
    expect(LINKS.decode(bytes)).toMatchObject(expected);
  });

  test('a tunnel has no MAC and may have nothing but a name', () => {
    const name = encodeAttributes([
      { type: 3, value: textValue('tun0') },
      { type: 1, value: hex('c0000201') },
    ]);
    expect(LINKS.decode(Uint8Array.of(...hex(LINK).subarray(0, 16), ...name))).toMatchObject({
      name: 'tun0',
      mac: '',
      mtu: 0,
      type: '',
    });
  });

  test('a bridge that reports a port that left does not report a removed link', () => {
    const port = hex(LINK);
    port[0] = 7;
    expect(decodeNetworkEvent({ type: 17, flags: 0, sequence: 0, port: 0, payload: port })).toBeUndefined();
  });

  test('the request for all of them leaves the statistics out', () => {
    expect(Buffer.from(LINKS.encodeDump()).toString('hex')).toBe(`${'00'.repeat(16)}08001d0008000000`);
  });
});

describe('addresses', () => {
  test('are read with their attributes', () => {
    expect(ADDRESSES.decode(hex(ADDRESS))).toEqual({
      kind: 'address',
      family: 4,
      address: '192.0.2.7',
      prefixLength: 24,
      linkIndex: 2,
      scope: 0,
      broadcast: '192.0.2.255',
      label: 'eth0:1',
      flags: 0x80,
      protocol: 18,
    });
  });

  test('of IPv6 have no local attribute unless there is a peer', () => {
    const one = '20010db8000000000000000000000001';
    const two = '20010db8000000000000000000000002';
    const plain = hex(`0a 40 02 00 02000000 1400 0100 ${one}`);
    expect(ADDRESSES.decode(plain)).toMatchObject({ family: 6, address: '2001:db8::1', prefixLength: 64, flags: 2 });
    expect(ADDRESSES.decode(plain)).not.toHaveProperty('peer');
    const withPeer = hex(`0a 80 02 00 02000000 1400 0100 ${two} 1400 0200 ${one}`);
    expect(ADDRESSES.decode(withPeer)).toMatchObject({ address: '2001:db8::1', peer: '2001:db8::2' });
  });

  test.each([
    ['another family', '11 18 80 00 02000000 0800 0200 c0000207'],
    ['no address at all', '02 18 80 00 02000000 0800 0400 c0000207'],
    ['an address of the wrong length', '02 18 80 00 02000000 0700 0200 c00002 00'],
    ['a header cut short', '02 18 80'],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(ADDRESSES.decode(hex(text))).toBeUndefined();
  });

  test('what is asked for is what is read back', () => {
    const property = fc.property(addressSpec(), (spec) => {
      const { noDad, ...rest } = spec;
      const told = Object.fromEntries(
        Object.entries(rest).filter(([key, value]) => key !== 'peer' || value !== spec.address),
      );
      expect(ADDRESSES.decode(ADDRESSES.encode(spec, 'add'))).toEqual({
        scope: 0,
        protocol: 0,
        ...told,
        flags: noDad === true ? 2 : 0,
      });
    });
    fc.assert(property, { seed: SEED, numRuns: 300 });
  });

  test.each([
    ['prefix beyond the family', { prefixLength: 33 }],
    ['prefix below nothing', { prefixLength: -1 }],
    ['prefix that is no integer', { prefixLength: 24.5 }],
    ['address of the other family', { address: '2001:db8::1' }],
    ['broadcast that is none', { broadcast: 'all' }],
    ['peer that is none', { peer: '192.0.2' }],
    ['label of 16 bytes', { label: 'abcdefghijklmnop' }],
  ])('%s is a RangeError', (_, wrong) => {
    const right = { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 24, linkIndex: 1 } as const;
    expect(() => ADDRESSES.encode(right, 'add')).not.toThrow();
    expect(() => ADDRESSES.encode({ ...right, ...wrong }, 'add')).toThrow(RangeError);
  });
});

describe('events', () => {
  test.each([
    ['a link', 16, LINK, { kind: 'changed', object: { kind: 'link', name: 'eth0' } }],
    ['a link that is gone', 17, LINK, { kind: 'removed', object: { kind: 'link', index: 2, name: 'eth0' } }],
    ['an address', 20, ADDRESS, { kind: 'changed', object: { kind: 'address', address: '192.0.2.7' } }],
    ['an address that is gone', 21, ADDRESS, { kind: 'removed', object: { kind: 'address', address: '192.0.2.7' } }],
  ])('%s', (_, type, text, expected) => {
    expect(decodeNetworkEvent({ type, flags: 0, sequence: 0, port: 0, payload: hex(text) })).toMatchObject(expected);
  });

  test('routes and other matters are of no concern', () => {
    expect(decodeNetworkEvent({ type: 24, flags: 0, sequence: 0, port: 0, payload: hex(ADDRESS) })).toBeUndefined();
  });

  test('every truncation, and any change of bytes, is an event or nothing, never an exception', () => {
    const valid = fc.constantFrom({ type: 16, text: LINK }, { type: 17, text: LINK }, { type: 20, text: ADDRESS });
    const changes = fc.array(fc.tuple(fc.nat(90), fc.nat(255)), { maxLength: 5 });
    const property = fc.property(valid, changes, fc.nat(90), ({ type, text }, flips, length) => {
      const bytes = hex(text);
      for (const [offset, value] of flips) if (offset < bytes.length) bytes[offset] = value;
      const event = decodeNetworkEvent({ type, flags: 0, sequence: 0, port: 0, payload: bytes.subarray(0, length) });
      expect(event === undefined || typeof event.kind === 'string').toBe(true);
    });
    fc.assert(property, { seed: SEED, numRuns: 1000 });
  });
});

function addressSpec(): fc.Arbitrary<AddressSpec> {
  const common = { linkIndex: fc.integer({ min: 1, max: 0x7fffffff }) };
  const optional = {
    scope: fc.integer({ min: 0, max: 255 }),
    label: fc.constantFrom('eth0', 'eth0:1', 'abcdefghijklmno'),
    noDad: fc.boolean(),
    preferredLifetime: fc.integer({ min: 0, max: 0xfffffffe }),
    protocol: fc.integer({ min: 1, max: 255 }),
  };
  const ipv4 = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `192.0.${a}.${b}`);
  const ipv6 = fc.integer({ min: 1, max: 0xffff }).map((number) => `2001:db8::${number.toString(16)}`);
  const make = (family: 4 | 6, ip: fc.Arbitrary<string>, bits: number): fc.Arbitrary<AddressSpec> =>
    fc
      .record(
        {
          kind: fc.constant('address'),
          family: fc.constant(family),
          address: ip,
          prefixLength: fc.nat(bits),
          ...common,
          ...optional,
          broadcast: ip,
          peer: ip,
        },
        { requiredKeys: ['kind', 'family', 'address', 'prefixLength', 'linkIndex'] },
      )
      .map((spec) => spec as AddressSpec);
  return fc.oneof(make(4, ipv4, 32), make(6, ipv6, 128));
}
