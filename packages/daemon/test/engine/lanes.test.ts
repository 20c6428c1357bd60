// The two lanes of a turn: advertisements leave before anything is asked of the kernel, and what is long comes in shares.
import { describe, expect, test } from '@jest/globals';
import { ANSWERS_MAX, type VirtualRouterConfig } from '@vrrp/state-machine';
import { encodeAdvertisement } from '@vrrp/wire';
import { PATIENCE_MAX } from '../../src/engine/lane-patience.js';
import { CHANGES_PER_TURN } from '../../src/engine/object-lane.js';
import type { Desired } from '../../src/plan/desired.js';
import type { SimulatedHost } from '../../src/simulation/simulated-host.js';
import { desiredRouter, Stage, VIRTUAL, virtualAddress } from './pair.js';

const INSTANCES = 255;
/** A little after Master_Down_Interval of priority 100. */
const TAKEN_OVER = 3.7;

describe('255 takeovers at once', () => {
  test('every advertisement has left before the first address is asked for', async () => {
    const stage = new Stage();
    const trace = traceSends(stage);
    const host = stage.addHost('a');
    await host.configure(instances(INSTANCES));
    traceChanges(host, trace);
    await stage.until(TAKEN_OVER);
    const firstChange = trace.indexOf('change');
    expect(trace.slice(0, firstChange)).toEqual(Array.from({ length: INSTANCES }, () => 'send'));
    expect(trace.filter((one) => one === 'change')).toHaveLength(INSTANCES);
  });

  test('the same when their deadlines are a little apart, and the addresses do not wait for ever', async () => {
    const stage = new Stage();
    const trace = traceSends(stage);
    const host = stage.addHost('a');
    // 8 of them come due 900 µs after one another.
    await host.configure(instances(INSTANCES, (index) => ({ startupDelay: Math.floor(index / 8) * 900 })));
    traceChanges(host, trace);
    await stage.until(TAKEN_OVER);
    const sentBefore = trace.indexOf('change');
    expect(sentBefore).toBeGreaterThan(8 * Math.floor(PATIENCE_MAX / 900));
    expect(sentBefore).toBeLessThan(8 * Math.ceil(PATIENCE_MAX / 900 + 2));
  });

  test('what has to go does not wait for anybody: another one holds it already', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    // The others' deadlines come every 900 µs.
    const { virtualRouters } = instances(INSTANCES, (index) => ({ startupDelay: Math.floor(index / 8) * 900 }));
    const [loser, ...others] = virtualRouters;
    if (loser === undefined) throw new Error('there is one');
    const early = { ...loser, config: { ...loser.config, priority: 254 } };
    await host.configure({ virtualRouters: [early, ...others], syncGroups: [], trackers: [] });
    const [address = ''] = loser.config.virtualAddresses;
    await stage.until(3.61);
    expect(host.holds(address)).toBe(true);
    await stage.until(3.614);
    const port = stage.network.datagrams.attach('better', () => undefined);
    const way = { source: '192.0.2.99', destination: '224.0.0.18' };
    const payload = encodeAdvertisement(
      {
        version: 3,
        family: 4,
        vrid: loser.config.vrid,
        priority: 255,
        maxAdvertiseInterval: 100,
        addresses: [address],
      },
      { ...way, checksum: 'with-pseudo-header' },
    );
    port.send({ ...way, ttl: 255, payload });
    await stage.until(3.6142);
    expect(host.holds(address)).toBe(false);
  });

  test('an advertisement that comes due while the kernel still works does not wait for it', async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    const { virtualRouters } = instances(2);
    const [first, second] = virtualRouters;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const many = Array.from({ length: 4 * CHANGES_PER_TURN }, (_, index) => virtualAddress(`198.18.0.${index + 1}`));
    const slow = { ...first, addresses: many, config: { ...first.config, virtualAddresses: [] } };
    // Its skew is 3,906 µs longer.
    const later = { ...second, config: { ...second.config, priority: 99 } };
    await host.configure({ virtualRouters: [slow, later], syncGroups: [], trackers: [] });
    const shares = slowDown(host, stage, 3_000);
    await stage.until(TAKEN_OVER);
    const [ofFirst, ofLater] = stage.heard.map(({ at }) => at);
    expect((ofLater ?? 0) - (ofFirst ?? 0)).toBe(3_906);
    expect(shares).toEqual(Array.from({ length: 4 }, () => CHANGES_PER_TURN).concat(1));
  });
});

const FLOOD_TIME_LIMIT = 60_000;

test(
  '10,000 advertisements of lower priority in a second cost a few answers, and the Master goes on',
  async () => {
    const stage = new Stage();
    const host = stage.addHost('a');
    await host.configure(desiredRouter(200));
    await stage.until(5);
    const [sent, announced, told] = [stage.heard.length, stage.announced.length, stage.told('a').length];
    const port = stage.network.datagrams.attach('stranger', () => undefined);
    const addresses = { source: '192.0.2.99', destination: '224.0.0.18' };
    const payload = encodeAdvertisement(
      { version: 3, family: 4, vrid: 51, priority: 1, maxAdvertiseInterval: 100, addresses: [VIRTUAL] },
      { ...addresses, checksum: 'with-pseudo-header' },
    );
    for (let count = 0; count < 10_000; count += 1) {
      stage.clock.schedule(stage.clock.now() + count * 100, () => port.send({ ...addresses, ttl: 255, payload }));
    }
    await stage.until(6);
    const ofMaster = stage.heard.slice(sent).filter(({ from }) => from === 'a');
    expect(ofMaster.length).toBeLessThanOrEqual(2 * (ANSWERS_MAX + 1));
    expect(stage.announced.length - announced).toBeLessThanOrEqual(2 * ANSWERS_MAX * 5);
    expect(stage.told('a').length - told).toBeLessThan(100);
    await stage.until(9);
    expect(host.engine.snapshot()[0]).toMatchObject({ role: 'master', statistics: { discards: { ttl: 0 } } });
    expect(host.holds(VIRTUAL)).toBe(true);
  },
  FLOOD_TIME_LIMIT,
);

function instances(count: number, more: (index: number) => Partial<VirtualRouterConfig> = () => ({})): Desired {
  const virtualRouters = Array.from({ length: count }, (_, index) => {
    const vrid = index + 1;
    const config = { vrid, name: `VI_${vrid}`, ...more(index) };
    const [router] = desiredRouter(100, config, [virtualAddress(`198.51.100.${vrid}`)]).virtualRouters;
    if (router === undefined) throw new Error('there is one');
    return Object.assign(router, { key: `eth0/4/${vrid}/multicast` });
  });
  return { virtualRouters, syncGroups: [], trackers: [] };
}

/** From now on what hosts of the stage send is noted as it leaves. */
function traceSends(stage: Stage): string[] {
  const trace: string[] = [];
  const { datagrams } = stage.network;
  const attach = datagrams.attach.bind(datagrams);
  datagrams.attach = (name, listener) => {
    const port = attach(name, listener);
    return {
      ...port,
      send(datagram) {
        trace.push('send');
        port.send(datagram);
      },
    };
  };
  return trace;
}

/** From now on what the host asks of its kernel is noted when it is asked. */
function traceChanges(host: SimulatedHost, trace: string[]): void {
  const apply = host.kernel.apply.bind(host.kernel);
  host.kernel.apply = (changes) => {
    trace.push(...changes.map(() => 'change'));
    return apply(changes);
  };
}

/** From now on every batch takes the kernel so many microseconds. @returns how many changes each has. */
function slowDown(host: SimulatedHost, { clock }: Stage, duration: number): readonly number[] {
  const sizes: number[] = [];
  const apply = host.kernel.apply.bind(host.kernel);
  host.kernel.apply = async (changes) => {
    sizes.push(changes.length);
    await new Promise<void>((resolve) => clock.schedule(clock.now() + duration, resolve));
    return apply(changes);
  };
  return sizes;
}
