// The kernel contract of removals: whoever is told that an address is gone can rely on it. A Backup that keeps one is a second
// holder on the network.
import assert from 'node:assert/strict';

import type { AddressSpec } from '../../objects/address.js';
import { at, CHANGED, UNCHANGED } from './scene.js';
import type { Scenario, Scene } from './scene.js';

export function removalScenarios(scenario: Scenario): void {
  scenario('a removal does not ask for the label', async (scene) => {
    await scene.addAddress('192.0.2.7/24', { label: `${scene.linkName}:old` });
    for (const label of [`${scene.linkName}:new`, 'x'.repeat(16)]) {
      await scene.kernel.apply([{ action: 'add', object: scene.spec }]);
      assert.deepEqual(await removal(scene, { ...scene.spec, label }), [CHANGED, undefined]);
    }
  });

  scenario('a removal finds the address whatever its peer', async (scene) => {
    const spec = { ...scene.spec, prefixLength: 32 };
    await scene.addAddress('192.0.2.7/32', { peer: '203.0.113.1' });
    assert.deepEqual(await removal(scene, spec), [CHANGED, undefined]);
    await scene.addAddress('192.0.2.7/32');
    assert.deepEqual(await removal(scene, { ...spec, peer: '203.0.113.1' }), [CHANGED, undefined]);
    await scene.addAddress('192.0.2.7/32', { peer: '203.0.113.1' });
    await scene.addAddress('192.0.2.7/32', { peer: '203.0.113.2' });
    assert.deepEqual(await removal(scene, spec), [CHANGED, undefined]);
  });

  scenario('a removal finds an IPv6 address whatever its prefix length, of which there is one', async (scene) => {
    const spec = { ...scene.spec, family: 6, address: '2001:db8::7', prefixLength: 128, noDad: true } as const;
    await scene.addAddress('2001:db8::7/64');
    assert.deepEqual(await scene.kernel.apply([{ action: 'add', object: spec }]), [UNCHANGED]);
    assert.deepEqual(await removal(scene, spec), [CHANGED, undefined]);
  });

  scenario(
    'a removal leaves an IPv4 address of another prefix length, and of another peer beside its own',
    async (scene) => {
      await scene.addAddress('192.0.2.7/24');
      const spec = { ...scene.spec, prefixLength: 32 };
      assert.deepEqual((await removal(scene, spec))[0], UNCHANGED);
      assert.equal((await scene.find('192.0.2.7'))?.prefixLength, 24);
      await scene.add({ ...spec, peer: '203.0.113.1' }, { ...spec, peer: '203.0.113.2' });
      assert.deepEqual((await removal(scene, { ...spec, peer: '203.0.113.1' }))[0], CHANGED);
      const held = (await scene.kernel.read('address')).filter(({ address }) => address === '192.0.2.7');
      assert.deepEqual(
        held.map(({ peer }) => peer),
        [undefined, '203.0.113.2'],
      );
    },
  );

  scenario('removing a subnet address by address is success for each', async (scene) => {
    const specs = ['192.0.2.7', '192.0.2.8', '192.0.2.9'].map((address) => at(scene.spec, address));
    await scene.add(...specs);
    const results = await scene.kernel.apply(specs.map((object) => ({ action: 'remove', object })));
    // The first took the others along.
    assert.deepEqual(results, [CHANGED, UNCHANGED, UNCHANGED]);
  });
}

/** What came of it, and the address if it is still there. */
async function removal(scene: Scene, object: AddressSpec): Promise<readonly unknown[]> {
  const [result] = await scene.kernel.apply([{ action: 'remove', object }]);
  return [result, await scene.find(object.address)];
}
