// What a virtual router cannot be made of: each issue as a value, and as what `create` and `reconfigure` throw.
import { describe, expect, test } from '@jest/globals';
import type { VirtualRouterConfig } from '../src/config.js';
import { create, judgeConfig } from '../src/index.js';
import { defaultConfig } from '../src/sim/index.js';
import { Driver, master, SECOND } from './fixtures.js';

const ANNOUNCEMENTS = defaultConfig().announcements;
const script = (weight: number) => [{ kind: 'script', name: 'x', weight, reverse: false }] as const;
const password = (length: number) => ({ kind: 'simple-password', password: new Uint8Array(length) }) as const;

test('a configuration of defaults has no issue', () => {
  expect(judgeConfig(defaultConfig())).toEqual([]);
});

describe('judgeConfig', () => {
  test.each<readonly [string, Partial<VirtualRouterConfig>, string, typeof RangeError | typeof TypeError]>([
    ['vrid 0', { vrid: 0 }, 'vrid: vrid must be 1..255, not 0', RangeError],
    ['vrid 256', { vrid: 256 }, 'vrid: vrid must be 1..255, not 256', RangeError],
    ['priority 0', { priority: 0 }, 'priority: priority must be 1..255, not 0', RangeError],
    ['priority 256', { priority: 256 }, 'priority: priority must be 1..255, not 256', RangeError],
    ['a broken number', { priority: 1.5 }, 'priority: priority must be 1..255, not 1.5', RangeError],
    [
      'half a second in version 2',
      { version: 2, advertisementInterval: SECOND / 2 },
      'advertisementInterval: advertisementInterval must be a multiple of 1000000 µs in version 2, not 500000',
      RangeError,
    ],
    [
      'more than 255 s in version 2',
      { version: 2, advertisementInterval: 256 * SECOND },
      'advertisementInterval: advertisementInterval must be 1000000..255000000, not 256000000',
      RangeError,
    ],
    [
      'half a centisecond',
      { advertisementInterval: 5_000 },
      'advertisementInterval: advertisementInterval must be a multiple of 10000 µs in version 3, not 5000',
      RangeError,
    ],
    [
      'more than 40.95 s in version 3',
      { advertisementInterval: 40_960_000 },
      'advertisementInterval: advertisementInterval must be 10000..40950000, not 40960000',
      RangeError,
    ],
    [
      'interval 0',
      { advertisementInterval: 0 },
      'advertisementInterval: advertisementInterval must be 10000..40950000, not 0',
      RangeError,
    ],
    [
      '0 missed advertisements',
      { downTimerAdverts: 0 },
      'downTimerAdverts: downTimerAdverts must be 1..100, not 0',
      RangeError,
    ],
    [
      'a negative delay',
      { preemptDelay: -1 },
      'preemptDelay: preemptDelay must be whole microseconds, 0 or more, not -1',
      RangeError,
    ],
    [
      'no announcement at all',
      { announcements: { ...ANNOUNCEMENTS, repeat: 0 } },
      `announcements: announcements.repeat must be 1..${Number.MAX_SAFE_INTEGER}, not 0`,
      RangeError,
    ],
    [
      'a weight of more than 32 bits',
      { trackedObjects: script(2 ** 31) },
      'trackedObjects: the weight of script x must be -2147483648..2147483647, not 2147483648',
      RangeError,
    ],
    [
      'version 2 over IPv6',
      { version: 2, family: 6, multicastGroup: 'ff02::12', virtualAddresses: [] },
      'version: version 2 has no IPv6 (RFC 3768 §1)',
      TypeError,
    ],
    [
      'a group that is no address',
      { multicastGroup: '' },
      'multicastGroup: the multicast group  is no IPv4 address',
      TypeError,
    ],
    [
      'an address that is none',
      { virtualAddresses: ['198.51.100.300'] },
      'virtualAddresses: the virtual address 198.51.100.300 is no IPv4 address',
      TypeError,
    ],
    [
      'an address of the other family',
      { virtualAddresses: ['fe80::1'] },
      'virtualAddresses: the virtual address fe80::1 is no IPv4 address',
      TypeError,
    ],
    [
      'a peer of the other family',
      { unicast: { peers: [{ address: 'fe80::1' }], checkSource: false } },
      'unicast: the unicast peer fe80::1 is no IPv4 address',
      TypeError,
    ],
    [
      'a password in version 3',
      { authentication: password(8) },
      'authentication: version 3 has no authentication (RFC 9568 §9)',
      TypeError,
    ],
    [
      'a password of 7 bytes',
      { version: 2, authentication: password(7) },
      'authentication: the length of the password must be 8, not 7',
      RangeError,
    ],
  ])('refuses %s, and so does create', (_title, changes, issue, error) => {
    const config = defaultConfig(changes);
    expect(judgeConfig(config).map(({ field, message }) => `${field}: ${message}`)).toEqual([issue]);
    expect(() => create(config)).toThrow(error);
  });

  test('tells everything that is wrong, and which of several it is', () => {
    const changes = { vrid: 0, virtualAddresses: ['x', '198.51.100.1', 'y'] };
    expect(judgeConfig(defaultConfig(changes)).map(({ field, item }) => [field, item])).toEqual([
      ['vrid', undefined],
      ['virtualAddresses', 'x'],
      ['virtualAddresses', 'y'],
    ]);
  });

  test('is asked by a reconfiguration too', () => {
    const driver = master();
    const config = { ...driver.state.config, priority: 0 };
    expect(() => driver.send({ kind: 'reconfigure', config })).toThrow(RangeError);
    expect(driver.state.role).toBe('master');
  });
});

// keepalived 2.2.7 reports a weight outside -253..253 and uses it; only the sum is limited.
test('a weight of any size counts, the sum is what is limited', () => {
  const driver = new Driver({
    priority: 20,
    trackedObjects: [...script(300), { kind: 'script', name: 'y', weight: -200, reverse: false }],
  }).started();
  driver.send({ kind: 'tracker', tracker: 'x', trackerKind: 'script', status: 'up' });
  expect(driver.state.priority).toBe(254);
  driver.send({ kind: 'tracker', tracker: 'y', trackerKind: 'script', status: 'down' });
  expect(driver.state.priority).toBe(120);
});
