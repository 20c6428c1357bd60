// The receive checks: each fails alone, in keepalived's order, with its counter; nothing that fails changes anything else.
import { encodePassword } from '@vrrp/wire';
import { describe, expect, test } from '@jest/globals';
import { advertisementBytes, defaultConfig } from '../src/sim/index.js';
import type { VirtualRouterConfig } from '../src/config.js';
import { explain, UNHEARD_MEMORY } from '../src/index.js';
import type { DiscardReason, Statistics } from '../src/index.js';
import { advertisement, backup, Driver, master, observations, OTHER_ADDRESS, OWN_ADDRESS } from './fixtures.js';
import { SOURCES_MAX } from '../src/report-once.js';
import type { AdvertisementChanges } from './fixtures.js';

const V2: Partial<VirtualRouterConfig> = { version: 2 };
const PASSWORD: Partial<VirtualRouterConfig> = {
  version: 2,
  authentication: { kind: 'simple-password', password: encodePassword('letmein') },
};
const UNICAST: Partial<VirtualRouterConfig> = {
  unicast: { peers: [{ address: OTHER_ADDRESS, minTtl: 250, maxTtl: 254 }], checkSource: true },
};
const SIX: Partial<VirtualRouterConfig> = { family: 6 };

/** Writes one byte and repairs nothing. */
function poke(offset: number, value: number): (payload: Uint8Array) => Uint8Array {
  return (payload) => {
    payload[offset] = value;
    return payload;
  };
}

type Row = readonly [
  title: string,
  reason: DiscardReason,
  counter: keyof Statistics | undefined,
  config: Partial<VirtualRouterConfig>,
  changes: AdvertisementChanges,
];

const rows: readonly Row[] = [
  ['another VRID', 'vrid', undefined, {}, { sender: { vrid: 52 } }],
  ['nothing at all', 'length', 'packetLengthErrors', {}, { edit: () => new Uint8Array(0) }],
  ['a cut header', 'length', 'packetLengthErrors', {}, { edit: (bytes) => bytes.subarray(0, 7) }],
  ['a cut address', 'length', 'packetLengthErrors', {}, { edit: (bytes) => bytes.subarray(0, 11) }],
  [
    'bytes too many',
    'length',
    'packetLengthErrors',
    {},
    { edit: (bytes) => Uint8Array.of(...bytes, ...bytes, ...bytes) },
  ],
  ['a count too high', 'length', 'packetLengthErrors', {}, { edit: poke(3, 9) }],
  [
    'version 2 without authentication data',
    'length',
    'packetLengthErrors',
    V2,
    { edit: (bytes) => bytes.subarray(0, 12) },
  ],
  ['TTL 254', 'ttl', 'ttlErrors', {}, { ttl: 254 }],
  ['hop limit 1', 'ttl', 'ttlErrors', SIX, { ttl: 1 }],
  ['version 2 to version 3', 'version', undefined, {}, { sender: V2 }],
  ['version 3 to version 2', 'version', undefined, V2, { sender: { version: 3 } }],
  ['version 9', 'version', undefined, {}, { edit: poke(0, 0x91) }],
  [
    'an authentication type that does not exist',
    'auth-type-invalid',
    'invalidAuthenticationTypes',
    V2,
    { edit: poke(4, 3) },
  ],
  ['a password nobody asked for', 'auth-type-mismatch', 'authenticationTypeMismatches', V2, { sender: PASSWORD }],
  [
    'no password',
    'auth-type-mismatch',
    'authenticationTypeMismatches',
    PASSWORD,
    { sender: { authentication: { kind: 'none' } } },
  ],
  ['authentication header', 'auth-type-mismatch', 'authenticationTypeMismatches', PASSWORD, { edit: poke(4, 2) }],
  [
    'a wrong password',
    'auth-failure',
    'authenticationFailures',
    PASSWORD,
    { sender: { authentication: { kind: 'simple-password', password: encodePassword('letmeiN') } } },
  ],
  [
    'another interval in version 2',
    'advertisement-interval',
    'advertisementIntervalErrors',
    V2,
    { sender: { advertisementInterval: 2_000_000 } },
  ],
  [
    'interval 0 in version 3',
    'advertisement-interval',
    'advertisementIntervalErrors',
    {},
    { sender: { advertisementInterval: 0 } },
  ],
  ['type 2', 'type', 'invalidTypes', {}, { edit: poke(0, 0x32) }],
  ['a changed priority', 'checksum', undefined, {}, { edit: poke(2, 201) }],
  ['a changed priority in version 2', 'checksum', undefined, V2, { edit: poke(2, 201) }],
  ['a changed priority over IPv6', 'checksum', undefined, SIX, { edit: poke(2, 201) }],
  ['a checksum without pseudo header', 'checksum', undefined, {}, { sender: { checksum: 'payload-only' } }],
  [
    'unicast where multicast is configured',
    'destination-kind',
    undefined,
    {},
    { destination: OWN_ADDRESS, multicast: false },
  ],
  [
    'multicast where unicast is configured',
    'destination-kind',
    undefined,
    UNICAST,
    { destination: '224.0.0.18', multicast: true },
  ],
  [
    'an owner that does not listen',
    'owner-ignores',
    undefined,
    { priority: 255, ownerIgnoresAdvertisements: true },
    {},
  ],
  ['a stranger', 'unknown-peer', undefined, UNICAST, { source: '192.0.2.99', ttl: 252 }],
  ['a peer from too far', 'peer-ttl', undefined, UNICAST, { ttl: 249 }],
  ['a peer from too near', 'peer-ttl', undefined, UNICAST, { ttl: 255 }],
];

describe.each([
  ['Backup', backup],
  ['Master', master],
])('a %s', (_role, make) => {
  test.each(rows)('discards %s', (_title, reason, counter, config, changes) => {
    const driver = make(config);
    const before = driver.state;
    const actions = driver.hear({ priority: 250, ...changes }, driver.at + 1000);
    const { discards } = driver.state.statistics;
    const discarded = Object.entries(discards).filter(([, count]) => count !== 0);
    expect(discarded).toEqual([[reason, 1]]);
    if (counter !== undefined) expect(driver.state.statistics[counter]).toBe(1);
    const memory = { statistics: 0, reported: 0, reportedSources: 0, unheard: 0 };
    expect({ ...driver.state, ...memory }).toEqual({ ...before, ...memory });
    const reports = reason === 'vrid' ? [] : [reason];
    expect(observations(actions).map((seen) => seen.kind === 'advertisement-discarded' && seen.reason)).toEqual(
      reports,
    );
  });
});

describe('what is accepted', () => {
  test.each<readonly [string, Partial<VirtualRouterConfig>, AdvertisementChanges]>([
    ['version 3 over IPv4', {}, {}],
    ['version 3 over IPv6', SIX, {}],
    ['version 2', V2, {}],
    ['the right password', PASSWORD, {}],
    ['a unicast peer', UNICAST, { ttl: 252 }],
    ['payload-only checksums where configured', { checksum: 'payload-only' }, {}],
    ['Ethernet padding', {}, { edit: (bytes) => Uint8Array.of(...bytes, ...new Uint8Array(14)) }],
    ['an address list that shares an address', {}, { sender: { virtualAddresses: ['198.51.100.1', '198.51.100.9'] } }],
    ['an empty address list', {}, { sender: { virtualAddresses: [] } }],
  ])('%s', (_title, config, changes) => {
    const driver = backup({ ...config, priority: 90 });
    driver.hear({ priority: 100, ...changes });
    expect(driver.state.statistics.advertisementsReceived).toBe(1);
    expect(driver.state.master?.priority).toBe(100);
  });

  test('a unicast packet may have any TTL when the source is not checked', () => {
    const driver = backup({ priority: 90, unicast: { peers: [{ address: OTHER_ADDRESS }], checkSource: false } });
    driver.hear({ ttl: 1, source: '192.0.2.99' });
    expect(driver.state.master?.address).toBe('192.0.2.99');
  });
});

describe('keepalived’s old unicast checksum', () => {
  const unicast = { peers: [{ address: OTHER_ADDRESS }], checkSource: false };
  /** The pseudo header has the group instead of the peer. */
  const old = { edit: () => advertisementBytes(defaultConfig(), 200, OTHER_ADDRESS, '224.0.0.18') };

  test('is learned from the first peer that uses it', () => {
    const driver = backup({ unicast });
    expect(driver.state.checksumForm).toBe('with-pseudo-header');
    driver.hear(old);
    expect(driver.state.master?.priority).toBe(200);
    expect(driver.state.checksumForm).toBe('multicast-pseudo-header');
  });

  test('is wrong where it must never be', () => {
    const driver = backup({ unicast, oldUnicastChecksum: 'never' });
    driver.hear(old);
    expect(driver.state.statistics.discards.checksum).toBe(1);
    expect(driver.state.checksumForm).toBe('with-pseudo-header');
  });

  test('may be configured', () => {
    expect(backup({ unicast, oldUnicastChecksum: 'always' }).state.checksumForm).toBe('multicast-pseudo-header');
  });
});

describe('the address list', () => {
  test('that differs is counted every time and reported once for each Master', () => {
    const driver = backup({ priority: 90 });
    const other = { sender: { virtualAddresses: ['198.51.100.1', '198.51.100.2'] } };
    const mismatch = {
      kind: 'address-list-mismatch',
      source: OTHER_ADDRESS,
      expected: 1,
      received: 2,
      missing: undefined,
    };
    expect(observations(driver.hear(other))).toContainEqual(mismatch);
    expect(observations(driver.hear(other))).toEqual([]);
    const next = { ...other, source: '192.0.2.21' };
    expect(observations(driver.hear(next))).toEqual([]);
    expect(observations(driver.hear(next))).toContainEqual({ ...mismatch, source: '192.0.2.21' });
    expect(driver.state.statistics.addressListErrors).toBe(4);
  });

  test('is compared only for a new sender where it is not to be checked', () => {
    const driver = backup({ priority: 90, checkAddressList: false });
    const other = { sender: { virtualAddresses: ['198.51.100.1', '198.51.100.2'] } };
    driver.hear(other);
    driver.hear(other);
    expect(driver.state.statistics.addressListErrors).toBe(1);
    driver.hear({ ...other, source: '192.0.2.21' });
    expect(driver.state.statistics.addressListErrors).toBe(2);
  });
});

describe('a list that shares no address with ours is another cluster with our VRID', () => {
  const foreign = { priority: 250, sender: { virtualAddresses: ['198.51.100.9', '198.51.100.8'] } };

  test('it is counted as keepalived counts it, discarded, and named', () => {
    const driver = backup();
    expect(observations(driver.hear(foreign))).toEqual([
      {
        kind: 'address-list-mismatch',
        source: OTHER_ADDRESS,
        expected: 1,
        received: 2,
        missing: '198.51.100.1',
      },
      {
        kind: 'advertisement-discarded',
        reason: 'foreign-addresses',
        source: OTHER_ADDRESS,
        role: 'backup',
        received: '198.51.100.9',
      },
    ]);
    expect(driver.state.statistics).toMatchObject({ advertisementsReceived: 1, addressListErrors: 1 });
    expect(driver.state.master).toBeUndefined();
    driver.expire();
    expect(driver.state.role).toBe('master');
  });

  test('a Master neither yields to it nor answers it', () => {
    const driver = master();
    expect(driver.hear(foreign).filter(({ kind }) => kind !== 'observe')).toEqual([]);
    expect(driver.hear({ ...foreign, priority: 1 }).filter(({ kind }) => kind !== 'observe')).toEqual([]);
    expect(driver.state.role).toBe('master');
  });
});

const SECOND = 1_000_000;
const other = (source: string): AdvertisementChanges => ({ source, ttl: 1 });

describe('a router of our VRID that is not heard', () => {
  test('is remembered with its reason, since when, and how often', () => {
    const driver = master();
    driver.hear(other('192.0.2.8'), SECOND);
    driver.hear(other('192.0.2.8'), 2 * SECOND);
    const one = { source: '192.0.2.8', reason: 'ttl', since: SECOND, last: 2 * SECOND, count: 2 };
    expect(explain(driver.state).unheard).toEqual([{ ...one, expected: 255, received: 1 }]);
    driver.hear({ source: '192.0.2.8', edit: poke(1, 200) }, 3 * SECOND);
    expect(explain(driver.state).unheard).toMatchObject([{ reason: 'ttl', count: 2 }]);
  });

  test('is news for each source, once in each role', () => {
    const driver = backup();
    expect(observations(driver.hear(other('192.0.2.8')))).toHaveLength(1);
    expect(observations(driver.hear(other('192.0.2.9')))).toHaveLength(1);
    expect(observations(driver.hear(other('192.0.2.8')))).toHaveLength(0);
    driver.expire();
    expect(observations(driver.hear(other('192.0.2.8')))).toMatchObject([{ role: 'master' }]);
    expect(observations(driver.hear(other('192.0.2.9')))).toMatchObject([{ role: 'master' }]);
    expect(observations(driver.hear(other('192.0.2.9')))).toEqual([]);
  });

  test('is no news for alternating its reasons, nor for falling silent in between: what anybody can send fills no log', () => {
    const driver = master();
    const loud = { source: '192.0.2.8', edit: poke(1, 200) };
    let told = 0;
    for (let round = 0; round < 100; round += 1) {
      told += observations(driver.hear(other('192.0.2.8'))).length;
      told += observations(driver.hear({ ...other('192.0.2.8'), priority: 0 })).length;
      told += observations(driver.hear({ ...loud, sender: { version: 2 } })).length;
      told += observations(driver.hear(other(`192.0.2.${10 + round}`))).length;
    }
    expect(told).toBeLessThanOrEqual(SOURCES_MAX);
  });

  test('is forgotten when it is used, when it says that it stops, and after a minute of silence', () => {
    const driver = master();
    for (const [index, end] of [
      { priority: 1, source: '192.0.2.8' },
      { ...other('192.0.2.8'), priority: 0 },
    ].entries()) {
      driver.hear(other('192.0.2.8'), (index + 1) * SECOND);
      driver.hear(end, (index + 1) * SECOND);
      expect(driver.state.unheard).toEqual([]);
    }
    driver.hear(other('192.0.2.8'), 4 * SECOND);
    driver.hear(other('192.0.2.9'), 4 * SECOND + UNHEARD_MEMORY + 1);
    expect(driver.state.unheard).toMatchObject([{ source: '192.0.2.9' }]);
  });

  test('takes a bounded memory, whoever makes up addresses, and a bounded log', () => {
    const driver = master();
    const news = Array.from({ length: 100 }, (_, n) => observations(driver.hear(other(`192.0.2.${n + 100}`))).length);
    expect(driver.state.unheard).toHaveLength(8);
    expect(news.reduce((sum, n) => sum + n, 0)).toBe(8);
  });
});

test('a reason is reported once until the role changes, and counted every time', () => {
  const driver = backup();
  expect(observations(driver.hear({ ttl: 1 }))).toHaveLength(1);
  expect(observations(driver.hear({ ttl: 2 }))).toHaveLength(0);
  driver.expire();
  expect(observations(driver.hear({ ttl: 3 }))).toHaveLength(1);
  expect(driver.state.statistics.ttlErrors).toBe(3);
});

test('the report says what was expected and what came', () => {
  const driver = backup({ version: 2 });
  expect(observations(driver.hear({ sender: { advertisementInterval: 3_000_000 } }))).toEqual([
    {
      kind: 'advertisement-discarded',
      reason: 'advertisement-interval',
      source: OTHER_ADDRESS,
      role: 'backup',
      expected: 1,
      received: 3,
    },
  ]);
});

test('in initialize and fault everything is ignored and counted', () => {
  const driver = new Driver();
  expect(driver.hear()).toEqual([]);
  driver.start();
  driver.send({ kind: 'link', up: false });
  expect(driver.hear()).toEqual([]);
  expect(driver.state.statistics.discards.role).toBe(2);
});

test('a source that is no address is the host’s mistake', () => {
  const driver = backup();
  const packet = { ...advertisement(driver.state.config), source: 'somewhere' };
  expect(() => driver.send({ kind: 'packet', packet })).toThrow(TypeError);
});
