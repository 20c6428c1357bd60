// Two unicast virtual routers with one VRID on one interface, each with a peer of its own, beside real keepalived 2.2.7:
// either of them in the middle takes each advertisement for the one whose peer has sent it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { createNamespaceLab, requires } from '@vrrp/netlink-native/testing';

import { instanceConfig } from '../rig/instance-config.js';
import { startKeepalived } from '../rig/keepalived-peer.js';
import { standIn, type Kind } from '../rig/scenarios.js';
import { startVrrpd } from '../rig/vrrpd-peer.js';

/** Instance `number` of the node with the last address byte `own`, to the peer with `peer`. */
const instance = (number: number, priority: number, own: number, peer: number): string =>
  instanceConfig({
    name: `VI_${number}`,
    version: 3,
    vrid: 51,
    priority,
    interval: 0.2,
    interface: 'eth0',
    addresses: [`198.51.100.${number}/24`],
    unicast: { source: `192.0.2.${own}`, peers: [`192.0.2.${peer}`] },
  });

requires('root', 'keepalived')('two unicast virtual routers with one VRID', () => {
  test.concurrent.each<[Kind]>([['vrrpd'], ['keepalived']])('of %s listen each to its own peer', async (kind) => {
    const lab = createNamespaceLab();
    const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
    try {
      const [one, middle, three] = [
        await lab.addNamespace('one'),
        await lab.addNamespace('middle'),
        await lab.addNamespace('three'),
      ];
      const nodes = [one, middle, three].map((namespace, index) => ({ namespace, address: `192.0.2.${index + 1}/24` }));
      await lab.addBridgeLan(
        'lan',
        nodes.map(({ namespace, address }) => ({ namespace, interface: 'eth0', addresses: [address] })),
      );
      const own = (): Promise<string> => mkdtemp(join(folder, 'run-'));
      const better = await startKeepalived({
        lab,
        namespace: one,
        folder: await own(),
        config: instance(1, 200, 1, 2),
      });
      await better.waitForLog(/\(VI_1\) Entering MASTER STATE/);
      await startKeepalived({ lab, namespace: three, folder: await own(), config: instance(2, 50, 3, 2) });
      const options = {
        lab,
        namespace: middle,
        folder: await own(),
        config: instance(1, 100, 2, 1) + instance(2, 100, 2, 3),
      };
      const twins = await (standIn(kind) === 'keepalived' ? startKeepalived(options) : startVrrpd(options));
      await twins.waitForLog(/\(VI_2\) Entering MASTER STATE/);
      expect(twins.log.filter(({ text }) => /\(VI_1\) Entering MASTER/.test(text))).toEqual([]);
      const from = twins.log.length;
      await better.stop();
      await twins.waitForLog(/\(VI_1\) Entering MASTER STATE/, { from });
      expect(twins.log.slice(from).filter(({ text }) => /\(VI_2\) Entering/.test(text))).toEqual([]);
    } finally {
      await lab.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
