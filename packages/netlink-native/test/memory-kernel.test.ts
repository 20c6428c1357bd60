// MemoryKernel keeps the contract of Kernel, and its further controls do what they say.
import { describe, expect, test } from '@jest/globals';

import type { NetworkEvent } from '../src/kernel.js';
import { objectKey } from '../src/rtnl/kinds.js';
import { kernelContract, MemoryKernel } from '../src/testing/index.js';

kernelContract('MemoryKernel', async () => {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'lo', loopback: true });
  const { index } = kernel.addLink({ name: 'eth0', mac: '02:00:00:00:00:01' });
  return {
    kernel,
    linkName: 'eth0',
    setLink: async (state) => void kernel.setLink(index, { adminUp: state === 'up' }),
    setCarrier: async (carrier) => void kernel.setLink(index, { carrier }),
    renameLink: async (name) => void kernel.setLink(index, { name }),
    promoteSecondaries: async () => void (kernel.promoteSecondaries = true),
    addAddress: async (address, detail) => void kernel.addAddress(index, address, detail),
    removeAddress: async (address) => void kernel.removeAddress(index, address),
    // Of another protocol: neither is observed.
    addRoute: async () => {},
    addNeighbour: async () => {},
    removeLink: async () => kernel.removeLink(index),
    close: async () => kernel.close(),
  };
});

describe('MemoryKernel', () => {
  test('failNext refuses that many changes, with that errno, then goes on as before', async () => {
    const { kernel, index: linkIndex } = kernelWithLink();
    const address = { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 24, linkIndex } as const;
    kernel.failNext(12, 2, 'out of memory');
    const add = { action: 'add', object: address } as const;
    const results = await kernel.apply([add, add, add]);
    expect(results.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(results[0]).toMatchObject({
      error: { code: 'ERR_VRRP_NETLINK_ACK', errno: 12, kernelMessage: 'out of memory' },
    });
  });

  test('failNext may wait for changes of one kind', async () => {
    const { kernel, index: linkIndex } = kernelWithLink();
    kernel.failNext(12, 1, undefined, 'link');
    const object = { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 24, linkIndex } as const;
    expect(await kernel.apply([{ action: 'add', object }])).toEqual([{ ok: true, changed: true }]);
  });

  test('loseEvents drops that many events and tells a resync in their place', async () => {
    const { kernel, index } = kernelWithLink();
    const events: string[] = [];
    kernel.watch((event) => events.push(event.kind === 'resync' ? 'resync' : objectKey(event.object)));
    kernel.loseEvents(2);
    for (const host of [7, 8, 9]) kernel.addAddress(index, `192.0.2.${host}/24`);
    await Promise.resolve();
    expect(events).toEqual(['resync', 'address/1/192.0.2.9/24']);
  });

  test('resync reaches whoever watches', async () => {
    const { kernel } = kernelWithLink();
    const events: NetworkEvent[] = [];
    kernel.watch((event) => events.push(event));
    kernel.resync();
    expect(events).toEqual([]);
    await Promise.resolve();
    expect(events).toEqual([{ kind: 'resync' }]);
  });

  test('a change holds when apply returns, before its promise resolves', () => {
    const { kernel, index: linkIndex } = kernelWithLink();
    void kernel.apply([
      { action: 'add', object: { kind: 'address', family: 4, address: '192.0.2.7', prefixLength: 24, linkIndex } },
    ]);
    expect(kernel.snapshot().addresses.map(({ address }) => address)).toEqual(['192.0.2.7']);
  });

  test('an IPv4 address is kept once per prefix, an IPv6 address once per link', () => {
    const { kernel, index } = kernelWithLink();
    for (const text of ['192.0.2.7/24', '192.0.2.7/32', '192.0.2.7/24', '2001:db8::1/64', '2001:db8::1/128']) {
      kernel.addAddress(index, text);
    }
    const held = kernel.snapshot().addresses.map(({ address, prefixLength }) => `${address}/${prefixLength}`);
    expect(held).toEqual(['192.0.2.7/24', '192.0.2.7/32', '2001:db8::1/64']);
  });

  test.each([
    ['no prefix', '192.0.2.7'],
    ['no address', 'eth0/24'],
    ['a prefix that is none', '192.0.2.7/x'],
  ])('addAddress refuses %s', (_, text) => {
    const { kernel, index } = kernelWithLink();
    expect(() => kernel.addAddress(index, text)).toThrow(RangeError);
  });

  test('what is not there cannot be changed by hand', () => {
    const kernel = new MemoryKernel();
    expect(() => kernel.setLink(1, { adminUp: false })).toThrow(RangeError);
    kernel.addLink({ name: 'eth0', index: 7 });
    expect(() => kernel.addLink({ name: 'eth1', index: 7 })).toThrow(RangeError);
    expect(kernel.addLink({ name: 'eth1' }).index).toBe(8);
  });
});

function kernelWithLink(): { kernel: MemoryKernel; index: number } {
  const kernel = new MemoryKernel();
  return { kernel, index: kernel.addLink({ name: 'eth0' }).index };
}
