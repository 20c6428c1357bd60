// One test per rule of RFC 9568 sections 6 and 7 that a state machine can keep, titled with the section; and of RFC 3768
// where version 2 differs. What concerns frames, ARP and the kernel is tested where frames are made.
import { describe, expect, test } from '@jest/globals';
import { decodeAdvertisement, encodePassword } from '@vrrp/wire';
import { nextDeadline, skewTime } from '../src/index.js';
import { advertisementBytes, Cluster, defaultConfig } from '../src/sim/index.js';
import type { LanDatagram } from '../src/sim/index.js';
import { backup, deeds, Driver, master, observations, OTHER_ADDRESS, SECOND, transitions } from './fixtures.js';

const LOWER = '192.0.2.9';
const HIGHER = '192.0.2.20';

describe('§6.1 parameters', () => {
  test('Active_Adver_Interval begins as Advertisement_Interval', () => {
    expect(backup({ advertisementInterval: 2 * SECOND }).state.masterAdvertisementInterval).toBe(2 * SECOND);
  });

  test('Skew_Time is ((256 - Priority) * Active_Adver_Interval) / 256', () => {
    expect(backup({ priority: 128 }).state.skewTime).toBe(SECOND / 2);
  });

  test('Active_Down_Interval is 3 * Active_Adver_Interval + Skew_Time', () => {
    expect(backup({ priority: 128 }).state.masterDownInterval).toBe(3.5 * SECOND);
  });

  test('Preempt_Mode is true by default; false keeps a better Backup quiet', () => {
    const driver = backup({ priority: 200, preempt: false });
    driver.hear({ priority: 100 }, SECOND);
    expect(driver.state.timers.masterDown).toBe(SECOND + driver.state.masterDownInterval);
  });

  test('Preempt_Mode false does not keep the address owner from starting as Active', () => {
    expect(transitions(new Driver({ priority: 255, preempt: false }).start())).toEqual([
      'initialize -> master (address-owner)',
    ]);
  });
});

describe('§6.4.1 Initialize', () => {
  test('waits for a Startup event', () => {
    const driver = new Driver();
    driver.send({ kind: 'link', up: true });
    driver.send({ kind: 'primary-address', address: '192.0.2.1' });
    driver.send({ kind: 'time' }, 100 * SECOND);
    expect(driver.state.role).toBe('initialize');
    expect(nextDeadline(driver.state)).toBeUndefined();
  });

  test('priority 255: sends an ADVERTISEMENT, announces every address, sets the Adver_Timer, becomes Active', () => {
    const driver = new Driver({ priority: 255 });
    expect(deeds(driver.start())).toEqual(['send 255', 'add-addresses', 'announce 5']);
    expect(driver.state.timers.advertisement).toBe(SECOND);
    expect(driver.state.role).toBe('master');
  });

  test('else: sets the Active_Down_Timer to Active_Down_Interval and becomes Backup', () => {
    const driver = new Driver({ priority: 100 });
    expect(deeds(driver.start(7 * SECOND))).toEqual([]);
    expect(driver.state.role).toBe('backup');
    expect(driver.state.timers.masterDown).toBe(7 * SECOND + 3_609_375);
  });
});

describe('§6.4.2 Backup', () => {
  test('Shutdown: cancels the Active_Down_Timer and goes to Initialize without a word', () => {
    const driver = backup();
    expect(deeds(driver.send({ kind: 'shutdown' }))).toEqual([]);
    expect(driver.state.role).toBe('initialize');
    expect(nextDeadline(driver.state)).toBeUndefined();
  });

  test('Active_Down_Timer fires: sends an ADVERTISEMENT, announces, sets the Adver_Timer, becomes Active', () => {
    const driver = backup();
    expect(deeds(driver.expire())).toEqual(['send 100', 'add-addresses', 'announce 5']);
    expect(transitions(driver.actions)).toEqual(['backup -> master (master-down-timer)']);
    expect(driver.state.timers).toMatchObject({ masterDown: undefined, advertisement: 3_609_375 + SECOND });
  });

  test('ADVERTISEMENT of priority 0: sets the Active_Down_Timer to Skew_Time', () => {
    const driver = backup();
    driver.hear({ priority: 0 }, SECOND);
    expect(driver.state.timers.masterDown).toBe(SECOND + 609_375);
    expect(transitions(driver.expire())).toEqual(['backup -> master (priority-zero-timer)']);
  });

  test.each([
    ['greater', 150],
    ['equal', 100],
  ])('%s priority: sets Active_Adver_Interval, recomputes, resets the Active_Down_Timer', (_title, priority) => {
    const driver = backup();
    driver.hear({ priority, sender: { advertisementInterval: 5 * SECOND } }, SECOND);
    expect(driver.state.masterAdvertisementInterval).toBe(5 * SECOND);
    expect(driver.state.skewTime).toBe(5 * 609_375);
    expect(driver.state.timers.masterDown).toBe(SECOND + 15 * SECOND + 5 * 609_375);
  });

  test('equal priority is accepted whichever address is greater', () => {
    for (const source of [LOWER, HIGHER]) {
      const driver = backup();
      driver.hear({ priority: 100, source }, SECOND);
      expect(driver.state.master?.address).toBe(source);
    }
  });

  test('Preempt_Mode false: accepts a lower priority', () => {
    const driver = backup({ preempt: false });
    driver.hear({ priority: 50, sender: { advertisementInterval: 2 * SECOND } }, SECOND);
    expect(driver.state.masterAdvertisementInterval).toBe(2 * SECOND);
    expect(driver.state.master).toMatchObject({ address: OTHER_ADDRESS, priority: 50 });
  });

  test('lower priority otherwise: discards, the Active_Down_Timer runs on', () => {
    const driver = backup();
    driver.hear({ priority: 99, sender: { advertisementInterval: 2 * SECOND } }, SECOND);
    expect(driver.state.timers.masterDown).toBe(3_609_375);
    expect(driver.state.masterAdvertisementInterval).toBe(SECOND);
    expect(driver.state.master).toBeUndefined();
  });

  test('MUST NOT answer for the addresses (ARP, Neighbor Solicitation) nor accept packets to them: never holds them', () => {
    const driver = backup();
    const seen = [deeds(driver.hear()), deeds(driver.hear({ priority: 0 })), deeds(driver.hear({ priority: 1 }))];
    expect(seen.flat()).toEqual([]);
  });
});

describe('§6.4.3 Active', () => {
  test('Shutdown: cancels the Adver_Timer, sends priority 0, goes to Initialize', () => {
    const driver = master();
    expect(deeds(driver.send({ kind: 'shutdown' }))).toEqual(['send 0', 'remove-addresses']);
    expect(transitions(driver.actions)).toEqual(['master -> initialize (shutdown)']);
    expect(nextDeadline(driver.state)).toBeUndefined();
  });

  test('Adver_Timer fires: sends an ADVERTISEMENT and sets the timer again', () => {
    const driver = master();
    const due = driver.at + SECOND;
    expect(deeds(driver.expire())).toEqual(['send 100']);
    expect(driver.at).toBe(due);
    expect(driver.state.timers.advertisement).toBe(due + SECOND);
  });

  test('priority 0: sends an ADVERTISEMENT and resets the Adver_Timer', () => {
    const driver = master();
    expect(deeds(driver.hear({ priority: 0 }, driver.at + 1000))).toEqual(['send 100']);
    expect(driver.state.timers.advertisement).toBe(driver.at + SECOND);
    expect(driver.state.role).toBe('master');
  });

  test.each([
    ['greater priority', 101, LOWER, 'higher-priority-advertisement'],
    ['equal priority and greater address', 100, HIGHER, 'equal-priority-higher-address'],
  ])('%s: cancels the Adver_Timer, learns the interval, becomes Backup', (_title, priority, source, cause) => {
    const driver = master();
    const actions = driver.hear({ priority, source, sender: { advertisementInterval: 2 * SECOND } });
    expect(transitions(actions)).toEqual([`master -> backup (${cause})`]);
    expect(deeds(actions)).toEqual(['remove-addresses']);
    const skew = skewTime({ version: 3, priority: 100, masterAdvertisementInterval: 2 * SECOND });
    expect(driver.state.timers).toEqual({
      ...backup().state.timers,
      masterDown: driver.at + 6 * SECOND + skew,
    });
  });

  test.each([
    ['lower priority', 99, HIGHER],
    ['equal priority and lesser address', 100, LOWER],
  ])('%s: discards, and asserts itself with an ADVERTISEMENT', (_title, priority, source) => {
    const driver = master();
    const [first] = deeds(driver.hear({ priority, source }));
    expect(first).toBe('send 100');
    expect(driver.state.role).toBe('master');
  });

  test('addresses compare as unsigned bytes', () => {
    const driver = master();
    driver.send({ kind: 'primary-address', address: '10.0.0.9' });
    driver.hear({ priority: 100, source: '10.0.0.200' });
    expect(driver.state.role).toBe('backup');
  });

  test('IPv6 addresses compare the same way', () => {
    const driver = master({ family: 6 });
    driver.hear({ priority: 100, source: 'fe80::9' });
    expect(driver.state.role).toBe('master');
    driver.hear({ priority: 100, source: 'fe80::1:0' });
    expect(driver.state.role).toBe('backup');
  });
});

describe('§6.4.3 Active, while it lasts', () => {
  test('MUST answer for the addresses and accept packets to them: holds them until it leaves', () => {
    const driver = backup();
    const deedsOf = (...events: (() => unknown)[]): readonly string[] =>
      events.flatMap((event) => {
        event();
        return deeds(driver.actions).filter((deed) => deed.endsWith('-addresses'));
      });
    const stay = [() => driver.hear({ priority: 99 }), () => driver.hear({ priority: 0 }), () => driver.expire()];
    expect(deedsOf(() => driver.expire(), ...stay)).toEqual(['add-addresses']);
    expect(deedsOf(() => driver.hear({ priority: 101 }))).toEqual(['remove-addresses']);
  });

  test('MUST NOT accept packets to addresses that it does not own when Accept_Mode is false', () => {
    const driver = backup({ accept: false });
    expect(driver.expire()).toContainEqual({ kind: 'add-addresses', accept: false });
  });
});

describe('§7.1 receiving: MUST verify, else MUST discard', () => {
  const cases: readonly (readonly [string, Parameters<Driver['hear']>[0], object])[] = [
    ['TTL or hop limit is 255', { ttl: 254 }, { ttl: 1 }],
    ['the version is 3', { sender: { version: 2 } }, { version: 1 }],
    ['the type is 1', { edit: (bytes) => bytes.fill(0x3f, 0, 1) }, { type: 1 }],
    ['the packet is complete', { edit: (bytes) => bytes.subarray(0, 10) }, { length: 1 }],
    ['the checksum', { edit: (bytes) => bytes.fill(0, 6, 8) }, { checksum: 1 }],
    ['the VRID is configured', { sender: { vrid: 200 } }, { vrid: 1 }],
    [
      'Max Advertise Interval is not 0 (erratum 8301)',
      { sender: { advertisementInterval: 0 } },
      { 'advertisement-interval': 1 },
    ],
  ];
  test.each(cases)('%s', (_title, changes, discards) => {
    const driver = backup();
    driver.hear({ priority: 200, ...changes }, SECOND);
    expect(driver.state.statistics.discards).toMatchObject(discards);
    expect(driver.state.master).toBeUndefined();
    expect(driver.state.timers.masterDown).toBe(3_609_375);
  });

  test('the local router is not the address owner: with owner_ignore_adverts; keepalived’s owners listen otherwise', () => {
    const strict = master({ priority: 255, ownerIgnoresAdvertisements: true });
    strict.hear({ priority: 255, source: HIGHER });
    expect(strict.state.role).toBe('master');
    expect(strict.state.statistics.discards['owner-ignores']).toBe(1);
    const lenient = master({ priority: 255 });
    lenient.hear({ priority: 255, source: HIGHER });
    expect(lenient.state.role).toBe('backup');
  });

  test('another interval SHOULD be said; the packet counts all the same', () => {
    const driver = backup();
    const actions = driver.hear({ priority: 200, sender: { advertisementInterval: 2 * SECOND } });
    const expected = { kind: 'interval-learned', source: OTHER_ADDRESS, interval: 2 * SECOND, configured: SECOND };
    expect(observations(actions)).toContainEqual(expected);
  });

  test('another address list MAY be reported; the packet counts all the same', () => {
    const driver = backup();
    driver.hear({ priority: 200, sender: { virtualAddresses: ['198.51.100.77', '198.51.100.1'] } });
    expect(driver.state.statistics.addressListErrors).toBe(1);
    expect(driver.state.master?.priority).toBe(200);
  });
});

describe('§7.2 transmitting', () => {
  test.each([4, 6] as const)('over IPv%d: MUST fill in the fields, checksum and addresses', (family) => {
    const address = family === 4 ? '192.0.2.10' : 'fe80::a';
    const config = defaultConfig({ family, vrid: 7, priority: 120, advertisementInterval: 500_000 });
    const cluster = new Cluster({ seed: 1 });
    const heard: LanDatagram[] = [];
    cluster.lan.attach('listener', (datagram) => heard.push(datagram));
    cluster.add('a', config, address).start();
    cluster.runUntil(5 * SECOND);
    cluster.router('a').stop();
    cluster.runUntil(6 * SECOND);
    const values = heard.map(({ source, destination, ttl, payload }) => {
      expect([source, destination, ttl]).toEqual([address, family === 4 ? '224.0.0.18' : 'ff02::12', 255]);
      const checksum = 'with-pseudo-header';
      const decoded = decodeAdvertisement(payload, { source, destination, checksum });
      return decoded.ok ? decoded.value : decoded.issue;
    });
    const { virtualAddresses: addresses } = config;
    const value = { version: 3, family, vrid: 7, priority: 120, maxAdvertiseInterval: 50, addresses };
    expect(values[0]).toEqual(value);
    // §5.2.4: 0 says that the Active Router stops.
    expect(values.at(-1)).toEqual({ ...value, priority: 0 });
  });
});

describe('RFC 3768, where version 2 differs', () => {
  const V2 = { version: 2, advertisementInterval: 2 * SECOND } as const;

  test('§6.1: Skew_Time is a part of one second, not of the interval', () => {
    const driver = backup({ ...V2, priority: 128 });
    expect(driver.state.skewTime).toBe(SECOND / 2);
    expect(driver.state.masterDownInterval).toBe(6.5 * SECOND);
  });

  test('§6.4.2: a Backup keeps its own interval', () => {
    const driver = backup(V2);
    driver.hear({ priority: 200 }, SECOND);
    expect(driver.state.masterAdvertisementInterval).toBe(2 * SECOND);
    expect(driver.state.timers.masterDown).toBe(SECOND + 6 * SECOND + 609_375);
  });

  test('§7.1: MUST verify that the interval is the one configured, else MUST discard', () => {
    const driver = backup(V2);
    driver.hear({ priority: 200, sender: { advertisementInterval: SECOND } });
    expect(driver.state.statistics.discards['advertisement-interval']).toBe(1);
    expect(driver.state.master).toBeUndefined();
  });

  test('§6.4.3: a Master that yields keeps its own interval too', () => {
    const driver = master(V2);
    driver.hear({ priority: 200 });
    expect(driver.state.timers.masterDown).toBe(driver.at + 6 * SECOND + 609_375);
  });

  test('§7.1: MUST verify the authentication type and the password that are configured', () => {
    const password = { kind: 'simple-password', password: encodePassword('secret') } as const;
    const driver = backup({ ...V2, authentication: password });
    driver.hear({ priority: 200, sender: { authentication: { kind: 'none' } } });
    driver.hear({ priority: 200, sender: { authentication: { ...password, password: encodePassword('other') } } });
    expect(driver.state.statistics.discards).toMatchObject({ 'auth-type-mismatch': 1, 'auth-failure': 1 });
    expect(driver.state.master).toBeUndefined();
    driver.hear({ priority: 200 });
    expect(driver.state.master?.priority).toBe(200);
  });

  test('§5.3.7, §5.3.8: the interval is in seconds, the checksum without pseudo header', () => {
    const bytes = advertisementBytes(defaultConfig(V2), 100, '192.0.2.1', '224.0.0.18');
    const elsewhere = { source: '10.0.0.1', destination: '224.0.0.99', checksum: 'auto' } as const;
    expect(decodeAdvertisement(bytes, elsewhere)).toMatchObject({
      ok: true,
      value: { version: 2, advertiseInterval: 2 },
    });
  });

  test('§7.1: MUST verify the version', () => {
    const driver = backup(V2);
    driver.hear({ priority: 200, sender: { version: 3 } });
    expect(driver.state.statistics.discards.version).toBe(1);
  });
});
