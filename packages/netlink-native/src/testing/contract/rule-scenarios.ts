// The kernel contract of rules, of neighbours, and of macvlan links: what is kept of what was asked for, and what goes with what.
import assert from 'node:assert/strict';

import type { LinkSpec } from '../../objects/link.js';
import type { NeighbourSpec } from '../../objects/neighbour.js';
import type { RuleSpec } from '../../objects/rule.js';
import { objectKey } from '../../rtnl/kinds.js';
import { CHANGED, errnoOf, inShort, isLink, UNCHANGED } from './scene.js';
import type { Scenario, Scene } from './scene.js';

const EEXIST = 17;
const ENODEV = 19;
const RULE: RuleSpec = { kind: 'rule', family: 4, priority: 100, action: { kind: 'table', table: 1000 } };
const RULE6: RuleSpec = { ...RULE, family: 6 };
const PREFIX = { address: '192.0.2.0', prefixLength: 24 };

export function ruleScenarios(scenario: Scenario): void {
  scenario('a rule that was added is there as it was asked for, and goes by all of it', async (scene) => {
    for (const spec of manyRules(scene)) {
      await scene.add(spec);
      assert.deepEqual(await scene.kernel.apply([{ action: 'add', object: spec }]), [UNCHANGED]);
      const [held, ...others] = await scene.kernel.read('rule');
      assert.deepEqual([held, others], [{ protocol: 18, ...spec }, []]);
      await scene.remove(spec);
      assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: spec }]), [UNCHANGED]);
    }
    assert.deepEqual(await scene.kernel.read('rule'), []);
  });

  scenario('rules that differ in anything stand side by side, by priority', async (scene) => {
    const specs: readonly RuleSpec[] = [
      { ...RULE, priority: 101 },
      RULE,
      { ...RULE, from: PREFIX },
      { ...RULE, action: { kind: 'table', table: 7 } },
      RULE6,
    ];
    await scene.add(...specs);
    const keys = (await scene.kernel.read('rule')).map(objectKey);
    assert.deepEqual(
      keys,
      [specs[1], specs[2], specs[3], specs[0], specs[4]].map((spec) => spec && objectKey(spec)),
    );
    await scene.remove(RULE);
    const gone = await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'rule');
    assert.ok(gone.kind === 'removed' && gone.own && objectKey(gone.object) === objectKey(RULE));
    assert.equal((await scene.kernel.read('rule')).length, specs.length - 1);
  });

  scenario('a rule outlives the link that it names', async (scene) => {
    await scene.add({ ...RULE, incomingLink: scene.linkName });
    await scene.removeLink();
    await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'link');
    assert.equal((await scene.kernel.read('rule')).length, 1);
  });
}

export function neighbourScenarios(scenario: Scenario): void {
  scenario('a neighbour that was added is there for ever, until it is removed or the link goes down', async (scene) => {
    const specs = [neighbour(scene, '192.0.2.9'), neighbour(scene, '2001:db8::9'), neighbour(scene, '192.0.2.8')];
    const [first, second, third] = specs;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await scene.add(...specs);
    const held = await scene.kernel.read('neighbour');
    assert.deepEqual(new Set(held.map((one) => JSON.stringify(one))), new Set(specs.map(permanent)));
    assert.deepEqual((await scene.kernel.apply([{ action: 'add', object: first }])).map(errnoOf), [EEXIST]);
    const remove = { action: 'remove', object: first } as const;
    assert.deepEqual(await scene.kernel.apply([remove, remove]), [CHANGED, UNCHANGED]);
    await scene.setLink('down');
    for (const spec of specs) {
      await scene.heard((event) => event.kind === 'removed' && objectKey(event.object) === objectKey(spec));
    }
    assert.deepEqual(await scene.kernel.read('neighbour'), []);
    const absent = { ...first, linkIndex: 9999 };
    assert.deepEqual((await scene.kernel.apply([{ action: 'add', object: absent }])).map(errnoOf), [ENODEV]);
    assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: absent }]), [UNCHANGED]);
  });

  scenario('neighbours that the kernel learns by itself are not heard of', async (scene) => {
    await scene.addNeighbour('192.0.2.77', '02:00:00:00:00:77');
    const spec = neighbour(scene, '192.0.2.9');
    await scene.add(spec);
    await scene.heard((event) => event.kind === 'changed' && event.object.kind === 'neighbour');
    assert.deepEqual(
      inShort(scene.events).filter((text) => text.includes('neighbour')),
      [`changed ${objectKey(spec)} own`],
    );
    assert.deepEqual((await scene.kernel.read('neighbour')).map(objectKey), [objectKey(spec)]);
  });
}

export function macvlanScenarios(scenario: Scenario): void {
  scenario('a macvlan that was made has its parent, mode and MAC, and is removed', async (scene) => {
    const spec = macvlan(scene);
    await scene.add(spec);
    const made = await scene.heard(
      (event) => event.kind === 'changed' && event.object.kind === 'link' && event.object.name === spec.name,
    );
    assert.ok(made.kind === 'changed' && made.own);
    const held = (await scene.kernel.read('link')).find(({ name }) => name === spec.name);
    const { name, type, parentIndex, macvlanMode, mac, adminUp, running, mtu } = held ?? scene.link;
    assert.deepEqual({ kind: 'link', name, type, parentIndex, macvlanMode, mac, adminUp, mtu }, spec);
    assert.equal(running, true);
    assert.deepEqual((await scene.kernel.apply([{ action: 'add', object: spec }])).map(errnoOf), [EEXIST]);
    const remove = { action: 'remove', object: { ...spec, index: held?.index ?? 0 } } as const;
    assert.deepEqual(await scene.kernel.apply([remove, remove]), [CHANGED, UNCHANGED]);
    await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'link' && event.own);
    await scene.add(spec);
    await scene.remove(spec);
  });

  scenario('a macvlan shares the cable of its parent, and goes with it', async (scene) => {
    const spec = macvlan(scene);
    await scene.add(spec);
    const index = (await scene.kernel.read('link')).find(({ name }) => name === spec.name)?.index ?? 0;
    await scene.setCarrier(false);
    await scene.heard((event) => isLink(event, index, { adminUp: true, running: false }));
    await scene.removeLink();
    await scene.heard(
      (event) => event.kind === 'removed' && event.object.kind === 'link' && event.object.index === index,
    );
    assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: spec }]), [UNCHANGED]);
  });

  scenario('a macvlan that cannot be is refused', async (scene) => {
    const spec = macvlan(scene);
    const specs: readonly LinkSpec[] = [
      { ...spec, parentIndex: 9999 },
      { ...spec, name: 'x'.repeat(16) },
      { ...spec, mac: 'no' },
    ];
    const results = await scene.kernel.apply(specs.map((object) => ({ action: 'add', object })));
    assert.deepEqual(
      results.map((result) => result.ok === false && result.error.code),
      ['ERR_VRRP_NETLINK_ACK', 'ERR_VRRP_NETLINK_REQUEST', 'ERR_VRRP_NETLINK_REQUEST'],
    );
    assert.equal(errnoOf(results[0]), ENODEV);
  });
}

function manyRules({ linkName }: Scene): readonly RuleSpec[] {
  const prefix6 = { address: '2001:db8::', prefixLength: 32 };
  return [
    RULE,
    { ...RULE, from: PREFIX, to: { address: '198.51.100.1', prefixLength: 32 }, not: true },
    { ...RULE, incomingLink: linkName, outgoingLink: 'absent', tos: 16, mark: { value: 1, mask: 255 } },
    { ...RULE, userIds: { first: 0, last: 1000 }, ipProtocol: 6, sourcePorts: { first: 7, last: 7 } },
    { ...RULE, ipProtocol: 17, destinationPorts: { first: 80, last: 90 }, tunnelId: 0x1_0000_0001n },
    { ...RULE, suppressPrefixLength: 0, suppressLinkGroup: 4, realms: 0x10002 },
    ...(['blackhole', 'unreachable', 'prohibit', 'nop'] as const).map((kind) => act({ kind })),
    act({ kind: 'goto', priority: 32_000 }),
    { ...RULE6, from: prefix6, to: prefix6, action: { kind: 'table', table: 254 } },
    { ...RULE6, incomingLink: linkName, mark: { value: 7, mask: 0xffff_ffff }, suppressPrefixLength: 3 },
  ];
}

function act(action: RuleSpec['action']): RuleSpec {
  return { ...RULE, action };
}

function neighbour({ link }: Scene, address: string): NeighbourSpec {
  const family = address.includes(':') ? 6 : 4;
  return { kind: 'neighbour', family, address, linkIndex: link.index, mac: '02:00:00:00:00:09' };
}

function permanent(spec: NeighbourSpec): string {
  return JSON.stringify({ ...spec, state: 0x80, protocol: 18 });
}

function macvlan({ link }: Scene): LinkSpec {
  const mac = '00:00:5e:00:01:33';
  const { index: parentIndex, mtu } = link;
  return {
    kind: 'link',
    name: 'vrrp.51',
    type: 'macvlan',
    parentIndex,
    macvlanMode: 'private',
    mac,
    adminUp: true,
    mtu,
  };
}
