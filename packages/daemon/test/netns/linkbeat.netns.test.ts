// The real probe of link beats keeps the contract of its port, in a namespace of its own, and what it cannot be asked.
import { expect, test } from '@jest/globals';
import { inNetworkNamespace, readLinkBeat } from '@vrrp/netlink-native';
import { requires } from '@vrrp/netlink-native/testing';
import { beatsContract } from '@vrrp/trackers/testing';

import { eventually } from '../rig/deadline.js';
import { createLoneNode, linkNamed, onStage } from './stage.js';

requires('root')('link beats of a veth', () => {
  test.each(beatsContract)('$name', ({ run }) =>
    onStage(async (stage) => {
      const { lan, node } = await createLoneNode(stage);
      const plug = async (state: 'up' | 'down'): Promise<void> => {
        await lan.setCable(node, state);
        // The kernel's own work after a change of the carrier is done a moment later.
        await eventually('the link has followed', async () =>
          (await linkNamed(node.namespace, node.interface)).running === (state === 'up') ? true : undefined,
        );
      };
      const probe: Parameters<typeof run>[0]['probe'] = {
        read: (link, method) => inNetworkNamespace(node.namespace, () => readLinkBeat(link, method)),
      };
      await run({ probe, link: node.interface, absent: 'eth9', plug });
    }),
  );

  test.each(['', 'an-interface-name', 'a\0b'])('%j is the name of no interface', (name) => {
    for (const method of ['mii', 'ethtool', 'ioctl'] as const)
      expect(() => readLinkBeat(name, method)).toThrow(RangeError);
  });
});
