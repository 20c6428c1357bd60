// Somebody else changes what is ours: what is put back, when, and what it costs the role.
import { describe, expect, test } from '@jest/globals';
import type { NetworkEvent, ObjectKind } from '@vrrp/netlink-native';
import type { MemoryKernel } from '@vrrp/netlink-native/testing';
import type { RouterStanding } from '../../src/engine/messages.js';
import type { SimulatedHost } from '../../src/simulation/simulated-host.js';
import { desiredRouter, SECOND, Stage, VIRTUAL, virtualAddress } from './pair.js';

const ENOMEM = 12;

describe('drift', () => {
  test('a virtual address that somebody removes comes back and is announced; the role stays', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    const before = stage.announced.length;
    expect(host.kernel.removeAddress(1, `${VIRTUAL}/32`)).toBe(true);
    await stage.until(5.2);
    expect(host.holds(VIRTUAL)).toBe(true);
    expect(stage.announced.length - before).toBe(5);
    expect(stage.told('a').filter((kind) => kind.startsWith('master->'))).toEqual([]);
    expect(standingOf(host)).toMatchObject({ role: 'master', repairs: { count: 1, last: { addresses: [VIRTUAL] } } });
  });

  test('a whole sweep of removals comes back in a few batches, and no advertisement is late', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const many = Array.from({ length: 200 }, (_, index) => virtualAddress(`198.51.100.${index + 1}`));
    await host.configure(desiredRouter(100, {}, many));
    await stage.until(5);
    for (const { address } of many) host.kernel.removeAddress(1, `${address}/32`);
    await stage.until(5.2);
    expect(many.every(({ address }) => host.holds(address))).toBe(true);
    await stage.until(9);
    const gaps = stage.heard.slice(1).map((one, index) => one.at - (stage.heard[index]?.at ?? 0));
    expect(new Set(gaps)).toEqual(new Set([SECOND]));
    expect(stage.told('a').filter((kind) => kind === 'addresses-repaired').length).toBeLessThan(10);
  });

  test('with vrrp_drift_fallback a Master that lost an address goes to Backup, as keepalived, and comes back', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure({ ...desiredRouter(100), driftFallback: true });
    await stage.until(5);
    expect(host.kernel.removeAddress(1, `${VIRTUAL}/32`)).toBe(true);
    await stage.until(5.1);
    expect(host.engine.snapshot()[0]?.role).toBe('backup');
    await stage.until(6);
    expect(host.holds(VIRTUAL)).toBe(true);
    expect(stage.told('a').filter((kind) => kind === 'address-lost')).toHaveLength(1);
  });

  test('with vrrp_drift_fallback it is back also where the role comes back before the second lane begins', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const addresses = [virtualAddress(VIRTUAL), virtualAddress('198.51.100.7')];
    // The skew of an owner at 0.2 s is 0.8 ms.
    const owner = desiredRouter(255, { advertisementInterval: SECOND / 5 }, addresses);
    await host.configure({ ...owner, driftFallback: true });
    await stage.until(5);
    for (const { address } of addresses) host.kernel.removeAddress(1, `${address}/32`);
    await stage.until(5.2);
    expect(host.engine.snapshot()[0]?.role).toBe('master');
    expect(addresses.map(({ address }) => host.holds(address))).toEqual([true, true]);
  });

  test.each([false, true])(
    'an address that vanished unheard is missed at the resync (falls back: %s)',
    async (driftFallback) => {
      const stage = new Stage();
      const host = stage.addHost('a');
      const deaf = deafen(host.kernel);
      await host.configure({ ...desiredRouter(100), driftFallback });
      await stage.until(5);
      deaf.to('address', 'removed');
      host.kernel.removeAddress(1, `${VIRTUAL}/32`);
      await stage.until(5.5);
      expect(host.holds(VIRTUAL)).toBe(false);
      host.kernel.resync();
      await stage.until(5.6);
      expect(host.engine.snapshot()[0]?.role).toBe(driftFallback ? 'backup' : 'master');
      await stage.until(7);
      expect(host.holds(VIRTUAL)).toBe(true);
    },
  );

  test('what nobody heard of is found by the comparison every 30 s', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const deaf = deafen(host.kernel);
    await host.configure(desiredRouter(100));
    await stage.until(31);
    deaf.to('address', 'removed');
    host.kernel.removeAddress(1, `${VIRTUAL}/32`);
    await stage.until(59);
    expect(host.holds(VIRTUAL)).toBe(false);
    await stage.until(60.1);
    expect(host.holds(VIRTUAL)).toBe(true);
  });

  test('an address that the kernel refuses is asked for again, less and less often, and said once', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    host.kernel.failNext(ENOMEM, 5);
    // 3.609 s, then 0.1, 0.2, 0.4, 0.8 and 1.6 s later.
    await stage.until(6.7);
    expect(host.holds(VIRTUAL)).toBe(false);
    await stage.until(6.8);
    expect(host.holds(VIRTUAL)).toBe(true);
    expect(stage.told('a').filter((kind) => kind === 'operation-failed')).toHaveLength(1);
  });

  test('a resync that finds everything in order changes nothing', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.kernel.resync();
    await stage.until(6);
    expect(host.engine.snapshot()[0]?.role).toBe('master');
    expect(stage.told('a').filter((kind) => kind === 'address-lost')).toEqual([]);
  });
});

/** Makes the watchers that come after this deaf to one kind of event, as a full socket would. */
function deafen(kernel: MemoryKernel): { to(kind: ObjectKind, what: NetworkEvent['kind']): void } {
  let lost = '';
  const watch = kernel.watch.bind(kernel);
  kernel.watch = (listener) =>
    watch((event) => {
      if (event.kind === 'resync' || `${event.object.kind} ${event.kind}` !== lost) listener(event);
    });
  return {
    to: (kind, what) => {
      lost = `${kind} ${what}`;
    },
  };
}

function standingOf(host: SimulatedHost): RouterStanding | undefined {
  const { value } = host.engine.standing().next();
  return Array.isArray(value) ? (value[0] as RouterStanding) : undefined;
}
