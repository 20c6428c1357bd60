// The kernel contract of addresses: what is kept of what was asked for, and what Linux does with subnets of IPv4.
import assert from 'node:assert/strict';

import { addressSpecOf } from '../../objects/address.js';
import { VRRP_PROTOCOL } from '../../network-object.js';
import type { NetworkChange, NetworkEvent } from '../../kernel.js';
import type { AddressSpec } from '../../objects/address.js';
import { at, changed, errnoOf, hasFlag, inShort, removed } from './scene.js';
import type { Scenario, Scene } from './scene.js';

const EINVAL = 22;
const IFA_F_SECONDARY = 0x01;
const IFA_F_DEPRECATED = 0x20;

export function addressScenarios(scenario: Scenario): void {
  scenario('label, broadcast, scope and protocol are kept', async (scene) => {
    const label = `${scene.linkName}:vip`;
    const detail = { label, broadcast: '192.0.2.255', scope: 253, protocol: VRRP_PROTOCOL };
    await scene.kernel.apply([{ action: 'add', object: { ...scene.spec, ...detail } }]);
    const held = await scene.find(scene.spec.address);
    assert.deepEqual(
      { label: held?.label, broadcast: held?.broadcast, scope: held?.scope, protocol: held?.protocol },
      detail,
    );
  });

  scenario('a peer is kept', async (scene) => {
    const address = { ...scene.spec, prefixLength: 32, peer: '203.0.113.7' };
    await scene.kernel.apply([{ action: 'add', object: address }]);
    assert.equal((await scene.find(scene.spec.address))?.peer, '203.0.113.7');
    assert.deepEqual(await scene.kernel.apply([{ action: 'remove', object: address }]), [{ ok: true, changed: true }]);
  });

  scenario('a preferred lifetime of 0 deprecates', async (scene) => {
    const ipv6: AddressSpec = { ...scene.spec, family: 6, address: '2001:db8::5', prefixLength: 64 };
    const changes = [scene.spec, ipv6].map((spec): NetworkChange => {
      return { action: 'add', object: { ...spec, noDad: true, preferredLifetime: 0 } };
    });
    await scene.kernel.apply(changes);
    for (const { address } of [scene.spec, ipv6]) {
      const held = await scene.find(address);
      assert.equal((held?.flags ?? 0) & IFA_F_DEPRECATED, IFA_F_DEPRECATED);
    }
    assert.equal((await scene.find(ipv6.address))?.preferredLifetime, 0);
  });

  scenario('what is asked for by flags is kept, and an address can be put back as it was', async (scene) => {
    const ipv6 = { ...scene.spec, family: 6, address: '2001:db8::5', prefixLength: 64 } as const;
    const specs: readonly AddressSpec[] = [
      { ...scene.spec, noPrefixRoute: true, protocol: VRRP_PROTOCOL },
      { ...scene.spec, address: '239.1.2.3', prefixLength: 32, autoJoin: true },
      { ...ipv6, noDad: true, noPrefixRoute: true, homeAddress: true },
      { ...ipv6, address: '2001:db8::6', noDad: true, managesTemporary: true },
    ];
    await scene.add(...specs);
    for (const { kind: _, ...spec } of specs) {
      const held = await scene.find(spec.address);
      assert.ok(held !== undefined);
      const before = addressSpecOf(held);
      assert.deepEqual({ ...before, ...spec }, before);
      await scene.remove(before);
      await scene.add(before);
      assert.deepEqual(await scene.find(spec.address), held);
    }
  });
}

export function subnetScenarios(scenario: Scenario): void {
  scenario('the first IPv4 address of a subnet is primary, and the others go with it', async (scene) => {
    await scene.add(...subnet(scene));
    assert.deepEqual(await secondaries(scene), ['192.0.2.8', '192.0.2.9']);
    await scene.remove(scene.spec);
    await scene.heard(removed('192.0.2.7'));
    assert.deepEqual(inShort(scene.events).slice(-3), [
      'removed 192.0.2.8 own',
      'removed 192.0.2.9 own',
      'removed 192.0.2.7 own',
    ]);
    const held = (await scene.kernel.read('address')).filter(({ linkIndex }) => linkIndex === scene.link.index);
    assert.deepEqual(
      held.filter(({ family }) => family === 4).map(({ address }) => address),
      ['198.51.100.1'],
    );
  });

  scenario('where secondaries are promoted, the next of them takes the place of the first', async (scene) => {
    await scene.promoteSecondaries();
    await scene.add(...subnet(scene));
    await scene.remove(scene.spec);
    await scene.heard((event) => changed('192.0.2.8')(event) && !isSecondary(event));
    assert.deepEqual(inShort(scene.events).slice(-2), ['removed 192.0.2.7 own', 'changed 192.0.2.8 own']);
    assert.deepEqual(await secondaries(scene), ['192.0.2.9']);
    assert.ok((await scene.find('192.0.2.8')) !== undefined);
  });

  scenario('addresses of a subnet share its scope', async (scene) => {
    await scene.add(scene.spec);
    const other: NetworkChange = { action: 'add', object: { ...scene.spec, address: '192.0.2.8', scope: 253 } };
    assert.deepEqual((await scene.kernel.apply([other])).map(errnoOf), [EINVAL]);
  });

  scenario('primaries are listed before secondaries, narrower scopes before wider ones', async (scene) => {
    const { spec } = scene;
    await scene.add(spec, { ...spec, address: '192.0.2.8' }, { ...spec, address: '198.51.100.1' });
    await scene.add(
      { ...spec, address: '203.0.113.1', scope: 253 },
      { ...spec, address: '203.0.113.1', prefixLength: 32 },
    );
    const ipv6 = { ...spec, family: 6, prefixLength: 64, noDad: true } as const;
    await scene.add({ ...ipv6, address: '2001:db8::1' }, { ...ipv6, address: '2001:db8::2' });
    const held = (await scene.kernel.read('address')).filter(({ linkIndex }) => linkIndex === scene.link.index);
    assert.deepEqual(
      held
        .filter(({ address }) => !address.startsWith('fe80'))
        .map(({ address, prefixLength }) => `${address}/${prefixLength}`),
      [
        '203.0.113.1/24',
        '192.0.2.7/24',
        '198.51.100.1/24',
        '203.0.113.1/32',
        '192.0.2.8/24',
        '2001:db8::2/64',
        '2001:db8::1/64',
      ],
    );
  });
}

/** Three addresses of one subnet and one of another. */
function subnet({ spec }: Scene): readonly AddressSpec[] {
  return ['192.0.2.7', '192.0.2.8', '198.51.100.1', '192.0.2.9'].map((address) => at(spec, address));
}

async function secondaries({ kernel }: Scene): Promise<readonly string[]> {
  const held = await kernel.read('address');
  return held
    .filter(({ family, flags }) => family === 4 && (flags & IFA_F_SECONDARY) !== 0)
    .map(({ address }) => address);
}

function isSecondary(event: NetworkEvent): boolean {
  return hasFlag(event, IFA_F_SECONDARY);
}
