// The network under a running Master changes: its link, its cable, its interface, its own address, the address it holds.
// One node with priority 200 and an interval of 200 ms (skew 44 ms, Master_Down_Interval 644 ms), and for IPv6 two.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import type { BridgeLan } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { masterDownInterval } from '../rig/protocol-time.js';
import { start } from './program.js';
import type { Program } from './program.js';
import { createLoneNode, heldOf, onStage, untilHolding } from './stage.js';
import type { Node, Stage } from './stage.js';
import { watchAddresses } from './watch-addresses.js';

const VIRTUAL = '198.51.100.10';
const PRIORITY = 200;
const INTERVAL = 0.2;
/** Milliseconds until a Master in fault has said so and given its address back. */
const FAULT_WITHIN = 1_000;
/** How much later than the protocol's time something may be seen, in microseconds, by a test on a busy machine. */
const SLACK = 300_000;
/** An address that somebody removed is back within so many microseconds. */
const REPAIR_LIMIT = 200_000;

function config(more: Partial<Parameters<typeof instanceConfig>[0]> = {}): string {
  return instanceConfig({
    version: 3,
    vrid: 51,
    priority: PRIORITY,
    interval: INTERVAL,
    interface: 'eth0',
    addresses: [`${VIRTUAL}/24`],
    ...more,
  });
}

interface Alone {
  readonly lan: BridgeLan;
  readonly node: Node;
  readonly program: Program;
}

/** A Master that holds its address. */
async function startAlone(stage: Stage): Promise<Alone> {
  const { lan, node } = await createLoneNode(stage);
  const program = await start(stage, { namespace: node.namespace, config: config() });
  await program.becomes('master');
  await untilHolding(stage.lab, node.namespace, [VIRTUAL], 'all');
  return { lan, node, program };
}

/** `fail` puts it in fault with this reason and `mend` ends that: BACKUP first, and MASTER after a whole interval. */
async function expectFault(
  stage: Stage,
  { node, program }: Alone,
  episode: { readonly fail: () => Promise<unknown>; readonly reason: RegExp; readonly mend: () => Promise<unknown> },
): Promise<void> {
  const from = program.log.length;
  await episode.fail();
  await Promise.all([
    program.becomes('fault', { from, within: FAULT_WITHIN }),
    untilHolding(stage.lab, node.namespace, [VIRTUAL], 'none', FAULT_WITHIN),
  ]);
  await program.says(episode.reason, { from });
  const mended = program.log.length;
  await episode.mend();
  const backup = await program.becomes('backup', { from: mended });
  const master = await program.becomes('master', { from: mended });
  await untilHolding(stage.lab, node.namespace, [VIRTUAL], 'all');
  expect(program.roles(from)).toEqual(['fault', 'backup', 'master']);
  const waited = (master.monotonic ?? 0) - (backup.monotonic ?? 0);
  const interval = masterDownInterval(3, PRIORITY, INTERVAL);
  expect(waited).toBeGreaterThanOrEqual(interval);
  expect(waited).toBeLessThan(interval + SLACK);
}

const LINK_DOWN = /^\(VI_1\): entering FAULT state \(interface eth0 down\)$/;

requires('root', 'tcpdump')('the network of a running Master', () => {
  test.concurrent('link down: FAULT and no address; up again: BACKUP, then MASTER', () =>
    onStage(async (stage) => {
      const alone = await startAlone(stage);
      await expectFault(stage, alone, {
        fail: () => stage.lab.setLink(alone.node.namespace, 'eth0', 'down'),
        reason: LINK_DOWN,
        mend: () => stage.lab.setLink(alone.node.namespace, 'eth0', 'up'),
      });
    }),
  );

  test.concurrent('no carrier: the same', () =>
    onStage(async (stage) => {
      const alone = await startAlone(stage);
      await expectFault(stage, alone, {
        fail: () => alone.lan.setCable(alone.node, 'down'),
        reason: LINK_DOWN,
        mend: () => alone.lan.setCable(alone.node, 'up'),
      });
      expect(alone.program.log.map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(['Netlink reports eth0 down', 'Netlink reports eth0 up']),
      );
    }),
  );

  test.concurrent('the interface is deleted, and one of that name comes back: it advertises on the new one', () =>
    onStage(async (stage) => {
      const alone = await startAlone(stage);
      const { node, lan } = alone;
      await expectFault(stage, alone, {
        fail: () => stage.lab.run(node.namespace, ['ip', 'link', 'delete', 'eth0']),
        reason: LINK_DOWN,
        mend: () => lan.connect({ ...node, addresses: [`${node.address}/24`] }),
      });
      const capture = await captureAdvertisements(stage.lab, node.namespace, 'eth0');
      const seen = await capture.waitFor('it advertises', () => true);
      expect(seen).toMatchObject({ source: node.address, priority: PRIORITY, checksumGood: true });
    }),
  );

  test.concurrent('its own address goes: FAULT; it comes back: BACKUP, then MASTER', () =>
    onStage(async (stage) => {
      const alone = await startAlone(stage);
      const { namespace, address } = alone.node;
      const change = (verb: string) =>
        stage.lab.run(namespace, ['ip', 'address', verb, `${address}/24`, 'dev', 'eth0']);
      await expectFault(stage, alone, {
        fail: () => change('del'),
        reason: /^\(VI_1\) entering FAULT state \(no IPv4 address for interface\)$/,
        mend: () => change('add'),
      });
    }),
  );

  test.concurrent(
    'the virtual address is deleted by hand: it is back within 200 ms, announced, and the role stays',
    () =>
      onStage(async (stage) => {
        const { node, program } = await startAlone(stage);
        const capture = await captureAdvertisements(stage.lab, node.namespace, 'eth0');
        const watch = await watchAddresses(stage.lab, node.namespace);
        const from = program.log.length;
        await stage.lab.run(node.namespace, ['ip', 'address', 'del', `${VIRTUAL}/24`, 'dev', 'eth0']);
        const gone = await watch.waitFor('removed', VIRTUAL);
        const back = await watch.waitFor('added', VIRTUAL);
        expect(back.at - gone.at).toBeLessThan(REPAIR_LIMIT);
        // Who did it is told; the tool may be gone before its name is asked for.
        await program.says(new RegExp(`process \\d+.* removed ${VIRTUAL} from the network: put back and announced`), {
          from,
        });
        await program.says(new RegExp(`Sending gratuitous ARP on eth0 for ${VIRTUAL}`), { from });
        const seen = capture.seen.length;
        await capture.waitFor('three advertisements more', () => capture.seen.length > seen + 3);
        expect(new Set(capture.seen.map(({ priority }) => priority))).toEqual(new Set([PRIORITY]));
        expect(program.roles(from)).toEqual([]);
        expect(await heldOf(stage.lab, node.namespace, [VIRTUAL])).toEqual([VIRTUAL]);
      }),
  );

  test.concurrent('IPv6 with link-local addresses only: the addresses move from node to node', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const namespaces = [await lab.addNamespace('one'), await lab.addNamespace('two')] as const;
      const lan = await lab.addBridgeLan(
        'lan',
        namespaces.map((namespace, index) => ({ namespace, interface: 'eth0', addresses: [`fe80::${index + 1}/64`] })),
      );
      const virtual = ['fe80::100', '2001:db8:1::10'];
      const router = (namespace: string, priority: number) => {
        const addresses = virtual.map((address) => `${address}/64`);
        return start(stage, { namespace, config: config({ priority, addresses }) });
      };
      const one = await router(namespaces[0], PRIORITY);
      const two = await router(namespaces[1], 100);
      const capture = await captureAdvertisements(lab, namespaces[1], 'eth0');
      await one.becomes('master');
      await untilHolding(lab, namespaces[0], virtual, 'all');
      const seen = await capture.waitFor('node one advertises', () => true);
      expect(seen).toMatchObject({
        version: 3,
        destination: 'ff02::12',
        ttl: 255,
        addresses: virtual,
        checksumGood: true,
      });
      const own = (await lab.addresses(namespaces[0])).filter(({ family, scope }) => family === 6 && scope === 'link');
      expect(own.map(({ address }) => address)).toContain(seen.source);
      expect(virtual).not.toContain(seen.source);

      await lan.setCable({ namespace: namespaces[0], interface: 'eth0' }, 'down');
      await two.becomes('master');
      await untilHolding(lab, namespaces[1], virtual, 'all');
      await untilHolding(lab, namespaces[0], virtual, 'none');
      const from = two.log.length;
      await lan.setCable({ namespace: namespaces[0], interface: 'eth0' }, 'up');
      await two.becomes('backup', { from });
      await untilHolding(lab, namespaces[0], virtual, 'all');
      await untilHolding(lab, namespaces[1], virtual, 'none');
      expect(two.roles()).toEqual(['backup', 'master', 'backup']);
      expect(await one.stop()).toBe(0);
      await untilHolding(lab, namespaces[1], virtual, 'all');
    }),
  );
});
