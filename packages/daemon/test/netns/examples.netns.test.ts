// Every configuration in ../../examples, run as it is by the real program on a LAN of namespaces. The cases run side by
// side: they spend their time waiting for intervals of a second, which is what the files say.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';
import { VRRP_PROTOCOL } from '@vrrp/netlink-native';
import { requires } from '@vrrp/netlink-native/testing';
import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { eventually } from '../rig/deadline.js';
import { masterDownInterval, skewTime } from '../rig/protocol-time.js';
import { start } from './program.js';
import type { Program } from './program.js';
import { createNodeLan, heldOf, kernelAddresses, linkNamed, onStage, untilHolding } from './stage.js';
import type { Node, NodeLan, Stage } from './stage.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
/** Of the two pairs. */
const VIRTUAL = '172.16.0.150';
const PRIORITY_A = 100;
const PRIORITY_B = 90;
/** How much later than the protocol's time a takeover may be seen, in microseconds, by a test on a busy machine. */
const SLACK = 500_000;

interface Pair extends NodeLan {
  readonly a: Program;
  readonly b: Program;
  readonly nodeA: Node;
  readonly nodeB: Node;
  readonly client: Node;
}

/** Node a is Master, node b its Backup, and the client has spoken with the address. */
async function startPair(stage: Stage, folder: string): Promise<Pair> {
  const lan = await createNodeLan(stage, { network: '172.16.0', interface: 'ens18' });
  const [nodeA, nodeB, client] = lan.nodes;
  const example = (node: Node, name: string) =>
    start(stage, { namespace: node.namespace, config: { file: join(EXAMPLES, folder, name) } });
  const a = await example(nodeA, 'node-a.conf');
  const b = await example(nodeB, 'node-b.conf');
  await a.becomes('master');
  await untilHolding(stage.lab, nodeA.namespace, [VIRTUAL], 'all');
  expect(b.roles()).toEqual(['backup']);
  await expectAnswerFrom(stage.lab, client, nodeA);
  return { ...lan, a, b, nodeA, nodeB, client };
}

/** The client reaches the address, at the link of this node: the gratuitous ARP told it. */
async function expectAnswerFrom(lab: NamespaceLab, client: Node, node: Node): Promise<void> {
  const { mac } = await linkNamed(node.namespace, node.interface);
  await eventually(`the client reaches ${VIRTUAL} at ${mac}`, async () => {
    const ping = await lab.run(client.namespace, ['ping', '-n', '-c', '1', '-W', '1', VIRTUAL]);
    const neighbours = await lab.run(client.namespace, ['ip', 'neighbour', 'show', VIRTUAL]);
    return ping.status === 0 && neighbours.stdout.includes(mac) ? true : undefined;
  });
}

async function expectTakeover({ b, nodeB, client }: Pair, { lab }: Stage): Promise<void> {
  await b.becomes('master');
  await untilHolding(lab, nodeB.namespace, [VIRTUAL], 'all');
  expect(b.roles()).toEqual(['backup', 'master']);
  await expectAnswerFrom(lab, client, nodeB);
}

requires('root', 'tcpdump')('the examples', () => {
  test.concurrent('two-nodes: node b takes over when node a is killed', () =>
    onStage(async (stage) => {
      const pair = await startPair(stage, 'two-nodes');
      const capture = await captureAdvertisements(stage.lab, pair.nodeB.namespace, 'ens18');
      await capture.waitFor('node a advertises', ({ priority }) => priority === PRIORITY_A);
      await pair.a.crash();
      const first = await capture.waitFor('node b advertises', ({ priority }) => priority === PRIORITY_B);
      await expectTakeover(pair, stage);
      const last = capture.seen.findLast(({ priority }) => priority === PRIORITY_A);
      expect(first.at - (last?.at ?? 0)).toBeLessThan(masterDownInterval(2, PRIORITY_B, 1) + SLACK);
      expect(first).toMatchObject({ version: 2, vrid: 100, password: 'Letmein1', addresses: [VIRTUAL] });
    }),
  );

  test.concurrent('two-nodes: node b takes over when node a loses its cable, and node a comes back with it', () =>
    onStage(async (stage) => {
      const pair = await startPair(stage, 'two-nodes');
      const { a, b, lan, nodeA, nodeB } = pair;
      await lan.setCable(nodeA, 'down');
      await a.becomes('fault');
      await untilHolding(stage.lab, nodeA.namespace, [VIRTUAL], 'none');
      await expectTakeover(pair, stage);
      const from = { a: a.log.length, b: b.log.length };
      await lan.setCable(nodeA, 'up');
      await b.becomes('backup', { from: from.b });
      await a.becomes('master', { from: from.a });
      await untilHolding(stage.lab, nodeA.namespace, [VIRTUAL], 'all');
      await untilHolding(stage.lab, nodeB.namespace, [VIRTUAL], 'none');
      expect(a.roles()).toEqual(['backup', 'master', 'fault', 'backup', 'master']);
    }),
  );

  test.concurrent('two-nodes: node b takes over at once when node a is stopped', () =>
    onStage(async (stage) => {
      const pair = await startPair(stage, 'two-nodes');
      const capture = await captureAdvertisements(stage.lab, pair.nodeB.namespace, 'ens18');
      expect(await pair.a.stop()).toBe(0);
      const farewell = await capture.waitFor('node a says priority 0', ({ priority }) => priority === 0);
      const first = await capture.waitFor('node b advertises', ({ priority }) => priority === PRIORITY_B);
      expect(first.at - farewell.at).toBeLessThan(skewTime(2, PRIORITY_B, 1) + SLACK);
      expect(await heldOf(stage.lab, pair.nodeA.namespace, [VIRTUAL])).toEqual([]);
      await expectTakeover(pair, stage);
    }),
  );

  test.concurrent('unicast: the same failover, and nothing goes to a group', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const pair = await startPair(stage, 'unicast');
      const capture = await captureAdvertisements(lab, pair.nodeB.namespace, 'ens18');
      await capture.waitFor('node a advertises', ({ priority }) => priority === PRIORITY_A);
      await pair.a.crash();
      await capture.waitFor('node b advertises', ({ priority }) => priority === PRIORITY_B);
      await expectTakeover(pair, stage);
      const ways = new Set(capture.seen.map(({ source, destination }) => `${source} > ${destination}`));
      expect([...ways].sort()).toEqual(['172.16.0.1 > 172.16.0.2', '172.16.0.2 > 172.16.0.1']);
      for (const { namespace } of [pair.nodeA, pair.nodeB]) {
        const groups = await lab.run(namespace, ['ip', 'maddress', 'show', 'dev', 'ens18']);
        expect(groups.stdout).not.toContain('224.0.0.18');
      }
    }),
  );

  test.concurrent('multiple-addresses: all of them, each on its interface with our mark, and none after the stop', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const { nodes, lan } = await createNodeLan(stage, { network: '192.168.1' });
      const [{ namespace }] = nodes;
      await lan.connect({ namespace, interface: 'eth1', addresses: ['10.0.0.1/24'] });
      const file = join(EXAMPLES, 'multiple-addresses', 'keepalived.conf');
      const program = await start(stage, { namespace, config: { file } });
      const virtual = ['192.168.1.100', '192.168.1.101', '10.0.0.50'];
      expect(await heldOf(lab, namespace, virtual)).toEqual([]);
      await program.becomes('master');
      await untilHolding(lab, namespace, virtual, 'all');

      const listed = (await lab.addresses(namespace)).filter(({ address }) => virtual.includes(address));
      expect(
        listed.map(({ address, prefixLength, interface: link, label, scope }) => [
          address,
          prefixLength,
          link,
          label,
          scope,
        ]),
      ).toEqual(
        expect.arrayContaining([
          ['192.168.1.100', 32, 'eth0', 'eth0', 'global'],
          ['192.168.1.101', 32, 'eth0', 'eth0', 'global'],
          ['10.0.0.50', 24, 'eth1', 'eth1', 'global'],
        ]),
      );
      const marks = (await kernelAddresses(namespace)).map(({ address, protocol }) => [address, protocol] as const);
      const marked = marks.filter(([, protocol]) => protocol === VRRP_PROTOCOL).map(([address]) => address);
      expect(marked.sort()).toEqual([...virtual].sort());

      expect(await program.stop()).toBe(0);
      expect(await heldOf(lab, namespace, virtual)).toEqual([]);
      expect(await heldOf(lab, namespace, ['192.168.1.1', '10.0.0.1'])).toHaveLength(2);
    }),
  );
});
