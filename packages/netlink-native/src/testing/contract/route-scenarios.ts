// The kernel contract of routes: what is kept of what was asked for, what is refused, and which routes go with an address or a
// link.
import assert from 'node:assert/strict';

import { VRRP_PROTOCOL } from '../../network-object.js';
import type { NetworkChange, NetworkEvent } from '../../kernel.js';
import type { Nexthop, Route, RouteSpec } from '../../objects/route.js';
import { objectKey } from '../../rtnl/kinds.js';
import { CHANGED, errnoOf, isLink, UNCHANGED } from './scene.js';
import type { Scenario, Scene } from './scene.js';

const EINVAL = 22;
const ENETDOWN = 100;
const ENETUNREACH = 101;
const EHOSTUNREACH = 113;
const BASE: RouteSpec = { kind: 'route', family: 4, destination: '198.51.100.0', prefixLength: 24 };
const BASE6: RouteSpec = { kind: 'route', family: 6, destination: '2001:db8:5::', prefixLength: 48 };
const BLACKHOLE: RouteSpec = { ...BASE, destination: '198.51.101.0', type: 'blackhole' };

export function routeScenarios(scenario: Scenario): void {
  scenario('a route that was added is there with all that was asked for, and goes by its name', async (scene) => {
    await settle(scene);
    for (const spec of manyRoutes(scene)) {
      await scene.add(spec);
      assert.deepEqual(await scene.kernel.apply([{ action: 'add', object: spec }]), [UNCHANGED], spec.destination);
      const held = await route(scene, spec);
      assert.ok(held !== undefined, `no route to ${spec.destination}`);
      assert.deepEqual({ ...held, ...spec, nexthops: held.nexthops }, held);
      assert.deepEqual(held.nexthops.map(gateways), (spec.nexthops ?? []).map(gateways));
      assert.equal(held.protocol, VRRP_PROTOCOL);
      const { kind, family, destination, prefixLength, table = 254, metric = 0, tos = 0 } = spec;
      await scene.remove({ kind, family, destination, prefixLength, table, metric, tos });
      assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: spec }]), [UNCHANGED]);
    }
    assert.deepEqual(await scene.kernel.read('route'), []);
  });

  scenario('several nexthops are kept with their weights', async (scene) => {
    await settle(scene);
    const weighed: readonly Nexthop[] = [{ gateway: '192.0.2.254', weight: 2 }, { gateway: '192.0.2.253' }];
    await scene.add({ ...BASE, nexthops: weighed });
    const linkIndex = scene.link.index;
    assert.deepEqual((await route(scene, BASE))?.nexthops, [
      { linkIndex, gateway: '192.0.2.254', weight: 2 },
      { linkIndex, gateway: '192.0.2.253', weight: 1 },
    ]);
  });

  scenario('routes of another protocol are neither read nor heard of', async (scene) => {
    await settle(scene);
    await scene.add({ ...BASE, nexthops: [{ linkIndex: scene.link.index }] });
    await scene.addRoute('203.0.113.0/24', '192.0.2.254');
    await scene.remove(BASE);
    await scene.heard(told('removed'));
    const routes = scene.events.flatMap((event) =>
      event.kind !== 'resync' && event.object.kind === 'route' ? [event] : [],
    );
    assert.deepEqual(
      routes.map(({ kind, own, object }) => [kind, own, objectKey(object)]),
      ['changed', 'removed'].map((kind) => [kind, true, objectKey(BASE)]),
    );
    assert.deepEqual(await scene.kernel.read('route'), []);
  });
}

export function routeRefusals(scenario: Scenario): void {
  scenario('what cannot be a route is refused', async (scene) => {
    await settle(scene);
    const direct = { nexthops: [{ linkIndex: scene.link.index }] };
    const ipv6 = BASE6;
    const specs: readonly (readonly [RouteSpec, unknown])[] = [
      [{ ...BASE, ...direct, destination: '198.51.100.1' }, EINVAL],
      [{ ...BASE, nexthops: [{ gateway: '10.9.9.9' }] }, ENETUNREACH],
      [{ ...BASE, nexthops: [{ gateway: '10.9.9.9', linkIndex: scene.link.index }] }, ENETUNREACH],
      [{ ...BASE, nexthops: [{ gateway: '10.9.9.9', linkIndex: scene.link.index, onLink: true }] }, undefined],
      [{ ...BASE, ...direct, source: '10.7.7.7', metric: 7 }, EINVAL],
      [{ ...ipv6, nexthops: [{ gateway: '2001:db9::1' }] }, EHOSTUNREACH],
      [{ ...ipv6, ...direct, source: '2001:db9::7' }, EINVAL],
      [{ ...BASE, prefixLength: 33 }, undefined],
    ];
    const changes = specs.map(([object]): NetworkChange => ({ action: 'add', object }));
    const results = await scene.kernel.apply(changes);
    assert.deepEqual(
      results.map(errnoOf),
      specs.map(([, errno]) => errno),
    );
    assert.equal(results.at(-1)?.ok, false);
  });

  scenario('a link that is down takes no route', async (scene) => {
    await settle(scene);
    await scene.setLink('down');
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: false, running: false }));
    const nexthops = [{ linkIndex: scene.link.index }];
    const changes = [BASE, BASE6].map((spec): NetworkChange => {
      return { action: 'add', object: { ...spec, nexthops } };
    });
    assert.deepEqual((await scene.kernel.apply(changes)).map(errnoOf), [ENETDOWN, ENETDOWN]);
  });
}

export function routeLossScenarios(scenario: Scenario): void {
  scenario('a route goes with its source address; of IPv6 only the source goes', async (scene) => {
    await settle(scene);
    const nexthops = [{ linkIndex: scene.link.index }];
    const source6 = { ...scene.spec, family: 6, address: '2001:db8::5', prefixLength: 64, noDad: true } as const;
    const source4 = { ...scene.spec, address: '192.0.2.9' };
    await scene.add(source4, source6);
    await scene.add({ ...BASE, nexthops, source: '192.0.2.9' }, { ...BASE6, nexthops, source: '2001:db8::5' });
    await scene.remove(source4, source6);
    await scene.heard(told('removed'));
    const left = await scene.kernel.read('route');
    assert.deepEqual(
      left.map(({ family, source }) => [family, source]),
      [[6, undefined]],
    );
  });

  scenario('IPv4 routes go without a word with the last IPv4 address of their link', async (scene) => {
    await settle(scene);
    const nexthops = [{ linkIndex: scene.link.index }];
    await scene.add({ ...BASE, nexthops }, { ...BASE6, nexthops }, BLACKHOLE);
    await scene.heard(told('changed'));
    await scene.remove(scene.spec);
    await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'address');
    assert.deepEqual((await scene.kernel.read('route')).map(objectKey).toSorted(), [
      objectKey(BLACKHOLE),
      objectKey(BASE6),
    ]);
    assert.ok(!scene.events.some(told('removed')));
  });

  scenario('routes go with their link, those of IPv4 without a word', async (scene) => {
    await settle(scene);
    const nexthops = [{ linkIndex: scene.link.index }];
    await scene.add({ ...BASE, nexthops }, { ...BASE6, nexthops }, BLACKHOLE);
    await scene.setLink('down');
    const gone = await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'route');
    assert.ok(gone.kind === 'removed' && objectKey(gone.object) === objectKey(BASE6) && !gone.own);
    assert.deepEqual((await scene.kernel.read('route')).map(objectKey), [objectKey(BLACKHOLE)]);
    assert.ok(!scene.events.some(told('removed')));
  });

  scenario('a cable that is pulled takes no route along', async (scene) => {
    await settle(scene);
    await scene.add({ ...BASE, nexthops: [{ linkIndex: scene.link.index }] });
    await scene.setCarrier(false);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: false }));
    assert.ok((await route(scene, BASE)) !== undefined);
    assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: BASE }]), [CHANGED]);
  });
}

/** Addresses that routes need. */
async function settle(scene: Scene): Promise<void> {
  await scene.add(scene.spec, { ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 64, noDad: true });
}

function manyRoutes(scene: Scene): readonly RouteSpec[] {
  const linkIndex = scene.link.index;
  const direct = { nexthops: [{ linkIndex }] };
  const metrics = {
    values: { mtu: 1400, advmss: 1300, initcwnd: 20 },
    locked: ['mtu'],
    congestionControl: 'reno',
  } as const;
  return [
    { ...BASE, ...direct, scope: 253 },
    { ...BASE, ...direct, metric: 5, table: 1000, tos: 8, source: '192.0.2.7' },
    { ...BASE, nexthops: [{ gateway: '192.0.2.254' }], metrics },
    { ...BASE, nexthops: [{ gateway: '10.9.9.9', linkIndex, onLink: true }] },
    { ...BASE, nexthops: [{ gateway: 'fe80::1', linkIndex }] },
    { ...BASE, destination: '0.0.0.0', prefixLength: 0, nexthops: [{ gateway: '192.0.2.254' }], table: 77 },
    BLACKHOLE,
    { ...BASE, type: 'unreachable' },
    { ...BASE6, ...direct },
    { ...BASE6, nexthops: [{ gateway: 'fe80::1', linkIndex }], metric: 5, preference: 'high' },
    { ...BASE6, nexthops: [{ gateway: '2001:db8::fe' }], source: '2001:db8::7', metrics: { values: { mtu: 1400 } } },
    { ...BASE6, destination: '::', prefixLength: 0, nexthops: [{ gateway: 'fe80::1', linkIndex }], table: 300 },
    { ...BASE6, type: 'prohibit' },
  ];
}

async function route({ kernel }: Scene, spec: RouteSpec): Promise<Route | undefined> {
  return (await kernel.read('route')).find((one) => objectKey(one) === objectKey(spec));
}

function gateways({ gateway, onLink }: Nexthop): readonly unknown[] {
  return [gateway, onLink];
}

/** Of the IPv4 route. */
function told(kind: 'changed' | 'removed'): (event: NetworkEvent) => boolean {
  return (event) => event.kind === kind && objectKey(event.object) === objectKey(BASE);
}
