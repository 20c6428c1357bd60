// What every Kernel does, as a suite for any test runner with global `describe` and `test` (assertions are Node's own).
// MemoryKernel passes it without privileges, rtnetlink passes it in a network namespace.
import assert from 'node:assert/strict';

import type { Kernel, NetworkChange, NetworkEvent } from '../kernel.js';
import { VRRP_PROTOCOL } from '../network-object.js';
import type { Address, AddressSpec, Link } from '../network-object.js';

/** A kernel with one Ethernet-like link that is up, has carrier, has a MAC and no IPv4 address, and hands to play others. */
export interface KernelUnderTest {
  readonly kernel: Kernel;
  readonly linkName: string;
  setLink(state: 'up' | 'down'): Promise<void>;
  setCarrier(present: boolean): Promise<void>;
  /** Somebody else adds or removes 'ADDRESS/PREFIX' on the link. */
  addAddress(address: string): Promise<void>;
  removeAddress(address: string): Promise<void>;
  removeLink(): Promise<void>;
  /** Ends everything, the kernel client included. */
  close(): Promise<void>;
}

type TestFunction = (title: string, body: () => Promise<void>) => void;

const ENODEV = 19;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_NODAD = 0x02;
const IFA_F_DEPRECATED = 0x20;
/** More than one datagram of requests holds. */
const MANY = 150;

interface Scene extends KernelUnderTest {
  readonly link: Link;
  readonly spec: AddressSpec;
  /** Everything heard since the watch began. */
  readonly events: readonly NetworkEvent[];
  /** Resolves with the first event, heard already or to come, that satisfies `matches`. */
  heard(matches: (event: NetworkEvent) => boolean): Promise<NetworkEvent>;
  find(address: string): Promise<Address | undefined>;
}

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
    detailScenarios(scenario);
    eventScenarios(scenario);
    linkScenarios(scenario);
  });
}

type Scenario = (title: string, body: (scene: Scene) => Promise<void>) => void;

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

function detailScenarios(scenario: Scenario): void {
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

  scenario('an IPv6 address without duplicate address detection is usable at once', async (scene) => {
    const address: AddressSpec = {
      kind: 'address',
      family: 6,
      address: '2001:db8::7',
      prefixLength: 64,
      linkIndex: scene.link.index,
      noDad: true,
      protocol: VRRP_PROTOCOL,
    };
    assert.deepEqual(await scene.kernel.apply([{ action: 'add', object: address }]), [{ ok: true, changed: true }]);
    const held = await scene.find('2001:db8::7');
    assert.deepEqual(
      [held?.family, held?.prefixLength, held?.protocol, held?.label],
      [6, 64, VRRP_PROTOCOL, undefined],
    );
    assert.equal((held?.flags ?? 0) & (IFA_F_NODAD | IFA_F_TENTATIVE), IFA_F_NODAD);
    const remove: NetworkChange = { action: 'remove', object: address };
    assert.deepEqual(await scene.kernel.apply([remove, remove]), [{ ok: true, changed: true }, ...unchanged(1)]);
  });

  scenario('the scope of an IPv6 address is that of its kind', async (scene) => {
    const address: AddressSpec = { ...scene.spec, family: 6, address: 'fe80::7', prefixLength: 128 };
    await scene.kernel.apply([{ action: 'add', object: address }]);
    assert.equal((await scene.find('fe80::7'))?.scope, 253);
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

function linkScenarios(scenario: Scenario): void {
  scenario('a cable that is pulled takes the carrier, not the administrative state', async (scene) => {
    await scene.setCarrier(false);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: false }));
    await scene.setCarrier(true);
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: true, running: true }));
  });

  scenario('a link that is set down loses its IPv6 addresses and keeps its IPv4 addresses', async (scene) => {
    await scene.kernel.apply([{ action: 'add', object: scene.spec }]);
    await scene.addAddress('2001:db8::9/64');
    await scene.setLink('down');
    await scene.heard((event) => isLink(event, scene.link.index, { adminUp: false, running: false }));
    await scene.heard(removed('2001:db8::9'));
    assert.ok((await scene.find(scene.spec.address)) !== undefined);
    assert.equal(await scene.find('2001:db8::9'), undefined);
    const now = (await scene.kernel.read('link')).find(({ index }) => index === scene.link.index);
    assert.deepEqual([now?.adminUp, now?.running], [false, false]);
  });

  scenario('a link that is removed takes its addresses along', async (scene) => {
    await scene.kernel.apply([{ action: 'add', object: scene.spec }]);
    await scene.removeLink();
    const gone = await scene.heard((event) => event.kind === 'removed' && event.object.kind === 'link');
    assert.ok(gone.kind === 'removed' && gone.object.kind === 'link');
    assert.deepEqual([gone.object.index, gone.object.name], [scene.link.index, scene.linkName]);
    await scene.heard(removed(scene.spec.address));
    assert.ok(!(await scene.kernel.read('link')).some(({ index }) => index === scene.link.index));
    assert.equal(await scene.find(scene.spec.address), undefined);
  });
}

async function setScene(subject: KernelUnderTest): Promise<Scene> {
  const { kernel, linkName } = subject;
  const link = (await kernel.read('link')).find(({ name }) => name === linkName);
  assert.ok(link !== undefined, `the kernel under test has no link ${linkName}`);
  const events: NetworkEvent[] = [];
  let wake: (() => void) | undefined;
  kernel.watch((event) => {
    events.push(event);
    wake?.();
  });
  const heard: Scene['heard'] = async (matches) => {
    // Bounded by the runner's own time limit of a test.
    for (;;) {
      const found = events.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const find = async (address: string): Promise<Address | undefined> =>
    (await kernel.read('address')).find((one) => one.address === address && one.linkIndex === link.index);
  const spec: AddressSpec = {
    kind: 'address',
    family: 4,
    address: '192.0.2.7',
    prefixLength: 24,
    linkIndex: link.index,
  };
  return { ...subject, link, spec, events, heard, find };
}

function isLink(event: NetworkEvent, index: number, state: { adminUp: boolean; running: boolean }): boolean {
  if (event.kind !== 'changed' || event.object.kind !== 'link' || event.object.index !== index) return false;
  return event.object.adminUp === state.adminUp && event.object.running === state.running;
}

function changed(address: string): (event: NetworkEvent) => boolean {
  return (event) => event.kind === 'changed' && event.object.kind === 'address' && event.object.address === address;
}

function removed(address: string): (event: NetworkEvent) => boolean {
  return (event) => event.kind === 'removed' && event.object.kind === 'address' && event.object.address === address;
}

function unchanged(count: number): readonly { ok: true; changed: false }[] {
  return Array.from({ length: count }, () => ({ ok: true, changed: false }) as const);
}

function runnerFunction(name: 'describe' | 'test'): unknown {
  const found: unknown = Reflect.get(globalThis, name);
  if (typeof found !== 'function') throw new Error(`kernelContract() works inside a test runner with a global ${name}`);
  return found;
}
