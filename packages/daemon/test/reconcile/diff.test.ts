// What differs between the addresses that should be there and the ones that are.
import { describe, expect, test } from '@jest/globals';
import type { Address } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../../src/plan/desired.js';
import { addressSpec, diffDesired, diffLeftovers, missingAddresses } from '../../src/reconcile/diff.js';

const OURS = 18;
const indexes = (name: string): number | undefined => ({ eth0: 2, eth1: 3 })[name];
const observed = (address: string, more: Partial<Address> = {}): Address => ({
  kind: 'address',
  family: 4,
  address,
  prefixLength: 32,
  linkIndex: 2,
  scope: 0,
  flags: 0,
  protocol: 0,
  ...more,
});
const desired = (address: string, more: Partial<DesiredAddress> = {}): DesiredAddress => ({
  family: 4,
  address,
  prefixLength: 32,
  link: 'eth0',
  scope: 0,
  noDad: false,
  tracked: true,
  ...more,
});

describe('diffLeftovers', () => {
  const leftovers = (addresses: readonly Address[], journal = ['192.0.2.9']): readonly string[] =>
    diffLeftovers(
      [desired('192.0.2.1')],
      journal.map((address) => desired(address)),
      addresses,
      indexes,
      OURS,
    ).map((address) => address.address);

  test.each([
    ['a configured virtual address that carries our mark', observed('192.0.2.1', { protocol: OURS }), true],
    ['a configured virtual address that somebody else added', observed('192.0.2.1'), true],
    ['a journalled address that carries our mark', observed('192.0.2.9', { protocol: OURS }), true],
    ['a journalled address without our mark', observed('192.0.2.9'), false],
    ['an address that is in neither list, even with our mark', observed('192.0.2.5', { protocol: OURS }), false],
    ['the same address with another prefix length', observed('192.0.2.1', { prefixLength: 24 }), false],
    ['the same address on another link', observed('192.0.2.1', { linkIndex: 3 }), false],
  ])('%s: removed = %s', (_title, address, removed) => {
    expect(leftovers([address])).toEqual(removed ? [address.address] : []);
  });
});

describe('missingAddresses', () => {
  test('finds what is not there with the same prefix on the same link', () => {
    const want = [desired('192.0.2.1'), desired('192.0.2.2'), desired('192.0.2.3', { link: 'eth1' })];
    const have = [observed('192.0.2.1'), observed('192.0.2.2', { prefixLength: 24 }), observed('192.0.2.3')];
    expect(missingAddresses(want, have, indexes).map((address) => address.address)).toEqual(['192.0.2.2', '192.0.2.3']);
  });
});

describe('diffDesired', () => {
  test('keeps what is the same and replaces an address whose options changed', () => {
    const before = [desired('192.0.2.1'), desired('192.0.2.2'), desired('192.0.2.3')];
    const after = [desired('192.0.2.1'), desired('192.0.2.2', { label: 'eth0:1' }), desired('192.0.2.4')];
    const { removed, added } = diffDesired(before, after);
    expect(removed.map((address) => address.address)).toEqual(['192.0.2.2', '192.0.2.3']);
    expect(added.map((address) => address.address)).toEqual(['192.0.2.2', '192.0.2.4']);
  });
});

describe('addressSpec', () => {
  test('carries every option and our mark', () => {
    const address = desired('192.0.2.1', {
      broadcast: '192.0.2.255',
      label: 'eth0:1',
      scope: 253,
      preferredLifetime: 0,
    });
    expect(addressSpec(address, indexes, OURS)).toEqual({
      kind: 'address',
      family: 4,
      address: '192.0.2.1',
      prefixLength: 32,
      linkIndex: 2,
      scope: 253,
      broadcast: '192.0.2.255',
      label: 'eth0:1',
      preferredLifetime: 0,
      noDad: false,
      protocol: OURS,
    });
  });

  test('is nothing while the link does not exist', () => {
    expect(addressSpec(desired('192.0.2.1', { link: 'gone' }), indexes, OURS)).toBeUndefined();
  });
});
