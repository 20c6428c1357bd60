// When the engine does not stop, only what is ours and carries our mark is taken away.
import { expect, test } from '@jest/globals';
import { VRRP_PROTOCOL, type Address, type Link, type NetworkChange } from '@vrrp/netlink-native';

import { releaseAddresses } from '../../src/control/release-addresses.js';

const LINK = { kind: 'link', index: 2, name: 'eth0' } as Link;

function address(text: string, protocol: number): Address {
  return { kind: 'address', family: 4, address: text, prefixLength: 24, linkIndex: 2, protocol } as Address;
}

test('the addresses of the journal with our mark go, the others stay, and what is refused is told', async () => {
  const observed = [
    address('198.51.100.1', VRRP_PROTOCOL),
    address('198.51.100.2', VRRP_PROTOCOL),
    address('198.51.100.3', 0),
    address('198.51.100.4', VRRP_PROTOCOL),
  ];
  const asked: NetworkChange[] = [];
  const kernel = {
    read: (kind: string) => Promise.resolve(kind === 'link' ? [LINK] : observed),
    apply: (changes: readonly NetworkChange[]) => {
      asked.push(...changes);
      return Promise.resolve([
        { ok: true, changed: true },
        { ok: false, error: new Error('EPERM') },
      ]);
    },
  } as unknown as Parameters<typeof releaseAddresses>[0];
  const ours = ['198.51.100.1', '198.51.100.2', '198.51.100.3'].map((one) => {
    return { kind: 'address' as const, family: 4 as const, address: one, prefixLength: 24, link: 'eth0' };
  });
  expect(await releaseAddresses(kernel, ours)).toEqual({ removed: ['198.51.100.1'], kept: ['198.51.100.2: EPERM'] });
  expect(asked).toEqual([
    { action: 'remove', object: observed[0] },
    { action: 'remove', object: observed[1] },
  ]);
});
