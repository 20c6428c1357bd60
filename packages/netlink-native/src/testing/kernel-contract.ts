// What every Kernel does, as a suite for any test runner with global `describe` and `test` (assertions are Node's own).
// MemoryKernel passes it without privileges, rtnetlink passes it in a network namespace.
import assert from 'node:assert/strict';

import type { NetworkChange, NetworkEvent } from '../kernel.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import { addressScenarios, subnetScenarios } from './contract/address-scenarios.js';
import { detectionScenarios, ipv6Scenarios } from './contract/ipv6-scenarios.js';
import { linkScenarios, renamingScenarios } from './contract/link-scenarios.js';
import { removalScenarios } from './contract/removal-scenarios.js';
import { routeLossScenarios, routeRefusals, routeScenarios } from './contract/route-scenarios.js';
import { macvlanScenarios, neighbourScenarios, ruleScenarios } from './contract/rule-scenarios.js';
import { changed, removed, setScene, unchanged } from './contract/scene.js';
import type { KernelUnderTest, Scenario, Scene } from './contract/scene.js';

export type { KernelUnderTest } from './contract/scene.js';

type TestFunction = (title: string, body: () => Promise<void>) => void;

const ENODEV = 19;
/** More than one datagram of requests holds. */
const MANY = 150;

/** Declares the suite; `makeKernel` is called anew for every test. */
export function kernelContract(name: string, makeKernel: () => Promise<KernelUnderTest>): void {
  const describe = runnerFunction('describe') as (title: string, body: () => void) => void;
  const test = runnerFunction('test') as TestFunction;
  const scenario = (title: string, body: (scene: Scene) => Promise<void>): void => {
    test(title, async () => {
      const subject = await makeKernel();
      try {
        await body(await setScene(subject));
      } finally {
        await subject.close();
      }
    });
  };
  describe(`${name} keeps the contract of Kernel`, () => {
    readingScenarios(scenario);
    changeScenarios(scenario);
    batchScenarios(scenario);
    eventScenarios(scenario);
    addressScenarios(scenario);
    subnetScenarios(scenario);
    ipv6Scenarios(scenario);
    detectionScenarios(scenario);
    removalScenarios(scenario);
    linkScenarios(scenario);
    renamingScenarios(scenario);
    routeScenarios(scenario);
    routeRefusals(scenario);
    routeLossScenarios(scenario);
    ruleScenarios(scenario);
    neighbourScenarios(scenario);
    macvlanScenarios(scenario);
  });
}

function readingScenarios(scenario: Scenario): void {
  scenario('links lists the link, up and running, with its MAC', async ({ link, linkName }) => {
    assert.equal(link.name, linkName);
    assert.match(link.mac, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    assert.deepEqual(
      { adminUp: link.adminUp, running: link.running, multicast: link.multicast, loopback: link.loopback },
      { adminUp: true, running: true, multicast: true, loopback: false },
    );
    assert.ok(link.index > 0 && link.mtu >= 1280);
  });

  scenario('readings made at the same time all succeed', async ({ kernel, linkName }) => {
    const readings = await Promise.all([kernel.read('link'), kernel.read('address'), kernel.read('link')]);
    assert.ok(readings[0].some(({ name }) => name === linkName));
    assert.deepEqual(readings[2], readings[0]);
  });

  scenario('a closed kernel refuses, and may be closed again', async ({ kernel, spec }) => {
    kernel.close();
    kernel.close();
    const code = { code: 'ERR_VRRP_NETLINK' };
    await assert.rejects(kernel.read('link'), code);
    assert.throws(() => kernel.watch(() => {}), code);
    const outcome = await kernel.apply([{ action: 'add', object: spec }]).catch((error: unknown) => error);
    const failure = Array.isArray(outcome) ? Reflect.get(Object(outcome[0]), 'error') : outcome;
    assert.equal(Reflect.get(Object(failure), 'code'), 'ERR_VRRP_NETLINK');
  });
}

function changeScenarios(scenario: Scenario): void {
  scenario('an address that was added is there, and adding it again changes nothing', async (scene) => {
    const add: NetworkChange = { action: 'add', object: scene.spec };
    assert.deepEqual(await scene.kernel.apply([add]), [{ ok: true, changed: true }]);
    const held = await scene.find(scene.spec.address);
    assert.deepEqual([held?.prefixLength, held?.linkIndex, held?.family, held?.scope], [24, scene.link.index, 4, 0]);
    assert.deepEqual(await scene.kernel.apply([add, add]), unchanged(2));
  });

  scenario('an address that was removed is gone, and removing it again changes nothing', async (scene) => {
    const remove: NetworkChange = { action: 'remove', object: scene.spec };
    assert.deepEqual(await scene.kernel.apply([remove]), unchanged(1));
    await scene.kernel.apply([{ action: 'add', object: scene.spec }]);
    assert.deepEqual(await scene.kernel.apply([remove, remove]), [{ ok: true, changed: true }, ...unchanged(1)]);
    assert.equal(await scene.find(scene.spec.address), undefined);
  });

  scenario('removing from a link that is not there changes nothing', async ({ kernel, spec }) => {
    assert.deepEqual(await kernel.apply([{ action: 'remove', object: { ...spec, linkIndex: 9999 } }]), unchanged(1));
  });
}

function batchScenarios(scenario: Scenario): void {
  scenario('a refused change does not keep back the others, and results come in order', async (scene) => {
    const other = { ...scene.spec, address: '192.0.2.8' };
    const results = await scene.kernel.apply([
      { action: 'add', object: scene.spec },
      { action: 'add', object: { ...scene.spec, linkIndex: 9999 } },
      { action: 'add', object: other },
    ]);
    assert.deepEqual(
      [results[0], results[2]],
      [
        { ok: true, changed: true },
        { ok: true, changed: true },
      ],
    );
    const refused = results[1];
    assert.ok(refused !== undefined && !refused.ok);
    assert.equal(refused.error.code, 'ERR_VRRP_NETLINK_ACK');
    assert.equal(Reflect.get(refused.error, 'errno'), ENODEV);
    assert.match(refused.error.message, /192\.0\.2\.7\/24.*9999/);
    assert.ok((await scene.find(other.address)) !== undefined);
  });

  scenario('many changes in one call have one result each', async (scene) => {
    const changes = Array.from({ length: MANY }, (_, i): NetworkChange => {
      return { action: 'add', object: { ...scene.spec, address: `198.51.100.${i + 1}`, prefixLength: 32 } };
    });
    const results = await scene.kernel.apply(changes);
    assert.equal(results.length, MANY);
    assert.ok(results.every((result) => result.ok && result.changed));
    const held = (await scene.kernel.read('address')).filter(({ address }) => address.startsWith('198.51.100.'));
    assert.equal(held.length, MANY);
  });

  scenario('no change is no work', async ({ kernel }) => {
    assert.deepEqual(await kernel.apply([]), []);
  });

  scenario('an address that cannot be asked for is refused, and the others of the call go on', async (scene) => {
    for (const wrong of [
      { address: '192.0.2' },
      { prefixLength: 33 },
      { address: '2001:db8::1' },
      { label: 'x'.repeat(16) },
      { label: `${'ä'.repeat(7)}xx` },
      { label: 'a\0b' },
    ]) {
      const changes: NetworkChange[] = [{ ...scene.spec, ...wrong }, scene.spec].map((address) => {
        return { action: 'add', object: address };
      });
      const [refused, other] = await scene.kernel.apply(changes);
      assert.ok(refused !== undefined && !refused.ok);
      assert.equal(refused.error.code, 'ERR_VRRP_NETLINK_REQUEST');
      assert.match(refused.error.message, /^cannot add address .* on link \d+: ./);
      assert.equal(other?.ok, true);
    }
    assert.ok((await scene.find(scene.spec.address)) !== undefined);
  });
}

function eventScenarios(scenario: Scenario): void {
  scenario(
    'a watcher hears addresses come and go, its own changes and those of others, and whose they are',
    async (scene) => {
      await scene.kernel.apply([{ action: 'add', object: { ...scene.spec, protocol: VRRP_PROTOCOL } }]);
      const added = await scene.heard(changed(scene.spec.address));
      assert.ok(added.kind === 'changed' && added.object.kind === 'address' && added.object.protocol === VRRP_PROTOCOL);
      await scene.removeAddress(`${scene.spec.address}/24`);
      const gone = await scene.heard(removed(scene.spec.address));
      assert.ok(gone.kind === 'removed' && gone.object.kind === 'address');
      assert.deepEqual([added.own, gone.own], [true, false]);
      assert.ok(added.origin !== 0 && gone.origin !== 0 && added.origin !== gone.origin);
      assert.deepEqual(
        [gone.object.address, gone.object.prefixLength, gone.object.linkIndex],
        [scene.spec.address, 24, scene.link.index],
      );
      await scene.addAddress('192.0.2.99/24');
      await scene.heard(changed('192.0.2.99'));
    },
  );

  scenario('a watcher does not hear what happened before, nor what happens after it stopped', async (scene) => {
    const { kernel, spec } = scene;
    const early = kernel.watch(() => assert.fail('heard an event after it had stopped'));
    early();
    early();
    await kernel.apply([{ action: 'add', object: spec }]);
    await scene.heard(changed(spec.address));
    const late: NetworkEvent[] = [];
    const stop = kernel.watch((event) => late.push(event));
    await kernel.apply([{ action: 'remove', object: spec }]);
    await scene.heard(removed(spec.address));
    assert.deepEqual(
      late.map(({ kind }) => kind),
      ['removed'],
    );
    stop();
  });
}

function runnerFunction(name: 'describe' | 'test'): unknown {
  const found: unknown = Reflect.get(globalThis, name);
  if (typeof found !== 'function') throw new Error(`kernelContract() works inside a test runner with a global ${name}`);
  return found;
}
