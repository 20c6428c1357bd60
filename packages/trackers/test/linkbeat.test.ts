// Link beats (keepalived.conf(5), linkbeat_interfaces): which way is asked, what counts, and when. The rows of the first
// table are what keepalived 2.2.7 made of the same answers of a driver.
import { describe, expect, test } from '@jest/globals';
import { LINKBEAT_INTERVAL, LinkbeatWatch, lookForBeat } from '../src/index.js';
import type { BeatMethod, BeatObservation, BeatReading } from '../src/index.js';
import { FakeBeats, FakeClock } from '../src/testing/index.js';

type Readings = Partial<Record<BeatMethod, BeatReading>>;

describe('one look', () => {
  test.each<[string, BeatMethod | undefined, Readings, BeatMethod, boolean, boolean]>([
    ['MII comes first', undefined, { mii: 'up', ethtool: 'down', ioctl: 'up' }, 'mii', true, true],
    ['then ethtool', undefined, { ethtool: 'down', ioctl: 'up' }, 'ethtool', false, true],
    ['then the flags', undefined, { ioctl: 'down' }, 'ioctl', false, true],
    ['the wanted way', 'ethtool', { mii: 'up', ethtool: 'down', ioctl: 'up' }, 'ethtool', false, true],
    ['the wanted flags', 'ioctl', { mii: 'down', ethtool: 'down', ioctl: 'up' }, 'ioctl', true, true],
    ['without the wanted way: MII', 'ethtool', { mii: 'down', ioctl: 'up' }, 'mii', false, true],
    ['without the wanted way: ethtool', 'mii', { ethtool: 'down', ioctl: 'up' }, 'ethtool', false, true],
    ['a beat of an interface that is down', undefined, { mii: 'up', ioctl: 'down' }, 'mii', false, true],
  ])('%s', (_title, wanted, readings, method, up, answered) => {
    expect(lookForBeat(undefined, wanted, (way) => readings[way] ?? 'unknown')).toEqual({ method, up, answered });
  });

  test('a way that no longer answers stays, and the flags count', () => {
    const seen = lookForBeat('mii', undefined, (way) => (way === 'mii' ? 'unknown' : 'up'));
    expect(seen).toEqual({ method: 'mii', up: true, answered: false });
  });

  test('a link that is not there has no beat', () => {
    expect(lookForBeat(undefined, 'mii', () => 'unknown')).toBeUndefined();
  });
});

function watch() {
  const clock = new FakeClock(5);
  const probe = new FakeBeats();
  const told: BeatObservation[] = [];
  const beats = new LinkbeatWatch({ clock, probe }, (observation) => told.push(observation));
  return { clock, probe, told, beats };
}

describe('the watch', () => {
  test('looks at once, then every second, and tells changes only', () => {
    const { clock, probe, told, beats } = watch();
    probe.set('eth0', { ethtool: 'up', ioctl: 'up' });
    beats.configure([{ link: 'eth0', method: 'mii' }]);
    expect(told.splice(0)).toEqual([
      { kind: 'method', link: 'eth0', method: 'ethtool', wanted: 'mii' },
      { kind: 'beat', link: 'eth0', up: true },
    ]);
    clock.advance(5 * LINKBEAT_INTERVAL);
    expect(told).toEqual([]);
    probe.set('eth0', { ethtool: 'down', ioctl: 'up' });
    clock.advance(LINKBEAT_INTERVAL - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told.splice(0)).toEqual([{ kind: 'beat', link: 'eth0', up: false }]);
    probe.set('eth0', { ethtool: 'up', ioctl: 'up' });
    clock.advance(LINKBEAT_INTERVAL);
    expect(told.splice(0)).toEqual([{ kind: 'beat', link: 'eth0', up: true }]);
  });

  test('a driver that falls silent is told once, and again when it has answered in between', () => {
    const { clock, probe, told, beats } = watch();
    probe.set('eth0', { mii: 'up', ioctl: 'up' });
    beats.configure([{ link: 'eth0' }]);
    told.length = 0;
    for (let round = 0; round < 2; round += 1) {
      probe.set('eth0', { ioctl: 'up' });
      clock.advance(3 * LINKBEAT_INTERVAL);
      expect(told.splice(0)).toEqual([{ kind: 'silent', link: 'eth0', method: 'mii' }]);
      probe.set('eth0', { mii: 'up', ioctl: 'up' });
      clock.advance(LINKBEAT_INTERVAL);
    }
  });

  test('an interface that comes later, or again, is asked anew how it answers', () => {
    const { clock, probe, told, beats } = watch();
    beats.configure([{ link: 'eth0' }]);
    expect(told).toEqual([]);
    probe.set('eth0', { mii: 'down', ioctl: 'up' });
    clock.advance(LINKBEAT_INTERVAL);
    expect(told.splice(0).map(({ kind }) => kind)).toEqual(['method', 'beat']);
    probe.set('eth0', {});
    clock.advance(LINKBEAT_INTERVAL);
    probe.set('eth0', { ioctl: 'up' });
    clock.advance(LINKBEAT_INTERVAL);
    expect(told).toEqual([
      { kind: 'method', link: 'eth0', method: 'ioctl' },
      { kind: 'beat', link: 'eth0', up: true },
    ]);
  });

  test('a reload asks new links at once and leaves the others on their schedule; none is asked after the end', () => {
    const { clock, probe, beats } = watch();
    for (const link of ['eth0', 'eth1']) probe.set(link, { ioctl: 'up' });
    beats.configure([{ link: 'eth0', method: 'ioctl' }]);
    clock.advance(LINKBEAT_INTERVAL / 2);
    probe.asked.length = 0;
    beats.configure([
      { link: 'eth0', method: 'ioctl' },
      { link: 'eth1', method: 'ioctl' },
    ]);
    expect(probe.asked.splice(0)).toEqual(['eth1 ioctl']);
    clock.advance(LINKBEAT_INTERVAL / 2);
    expect(probe.asked.splice(0)).toEqual(['eth0 ioctl', 'eth1 ioctl']);
    beats.configure([]);
    clock.advance(2 * LINKBEAT_INTERVAL);
    expect(probe.asked).toEqual([]);
    expect(clock.untilNext).toBeUndefined();
  });
});
