// What the engine makes of links and source addresses that come and go: interface_up_down_delays, track_interface with
// weights, a configured source that is not there. Virtual time; the same facts on real links are in test/netns.
import { describe, expect, test } from '@jest/globals';
import type { Desired } from '../../src/plan/desired.js';
import { runClock } from '../../src/simulation/run-clock.js';
import { desiredRouter, SECOND, Stage, VIRTUAL } from './pair.js';

const LINK = 1;
/** In configuration order: of the link that is down, and of the one that is up. */
const delays = (downDelay: number, upDelay: number, link = 'eth0'): Pick<Desired, 'linkDelays'> => ({
  linkDelays: [{ link, downDelay, upDelay }],
});

/** News of the kernel needs a moment. */
const soon = (stage: Stage): Promise<void> => runClock(stage.clock, stage.clock.now() + 1_000);

async function master(more: Partial<Desired> = {}, config: Parameters<typeof desiredRouter>[1] = {}) {
  const stage = new Stage();
  const host = stage.addHost('a');
  const cable = (carrier: boolean): void => void host.kernel.setLink(LINK, { carrier });
  await host.configure({ ...desiredRouter(100, config), ...more });
  await stage.until(5);
  return { stage, host, cable, role: () => host.engine.snapshot()[0]?.role, soon: () => soon(stage) };
}

describe('delays of a link', () => {
  test('a cable that is pulled counts after the down delay, and the one put in again after the up delay', async () => {
    const { stage, cable, role } = await master(delays(1 * SECOND, 2 * SECOND));
    cable(false);
    await stage.until(5.999);
    expect(role()).toBe('master');
    await stage.until(6.001);
    expect(role()).toBe('fault');
    cable(true);
    await stage.until(8);
    expect(role()).toBe('fault');
    await stage.until(8.002);
    expect(role()).toBe('backup');
    const told = (stage.reports.get('a') ?? []).flatMap((report) =>
      report.kind === 'link' || report.kind === 'link-change-held' ? [report] : [],
    );
    expect(told).toEqual([
      { kind: 'link-change-held', link: 'eth0', up: false, delay: 1 * SECOND, at: 5 * SECOND },
      { kind: 'link', link: 'eth0', up: false, seenBy: 'netlink', at: 6 * SECOND },
      { kind: 'link-change-held', link: 'eth0', up: true, delay: 2 * SECOND, at: 6.001 * SECOND },
      { kind: 'link', link: 'eth0', up: true, seenBy: 'netlink', at: 8_001_000 },
    ]);
  });

  test('a cable that is in again in time was never out: the Master goes on', async () => {
    const { stage, host, cable } = await master(delays(1 * SECOND, 1 * SECOND));
    cable(false);
    await stage.until(5.9);
    cable(true);
    await stage.until(8);
    expect(stage.told('a').filter((kind) => kind === 'link')).toEqual([]);
    expect(host.holds(VIRTUAL)).toBe(true);
  });

  test('a link that is taken away is down at once', async () => {
    const { host, role, soon } = await master(delays(2 * SECOND, 2 * SECOND));
    host.kernel.removeLink(LINK);
    await soon();
    expect(role()).toBe('fault');
  });

  test('a link that was down at the start comes up at once', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    host.kernel.setLink(LINK, { carrier: false });
    await host.configure({ ...desiredRouter(100), ...delays(2 * SECOND, 2 * SECOND) });
    await stage.until(1);
    expect(host.engine.snapshot()[0]?.role).toBe('fault');
    host.kernel.setLink(LINK, { carrier: true });
    await soon(stage);
    expect(host.engine.snapshot()[0]?.role).toBe('backup');
  });

  test('a reload gives a running link delays, and takes them away', async () => {
    const { stage, host, cable, role } = await master();
    await host.configure({ ...desiredRouter(100), ...delays(1 * SECOND, 0) });
    cable(false);
    await stage.until(5.9);
    expect(role()).toBe('master');
    await stage.until(6.5);
    expect(role()).toBe('fault');
    cable(true);
    await stage.until(11);
    await host.configure(desiredRouter(100));
    cable(false);
    await soon(stage);
    expect(role()).toBe('fault');
  });
});

describe('tracked interfaces', () => {
  test.each<[string, number, boolean, number, number]>([
    ['a weight above 0 is added while it is up', 20, false, 120, 100],
    ['a weight below 0 is added while it is down', -20, false, 100, 80],
    ['reverse turns the sign of what is added', 20, true, 80, 100],
    ['reverse below 0', -20, true, 100, 120],
  ])('%s', async (_title, weight, reverse, whileUp, whileDown) => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const eth1 = host.kernel.addLink({ name: 'eth1' });
    const trackedObjects = [{ kind: 'interface', name: 'eth1', weight, reverse }] as const;
    await host.configure({ ...desiredRouter(100, { trackedObjects }), ...delays(1 * SECOND, 0, 'eth1') });
    expect(host.engine.snapshot()[0]?.priority).toBe(whileUp);
    host.kernel.setLink(eth1.index, { carrier: false });
    await soon(stage);
    expect(host.engine.snapshot()[0]?.priority).toBe(whileUp);
    await stage.until(1.1);
    expect(host.engine.snapshot()[0]?.priority).toBe(whileDown);
  });
});

describe('a link whose beat is polled', () => {
  const polled: Pick<Desired, 'linkbeats'> = { linkbeats: [{ link: 'eth0' }] };

  test('is down without its beat, whatever the kernel has, and up again with it', async () => {
    const { stage, host, role } = await master(polled);
    host.engine.linkbeat('eth0', true);
    expect(role()).toBe('master');
    host.engine.linkbeat('eth0', false);
    expect(role()).toBe('fault');
    expect(host.engine.snapshot()[0]?.faults).toEqual([{ kind: 'interface-down', interface: 'eth0' }]);
    host.engine.linkbeat('eth0', false);
    host.engine.linkbeat('eth0', true);
    expect(role()).toBe('backup');
    expect((stage.reports.get('a') ?? []).filter(({ kind }) => kind === 'link')).toEqual([
      { kind: 'link', link: 'eth0', up: false, seenBy: 'linkbeat', at: 5 * SECOND },
      { kind: 'link', link: 'eth0', up: true, seenBy: 'linkbeat', at: 5 * SECOND },
    ]);
  });

  test('is down as soon as the kernel has it down, and up when both agree', async () => {
    const { host, cable, role, soon } = await master(polled);
    cable(false);
    await soon();
    expect(role()).toBe('fault');
    host.engine.linkbeat('eth0', false);
    cable(true);
    await soon();
    expect(role()).toBe('fault');
    host.engine.linkbeat('eth0', true);
    expect(role()).toBe('backup');
  });

  test('counts for a tracked interface too', async () => {
    const trackedObjects = [{ kind: 'interface', name: 'eth1', weight: 20, reverse: false }] as const;
    const stage = new Stage();
    const host = stage.addHost('a');
    host.kernel.addLink({ name: 'eth1' });
    await host.configure({ ...desiredRouter(100, { trackedObjects }), linkbeats: [{ link: 'eth1' }] });
    expect(host.engine.snapshot()[0]?.priority).toBe(120);
    host.engine.linkbeat('eth1', false);
    expect(host.engine.snapshot()[0]?.priority).toBe(100);
  });

  test('begins in fault when it has no beat at the start', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    host.engine.linkbeat('eth0', false);
    await host.configure({ ...desiredRouter(100), ...polled });
    expect(host.engine.snapshot()[0]?.role).toBe('fault');
  });

  test('that is no longer polled is what the kernel has', async () => {
    const { host, role } = await master(polled);
    host.engine.linkbeat('eth0', false);
    await host.configure(desiredRouter(100));
    expect(role()).toBe('backup');
  });
});

describe('a configured source address', () => {
  const OTHER = '192.0.2.9';
  const withSource = (more: { readonly sourceMustExist?: true }): Desired => {
    const desired = desiredRouter(100);
    const routers = desired.virtualRouters.map((one) => ({
      ...one,
      channel: { ...one.channel, source: OTHER, ...more },
    }));
    return { ...desired, virtualRouters: routers };
  };

  test('that nothing says about is used whether it is there or not', async () => {
    const { stage, role } = await master(withSource({}));
    expect(role()).toBe('master');
    expect(stage.heard.length).toBeGreaterThan(0);
  });

  test('that must be there means fault until it is, on any link of the host, and when it goes', async () => {
    const { host, role, soon } = await master(withSource({ sourceMustExist: true }));
    expect(role()).toBe('fault');
    const loopback = host.kernel.addLink({ name: 'lo' });
    host.kernel.addAddress(loopback.index, `${OTHER}/32`);
    await soon();
    expect(role()).toBe('backup');
    host.kernel.removeAddress(loopback.index, `${OTHER}/32`);
    await soon();
    expect(role()).toBe('fault');
  });
});

describe('a link that changes under a Master', () => {
  test('renamed: nothing stays on it, and a link of the old name is taken again', async () => {
    const { stage, host, role, soon } = await master({});
    host.kernel.setLink(1, { name: 'old0' });
    await soon();
    expect(role()).toBe('fault');
    expect(host.holds(VIRTUAL)).toBe(false);
    host.kernel.setLink(1, { name: 'eth0' });
    await soon();
    expect(role()).toBe('backup');
    await stage.until(stage.clock.now() / SECOND + 4);
    expect(host.holds(VIRTUAL)).toBe(true);
  });

  test('with another MAC address: its addresses are announced', async () => {
    const { stage, host, role, soon } = await master({});
    const before = stage.announced.length;
    host.kernel.setLink(1, { mac: '02:00:00:00:00:77' });
    await soon();
    expect(role()).toBe('master');
    expect(stage.announced.slice(before).map(({ address }) => address)).toEqual(
      Array.from({ length: 5 }, () => VIRTUAL),
    );
  });
});
