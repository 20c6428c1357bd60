// A new configuration while the machine runs: what goes on, what begins anew, what is told.
import { describe, expect, test } from '@jest/globals';
import type { VirtualRouterConfig } from '../src/config.js';
import { defaultConfig } from '../src/sim/index.js';
import { advertisement, backup, deeds, master, SECOND } from './fixtures.js';

const ANNOUNCEMENTS = defaultConfig().announcements;

describe('reconfigure', () => {
  test('keeps a Master, which advertises what is new at once', () => {
    const driver = master();
    const config = { ...driver.state.config, priority: 150 };
    expect(deeds(driver.send({ kind: 'reconfigure', config }))).toEqual(['send 150', 'add-addresses']);
    expect(driver.state.role).toBe('master');
  });

  test('starts and stops refreshing', () => {
    const driver = master();
    const refresh = (length: number): VirtualRouterConfig => ({
      ...driver.state.config,
      announcements: { ...ANNOUNCEMENTS, refresh: length },
    });
    driver.send({ kind: 'reconfigure', config: refresh(2 * SECOND) });
    expect(driver.state.timers.refresh).toBe(driver.at + 2 * SECOND);
    driver.send({ kind: 'reconfigure', config: refresh(0) });
    expect(driver.state.timers.refresh).toBeUndefined();
  });

  test('moves a Backup’s takeover with interval, priority and missed advertisements', () => {
    const driver = backup();
    const config = { ...driver.state.config, priority: 200, downTimerAdverts: 4 };
    driver.send({ kind: 'reconfigure', config }, SECOND);
    expect(driver.state.timers.masterDown).toBe(4_218_750);
  });

  test('treats a gate that is new as open until it has a result', () => {
    const driver = master();
    const trackedObjects = [{ kind: 'script', name: 'new', weight: 0, reverse: false }] as const;
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, trackedObjects } });
    expect(driver.state.role).toBe('master');
    driver.send({ kind: 'tracker', tracker: 'new', trackerKind: 'script', status: 'down' });
    expect(driver.state.role).toBe('fault');
  });

  test('forgets what was said about a gate that is tracked no longer', () => {
    const trackedObjects = [{ kind: 'script', name: 'old', weight: 0, reverse: false }] as const;
    const driver = master();
    const { config } = driver.state;
    driver.send({ kind: 'reconfigure', config: { ...config, trackedObjects } });
    driver.send({ kind: 'tracker', tracker: 'old', trackerKind: 'script', status: 'down' });
    driver.send({ kind: 'reconfigure', config });
    expect(driver.state.role).toBe('backup');
    driver.send({ kind: 'reconfigure', config: { ...config, trackedObjects } });
    expect(driver.state.role).toBe('backup');
  });

  test('to another version goes by its own interval, not by what was learned in the other', () => {
    const driver = backup();
    driver.hear({ priority: 200, sender: { advertisementInterval: 5 * SECOND } });
    expect(driver.state.masterAdvertisementInterval).toBe(5 * SECOND);
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, version: 2 } });
    expect(driver.state.masterAdvertisementInterval).toBe(SECOND);
    driver.hear({ priority: 200, sender: { version: 3 } });
    expect(driver.state.statistics.discards.version).toBe(1);
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, version: 3 } });
    expect(driver.state.masterAdvertisementInterval).toBe(SECOND);
  });

  test('about checksums forgets the form that a peer was heard to use; about anything else it keeps it', () => {
    const unicast = { peers: [{ address: '192.0.2.20' }], checkSource: false };
    const driver = backup({ unicast });
    const old = advertisement({ ...driver.state.config, multicastGroup: '224.0.0.18' }, { destination: '224.0.0.18' });
    driver.send({ kind: 'packet', packet: { ...old, destination: '192.0.2.10' } });
    expect(driver.state.checksumForm).toBe('multicast-pseudo-header');
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, priority: 50 } });
    expect(driver.state.checksumForm).toBe('multicast-pseudo-header');
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, oldUnicastChecksum: 'never' } });
    expect(driver.state.checksumForm).toBe('with-pseudo-header');
  });

  test.each([
    ['vrid', { vrid: 99 }],
    ['interface', { interface: 'eth9' }],
  ])('with another %s is another virtual router', (_title, changes) => {
    const driver = backup();
    const config = { ...driver.state.config, ...changes };
    expect(() => driver.send({ kind: 'reconfigure', config })).toThrow(TypeError);
  });
});
