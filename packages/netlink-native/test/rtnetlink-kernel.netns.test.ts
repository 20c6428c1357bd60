// The real Kernel keeps the same contract as MemoryKernel, in a network namespace of its own.
import { expect, test } from '@jest/globals';

import { decodeNetlinkMessages } from '../src/codec/netlink-message.js';
import { inNetworkNamespace, openKernel } from '../src/index.js';
import type { NetworkEvent } from '../src/index.js';
import { openNetlinkTransport } from '../src/native/netlink-transport.js';
import { MARKED_EVENTS } from '../src/rtnl/event-filter.js';
import { NEIGHBOUR } from '../src/rtnl/neighbour.js';
import { ROUTE } from '../src/rtnl/route.js';
import { RULE } from '../src/rtnl/rule.js';
import { createNamespaceLab, kernelContract, requires } from '../src/testing/index.js';
import type { KernelUnderTest } from '../src/testing/index.js';

async function makeKernel(): Promise<KernelUnderTest> {
  const lab = createNamespaceLab();
  const namespace = await lab.addNamespace('kernel');
  const member = { namespace, interface: 'eth0', mac: '02:00:00:00:00:01' };
  const lan = await lab.addBridgeLan('lan', [member]);
  const kernel = await inNetworkNamespace(namespace, openKernel);
  const ip = async (...words: readonly string[]): Promise<void> => {
    const result = await lab.run(namespace, ['ip', ...words]);
    expect(result).toEqual({ stdout: '', stderr: '', status: 0 });
  };
  const sysctl = async (setting: string): Promise<void> => {
    expect((await lab.run(namespace, ['sysctl', '-qw', setting])).status).toBe(0);
  };
  // The laboratory does without duplicate address detection; the contract is about it too.
  await sysctl('net.ipv6.conf.eth0.accept_dad=1');
  return {
    kernel,
    linkName: 'eth0',
    setLink: (state) => lab.setLink(namespace, 'eth0', state),
    setCarrier: (present) => lan.setCable(member, present ? 'up' : 'down'),
    renameLink: (name) => ip('link', 'set', 'eth0', 'name', name),
    promoteSecondaries: async () => {
      await sysctl('net.ipv4.conf.all.promote_secondaries=1');
    },
    addAddress: (address, { label, peer } = {}) => {
      const subject =
        peer === undefined
          ? [address]
          : [address.replace(/\/.*/, ''), 'peer', `${peer}${address.replace(/.*\//, '/')}`];
      return ip('address', 'add', ...subject, 'dev', 'eth0', ...(label === undefined ? [] : ['label', label]));
    },
    removeAddress: (address) => ip('address', 'del', address, 'dev', 'eth0'),
    addRoute: (destination, gateway) => ip('route', 'add', destination, 'via', gateway),
    addNeighbour: (address, mac) => ip('neigh', 'add', address, 'lladdr', mac, 'dev', 'eth0'),
    removeLink: () => ip('link', 'del', 'eth0'),
    close: async () => {
      kernel.close();
      await lab.close();
    },
  };
}

requires('root')('rtnetlink', () => {
  kernelContract('rtnetlink', makeKernel);

  test('events that no longer fit the queue become a resync', async () => {
    const subject = await makeKernel();
    try {
      const link = (await subject.kernel.read('link')).find(({ name }) => name === 'eth0');
      const heard: NetworkEvent['kind'][] = [];
      const resync = new Promise<void>((resolve) => {
        subject.kernel.watch((event) => {
          heard.push(event.kind);
          if (event.kind === 'resync') resolve();
        });
      });
      const changes = Array.from({ length: 4000 }, (_, i) => {
        const address = `10.1.${i >> 8}.${i & 255}`;
        return {
          action: 'add',
          object: { kind: 'address', family: 4, address, prefixLength: 32, linkIndex: link?.index ?? 0 },
        } as const;
      });
      // Nothing of this reaches the event loop until all 12,000 events of it have been queued.
      const floods = [changes, changes.map(({ object }) => ({ action: 'remove', object }) as const), changes];
      for (const flood of floods) await subject.kernel.apply(flood);
      await resync;
      expect(heard.length).toBeLessThan(12_000);
      const held = (await subject.kernel.read('address')).filter(({ address }) => address.startsWith('10.1.'));
      expect(held).toHaveLength(changes.length);
    } finally {
      await subject.close();
    }
  });

  test('the kernel leaves out routes and neighbours of others before they wake anybody', async () => {
    const lab = createNamespaceLab();
    try {
      const namespace = await lab.addNamespace('filter');
      await lab.addBridgeLan('lan', [{ namespace, interface: 'eth0' }]);
      const events = await inNetworkNamespace(namespace, async () =>
        openNetlinkTransport('watch', 'NETLINK_ROUTE', MARKED_EVENTS),
      );
      const heard: number[] = [];
      events.listen({
        onDatagram: (bytes) => heard.push(...decodeNetlinkMessages(bytes).messages.map(({ type }) => type)),
        onError: (error) => expect(error).toBeUndefined(),
      });
      for (const group of [/* routes */ 7, 11, /* neighbours */ 3, /* rules */ 8]) events.joinGroup(group);
      const commands = [
        'ip route add 198.51.100.0/24 dev eth0 proto static',
        'ip route add 198.51.101.0/24 dev eth0 proto 18',
        'ip -6 route add 2001:db8:1::/48 dev eth0 proto 17',
        'ip -6 route add 2001:db8:2::/48 dev eth0 proto 18',
        'ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev eth0',
        'ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev eth0 protocol 17',
        'ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:10 dev eth0 protocol 18',
        'ip rule add from 192.0.2.0/24 table 7 prio 5',
        'ip route del 198.51.100.0/24',
        'ip route del 198.51.101.0/24',
      ];
      for (const command of commands) expect((await lab.run(namespace, command.split(' '))).status).toBe(0);
      events.drain();
      expect(heard).toEqual([ROUTE.create, ROUTE.create, NEIGHBOUR.create, RULE.create, ROUTE.remove]);
      events.close();
    } finally {
      await lab.close();
    }
  });

  test('the kernel says in its own words why it refuses', async () => {
    const subject = await makeKernel();
    try {
      const link = (await subject.kernel.read('link')).find(({ name }) => name === 'eth0');
      const address = {
        kind: 'address',
        family: 6,
        address: 'ff02::1',
        prefixLength: 64,
        linkIndex: link?.index ?? 0,
      } as const;
      const [result] = await subject.kernel.apply([{ action: 'add', object: address }]);
      expect(result).toMatchObject({ ok: false, error: { code: 'ERR_VRRP_NETLINK_ACK', errno: 99 } });
      expect(result?.ok === false && Reflect.get(result.error, 'kernelMessage')).toMatch(/address/i);
    } finally {
      await subject.close();
    }
  });
});
