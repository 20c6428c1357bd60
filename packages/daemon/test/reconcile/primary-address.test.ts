// Which address advertisements come from (RFC 9568 §1.2 and §5.1.2.1).
import { describe, expect, test } from '@jest/globals';
import type { Address } from '@vrrp/netlink-native';
import { primaryAddress } from '../../src/reconcile/primary-address.js';

const SECONDARY = 0x01;
const DADFAILED = 0x08;
const TENTATIVE = 0x40;
const VIRTUAL = new Set(['192.0.2.100', 'fe80::100']);
const of = (address: string, flags = 0): Address => ({
  kind: 'address',
  family: address.includes(':') ? 6 : 4,
  address,
  prefixLength: 24,
  linkIndex: 2,
  scope: 0,
  flags,
  protocol: 0,
});

describe('primaryAddress', () => {
  test.each<[string, readonly Address[], 4 | 6, string | undefined, string | undefined]>([
    ['the first IPv4 address', [of('192.0.2.1'), of('192.0.2.2')], 4, undefined, '192.0.2.1'],
    ['not a virtual address', [of('192.0.2.100'), of('192.0.2.2')], 4, undefined, '192.0.2.2'],
    ['a primary before a secondary', [of('192.0.2.1', SECONDARY), of('192.0.2.2')], 4, undefined, '192.0.2.2'],
    ['a secondary when nothing else is there', [of('192.0.2.1', SECONDARY)], 4, undefined, '192.0.2.1'],
    ['the configured IPv4 source as it is', [], 4, '192.0.2.7', '192.0.2.7'],
    ['nothing without an IPv4 address', [of('fe80::1')], 4, undefined, undefined],
    ['the link-local IPv6 address', [of('2001:db8::1'), of('fe80::1')], 6, undefined, 'fe80::1'],
    ['no virtual link-local address', [of('fe80::100'), of('fe80::1')], 6, undefined, 'fe80::1'],
    ['no global IPv6 address', [of('2001:db8::1')], 6, undefined, undefined],
    ['nothing while detection of duplicates runs', [of('fe80::1', TENTATIVE)], 6, undefined, undefined],
    ['nothing after a duplicate was detected', [of('fe80::1', DADFAILED)], 6, undefined, undefined],
    [
      'the configured IPv6 source once it is there',
      [of('fe80::1'), of('2001:db8::7')],
      6,
      '2001:db8::7',
      '2001:db8::7',
    ],
    ['nothing while the configured IPv6 source is missing', [of('fe80::1')], 6, '2001:db8::7', undefined],
  ])('%s', (_title, addresses, family, configured, expected) => {
    expect(primaryAddress(addresses, family, { configured, virtual: VIRTUAL, isOwner: false })).toBe(expected);
  });

  test('an address owner sends from what it owns when its link has nothing else', () => {
    const choice = { configured: undefined, virtual: VIRTUAL };
    const alone = [of('192.0.2.100')];
    expect(primaryAddress(alone, 4, { ...choice, isOwner: false })).toBeUndefined();
    expect(primaryAddress(alone, 4, { ...choice, isOwner: true })).toBe('192.0.2.100');
    expect(primaryAddress([...alone, of('192.0.2.2')], 4, { ...choice, isOwner: true })).toBe('192.0.2.2');
  });
});
