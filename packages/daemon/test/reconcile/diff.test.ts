// What differs between the addresses that should be there and the ones that are.
import { describe, expect, test } from '@jest/globals';
import type { Address } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../../src/plan/desired.js';
import { objectOf } from '../../src/reconcile/desired-object.js';
import { diffDesired, diffLeftovers } from '../../src/reconcile/diff.js';

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
  kind: 'address',
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
  // Of eth0, beside what is asked about.
  const own = observed('198.51.100.1');
  const leftovers = (addresses: readonly Address[], isOwned = false): ReturnType<typeof diffLeftovers> =>
    diffLeftovers([{ ...desired('192.0.2.1'), isOwned }], [desired('192.0.2.9')], addresses, indexes, OURS);

  test.each([
    ['a configured virtual address that carries our mark', observed('192.0.2.1', { protocol: OURS }), true],
    ['a configured virtual address that somebody else added', observed('192.0.2.1'), true],
    ['a journalled address that carries our mark', observed('192.0.2.9', { protocol: OURS }), true],
    ['a journalled address without our mark', observed('192.0.2.9'), false],
    ['an address that is in neither list, even with our mark', observed('192.0.2.5', { protocol: OURS }), false],
    ['the same address with another prefix length', observed('192.0.2.1', { prefixLength: 24 }), false],
    ['the same address on another link', observed('192.0.2.1', { linkIndex: 3 }), false],
  ])('%s: removed = %s', (_title, address, isRemoved) => {
    const { removed, kept } = leftovers([own, address]);
    expect(removed).toEqual(isRemoved ? [address] : []);
    expect(kept).toEqual([]);
  });

  test('the only address of a link stays, unless it is ours', () => {
    const foreign = observed('192.0.2.1');
    expect(leftovers([foreign])).toEqual({ removed: [], kept: [{ address: foreign, why: 'only-address' }] });
    const ours = observed('192.0.2.1', { protocol: OURS });
    expect(leftovers([ours])).toEqual({ removed: [ours], kept: [] });
  });

  test('what an owner owns stays, unless an earlier run of ours put it there', () => {
    const foreign = observed('192.0.2.1');
    expect(leftovers([own, foreign], true)).toEqual({ removed: [], kept: [{ address: foreign, why: 'owner' }] });
    const ours = observed('192.0.2.1', { protocol: OURS });
    expect(leftovers([own, ours], true)).toEqual({ removed: [ours], kept: [] });
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

describe('objectOf', () => {
  test('carries every option and our mark', () => {
    const address = desired('192.0.2.1', {
      broadcast: '192.0.2.255',
      label: 'eth0:1',
      scope: 253,
      preferredLifetime: 0,
    });
    expect(objectOf(address, indexes)).toEqual({
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

  test('hands on the flags of an address, and none that nobody asked for', () => {
    const flags = { homeAddress: true, noPrefixRoute: true, managesTemporary: true, autoJoin: true } as const;
    expect(objectOf(desired('192.0.2.1', flags), indexes)).toMatchObject(flags);
    expect(Object.keys(objectOf(desired('192.0.2.1'), indexes) ?? {})).not.toContain('noPrefixRoute');
  });

  test('is nothing while the link does not exist', () => {
    expect(objectOf(desired('192.0.2.1', { link: 'gone' }), indexes)).toBeUndefined();
  });
});
