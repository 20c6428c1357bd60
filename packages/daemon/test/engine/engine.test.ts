// The production engine on simulated hosts: what reaches the wire and the kernel, in which order, in virtual time.
import { describe, expect, test } from '@jest/globals';
import { encodeAdvertisement } from '@vrrp/wire';
import { RECEIVE_AGE_MAX } from '../../src/engine/heard-at.js';
import type { Desired } from '../../src/plan/desired.js';
import { desiredRouter, SECOND, Stage, VIRTUAL, virtualAddress } from './pair.js';

/** Version 3, priority 100: 3 s + 156/256 s. */
const MASTER_DOWN_100 = 3_609_375;
const MASTER_DOWN_90 = 3_648_437;
/** The simulated wire's. */
const LAN_DELAY = 100;
const EPERM = 1;
const ENOMEM = 12;

describe('becoming Master', () => {
  test('advertisement, then address, then announcement, at Master_Down_Interval', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(3.6);
    expect(stage.heard).toEqual([]);
    expect(host.holds(VIRTUAL)).toBe(false);
    await stage.until(4);
    expect(stage.heard[0]).toMatchObject({
      from: 'a',
      at: MASTER_DOWN_100 + 100,
      advertisement: { vrid: 51, priority: 100 },
    });
    expect(host.holds(VIRTUAL)).toBe(true);
    expect(stage.announced.map(({ address }) => address)).toEqual(Array.from({ length: 5 }, () => VIRTUAL));
    const order = stage.told('a').filter((kind) => /backup->master|addresses-set|announced/.test(kind));
    expect(order).toEqual(['backup->master', 'addresses-set', 'announced']);
  });

  test('announces a second time after the delay, and goes on to stop cleanly', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(9);
    expect(stage.announced).toHaveLength(10);
    const stopped = host.stop();
    await stage.until(9.1);
    await stopped;
    expect(host.holds(VIRTUAL)).toBe(false);
    expect(stage.heard.at(-1)?.advertisement.priority).toBe(0);
    expect(stage.told('a').at(-1)).toBe('stopped');
  });

  test('announces nothing that the kernel refused', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100, {}, [virtualAddress(VIRTUAL), virtualAddress('192.0.2.101')]));
    host.kernel.failNext(ENOMEM);
    await stage.until(4);
    expect(new Set(stage.announced.map(({ address }) => address))).toEqual(new Set(['192.0.2.101']));
    expect(stage.told('a')).toContain('operation-failed');
  });

  test('hears of every advertisement that was not sent, and says so once until it works again', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.refuseSending(EPERM);
    await stage.until(8);
    host.refuseSending(0);
    await stage.until(9);
    expect(host.engine.snapshot()[0]?.statistics.actionsFailed).toBe(3);
    expect(stage.told('a').filter((kind) => kind === 'operation-failed')).toHaveLength(1);
  });

  test('sends no more than a turn of announcements before the next advertisement may leave', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const many = Array.from({ length: 200 }, (_, index) => virtualAddress(`198.51.100.${index + 1}`));
    await host.configure(desiredRouter(100, {}, many));
    await stage.until(4);
    expect(stage.announced).toHaveLength(1_000);
  });
});

describe('two nodes', () => {
  test('the address is held by one, and moves when it crashes', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(desiredRouter(100));
    await b.configure(desiredRouter(90));
    await stage.until(8);
    expect([a.holds(VIRTUAL), b.holds(VIRTUAL)]).toEqual([true, false]);
    const last = stage.heard.at(-1)?.at ?? 0;
    a.crash();
    await stage.until(13);
    expect(b.holds(VIRTUAL)).toBe(true);
    const first = stage.heard.find(({ from }) => from === 'b');
    // Priority 90: 3 s + 166/256 s after the last advertisement heard.
    expect((first?.at ?? 0) - last).toBe(3_648_437 + 100);
  });

  test('a stop hands over within the skew time', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(desiredRouter(100));
    await b.configure(desiredRouter(90));
    await stage.until(8);
    const stopped = a.stop();
    await stage.until(9);
    await stopped;
    expect([a.holds(VIRTUAL), b.holds(VIRTUAL)]).toEqual([false, true]);
  });

  test('a Backup that was stalled believes its sockets before its timer', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(desiredRouter(100));
    await b.configure(desiredRouter(90));
    await stage.until(8);
    b.stall(10 * SECOND);
    await stage.until(25);
    expect(stage.heard.filter(({ from }) => from === 'b')).toEqual([]);
    expect(stage.told('b')).toContain('stalled');
  });

  test.each([
    ['woken late, measures the silence from when it was spoken to', 3_000, 0, 0],
    ['woken too late to trust that, measures from now', RECEIVE_AGE_MAX + 1_000, 0, RECEIVE_AGE_MAX + 1_000],
    ['measures from now when the time of day was set forward', 0, 3_600 * SECOND, 0],
    ['is early by no more than the limit when it was set forward a little', 0, RECEIVE_AGE_MAX, -RECEIVE_AGE_MAX],
  ])('a Backup %s', async (_, late, misdated, expected) => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(desiredRouter(100));
    await b.configure(desiredRouter(90));
    b.misdate(misdated);
    await stage.until(8);
    const last = stage.heard.at(-1)?.at ?? Number.NaN;
    // Stalled when the next and last one comes.
    await stage.until((last + SECOND - 100) / SECOND);
    if (late > 0) b.stall(100 + late);
    await stage.until((last + SECOND + 10_000) / SECOND);
    a.crash();
    await stage.until(20);
    const ofMaster = stage.heard.findLast(({ from }) => from === 'a')?.at ?? Number.NaN;
    const ofBackup = stage.heard.find(({ from }) => from === 'b')?.at ?? Number.NaN;
    expect(ofMaster).toBe(last + SECOND);
    // Both are heard by the listener the same time after they were sent.
    expect(ofBackup - ofMaster - LAN_DELAY - MASTER_DOWN_90).toBe(expected);
  });

  test('no Backup takes over from a Master that speaks, whatever the time of day is set to', async () => {
    for (const misdated of [1, RECEIVE_AGE_MAX, RECEIVE_AGE_MAX + 1, SECOND, 3_600 * SECOND]) {
      const stage = new Stage();
      const [a, b] = [stage.addHost('a'), stage.addHost('b')];
      await a.configure(desiredRouter(100, { advertisementInterval: 10_000 }));
      await b.configure(desiredRouter(90, { advertisementInterval: 10_000 }));
      await stage.until(1);
      b.misdate(misdated);
      await stage.until(5);
      expect(stage.heard.filter(({ from }) => from === 'b')).toEqual([]);
    }
  });

  test('a Master that was stalled yields to the one that took over', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(desiredRouter(90));
    await b.configure(desiredRouter(100, { preempt: false }));
    await stage.until(8);
    expect(b.holds(VIRTUAL)).toBe(true);
    b.stall(10 * SECOND);
    await stage.until(17.9);
    expect(a.holds(VIRTUAL)).toBe(true);
    await stage.until(25);
    expect([a.holds(VIRTUAL), b.holds(VIRTUAL)]).toEqual([false, true]);
  });
});

describe('the network changes', () => {
  test('a link without carrier means fault; its return means Backup, then Master', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.kernel.setLink(1, { carrier: false });
    await stage.until(6);
    expect(host.holds(VIRTUAL)).toBe(false);
    expect(host.engine.snapshot()[0]).toMatchObject({
      role: 'fault',
      faults: [{ kind: 'interface-down', interface: 'eth0' }],
    });
    host.kernel.setLink(1, { carrier: true });
    await stage.until(9);
    expect(host.engine.snapshot()[0]?.role).toBe('backup');
    await stage.until(10);
    expect(host.holds(VIRTUAL)).toBe(true);
  });

  test('the last address of the interface removed means fault, and a farewell that leaves first', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.kernel.removeAddress(1, '192.0.2.1/24');
    await stage.until(6);
    expect(host.engine.snapshot()[0]).toMatchObject({ role: 'fault', faults: [{ kind: 'no-primary-address' }] });
    expect(stage.heard.at(-1)?.advertisement.priority).toBe(0);
    expect(stage.told('a')).toContain('priority-zero-sent');
  });

  test('a farewell that is refused is not told as sent', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.refuseSending(EPERM);
    host.kernel.removeAddress(1, '192.0.2.1/24');
    await stage.until(6);
    expect(host.engine.snapshot()[0]?.role).toBe('fault');
    expect(stage.told('a')).not.toContain('priority-zero-sent');
  });

  test('a Master that cannot send for a Master_Down_Interval gives its address away, and tries again', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.refuseSending(EPERM);
    await stage.until(11);
    expect(host.engine.snapshot()[0]).toMatchObject({
      role: 'fault',
      faults: [{ kind: 'cannot-send', reason: 'errno 1' }],
    });
    expect(host.holds(VIRTUAL)).toBe(false);
    await stage.until(20);
    expect(host.holds(VIRTUAL)).toBe(false);
    host.refuseSending(0);
    await stage.until(30);
    expect(host.engine.snapshot()[0]?.role).toBe('master');
    expect(host.holds(VIRTUAL)).toBe(true);
  });
});

describe('leftovers of a killed run', () => {
  test('are removed before the Backup listens or advertises', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.crash();
    expect(host.holds(VIRTUAL)).toBe(true);
    host.restart();
    await host.configure(desiredRouter(100));
    expect(host.holds(VIRTUAL)).toBe(false);
    const told = stage.told('a');
    const start = told.lastIndexOf('leftovers-removed');
    expect(told.slice(start)).toEqual([
      'leftovers-removed',
      'starting',
      'channel-opened',
      'initialize->backup',
      'started',
    ]);
  });

  test('that the new configuration no longer names go by the journal and the mark', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(100));
    await stage.until(5);
    host.crash();
    host.kernel.addAddress(1, '192.0.2.77/32');
    host.restart();
    const journal = [
      { kind: 'address' as const, family: 4 as const, address: VIRTUAL, prefixLength: 32, link: 'eth0' },
      { kind: 'address' as const, family: 4 as const, address: '192.0.2.77', prefixLength: 32, link: 'eth0' },
    ];
    await host.configure(desiredRouter(100, {}, [virtualAddress('192.0.2.200')]), journal);
    expect(host.holds(VIRTUAL)).toBe(false);
    expect(host.holds('192.0.2.77')).toBe(true);
  });
});

describe('a sync group', () => {
  test('moves as a whole: what makes one member leave makes all leave', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    await a.configure(grouped(100));
    await b.configure(grouped(90));
    await stage.until(8);
    expect([a.holds(VIRTUAL), a.holds('192.0.2.101'), b.holds(VIRTUAL)]).toEqual([true, true, false]);
    // Only the second virtual router meets a better one.
    const better = stage.addHost('c');
    await better.configure({ ...desiredRouter(200, { vrid: 52 }, [virtualAddress('192.0.2.101')]) });
    await stage.until(16);
    expect([a.holds(VIRTUAL), a.holds('192.0.2.101')]).toEqual([false, false]);
    expect(stage.told('a')).toContain('group-observation');
  });

  test('announces as a whole when one Master hears a lower priority', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(grouped(100));
    await stage.until(5);
    const before = stage.announced.length;
    const lower = encodeAdvertisement(
      { version: 3, family: 4, vrid: 51, priority: 50, maxAdvertiseInterval: 100, addresses: [VIRTUAL] },
      { source: '192.0.2.9', destination: '224.0.0.18', checksum: 'with-pseudo-header' },
    );
    const peer = stage.network.datagrams.attach('peer', () => undefined);
    peer.send({ source: '192.0.2.9', destination: '224.0.0.18', ttl: 255, payload: lower });
    await stage.until(5.1);
    const addresses = stage.announced.slice(before).map(({ address }) => address);
    expect(addresses.filter((address) => address === VIRTUAL)).toHaveLength(5);
    expect(addresses.filter((address) => address === '192.0.2.101')).toHaveLength(5);
  });

  test('stops with priority 0 for every member', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(grouped(100));
    await stage.until(5);
    const stopped = host.stop();
    await stage.until(5.1);
    await stopped;
    const last = stage.heard.filter(({ advertisement }) => advertisement.priority === 0);
    expect(last.map(({ advertisement }) => advertisement.vrid)).toEqual([51, 52]);
  });
});

describe('trackers', () => {
  const gate = { trackedObjects: [{ kind: 'script', name: 'chk', weight: 0, reverse: false }] } as const;

  test('what one said before a virtual router tracked it counts from the reload on', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const [first, second] = [desiredRouter(100, gate), desiredRouter(100, { name: 'VI_2', vrid: 52 })].flatMap(
      ({ virtualRouters }) => virtualRouters,
    );
    if (first === undefined || second === undefined) throw new Error('no virtual routers');
    const other = { ...second, key: 'eth0/4/52/multicast' };
    host.track({ tracker: 'chk', trackerKind: 'script', status: 'down' });
    await host.configure({ ...desiredRouter(100), virtualRouters: [first, other] });
    await stage.until(5);
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['fault', 'master']);
    const gated = { ...other, config: { ...other.config, ...gate } };
    await host.configure({ ...desiredRouter(100), virtualRouters: [first, gated] });
    expect(host.engine.snapshot().map(({ role }) => role)).toEqual(['fault', 'fault']);
  });

  test('that was taken out of the configuration is new when it comes back', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    host.track({ tracker: 'chk', trackerKind: 'script', status: 'down' });
    await host.configure(desiredRouter(100, gate));
    expect(host.engine.snapshot()[0]?.role).toBe('fault');
    await host.configure(desiredRouter(100));
    await host.configure(desiredRouter(100, gate));
    expect(host.engine.snapshot()[0]?.role).toBe('backup');
  });

  test('a failing weight takes the Master role away, a passing one gives it back', async () => {
    const stage = new Stage();
    const [a, b] = [stage.addHost('a'), stage.addHost('b')];
    const tracked = { trackedObjects: [{ kind: 'script', name: 'chk', weight: -20, reverse: false }] } as const;
    a.track({ tracker: 'chk', trackerKind: 'script', status: 'up' });
    await a.configure(desiredRouter(100, tracked));
    await b.configure(desiredRouter(90));
    await stage.until(8);
    a.track({ tracker: 'chk', trackerKind: 'script', status: 'down' });
    await stage.until(14);
    expect(stage.heard.findLast(({ from }) => from === 'a')?.advertisement.priority).toBe(80);
    expect([a.holds(VIRTUAL), b.holds(VIRTUAL)]).toEqual([false, true]);
    a.track({ tracker: 'chk', trackerKind: 'script', status: 'up' });
    await stage.until(20);
    expect([a.holds(VIRTUAL), b.holds(VIRTUAL)]).toEqual([true, false]);
  });
});

/** Two virtual routers of one group on one link. */
function grouped(priority: number): Desired {
  const one = desiredRouter(priority, { syncGroup: 'G' }).virtualRouters[0];
  const other = desiredRouter(priority, { syncGroup: 'G', name: 'VI_2', vrid: 52 }, [virtualAddress('192.0.2.101')])
    .virtualRouters[0];
  if (one === undefined || other === undefined) throw new Error('no virtual routers');
  const second = { ...other, key: 'eth0/4/52/multicast' };
  return { virtualRouters: [one, second], syncGroups: [{ name: 'G', members: ['VI_1', 'VI_2'] }], trackers: [] };
}
