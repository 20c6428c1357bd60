// What an independent conformance suite asks of a VRRP implementation, as one table: every event in every role, and what
// the router then is, does and waits for. RFC 9568 section 6.4 and 7.1, RFC 3768 for version 2; keepalived where they are
// silent (faults, reloads). Rules that need a story of their own are in rfc9568.test.ts and in the golden scripts.
import { describe, expect, test } from '@jest/globals';
import type { VirtualRouterConfig } from '../src/config.js';
import type { EventBody, Micros, Role } from '../src/index.js';
import { deeds, Driver, OTHER_ADDRESS, OWN_ADDRESS, SECOND } from './fixtures.js';
import type { AdvertisementChanges } from './fixtures.js';

/** Greater and lesser than our own address, 192.0.2.10. */
const GREATER = OTHER_ADDRESS;
const LESSER = '192.0.2.9';
const DOWN_100 = 3_609_375;
const SKEW_100 = 609_375;
/** When everything that is asked about happens. */
const NOW = 20 * SECOND;

type Ask = EventBody | { readonly hears: AdvertisementChanges } | { readonly changes: Partial<VirtualRouterConfig> };

interface Answer {
  readonly role: Role;
  readonly does?: readonly string[];
  /** From now to the Master_Down_Timer. */
  readonly down?: Micros | undefined;
  /** From now to the next advertisement. */
  readonly advert?: Micros | undefined;
}

type Row = readonly [title: string, ask: Ask, answer: Answer];

const LINK_DOWN: Ask = { kind: 'link', up: false };
const NO_ADDRESS: Ask = { kind: 'primary-address', address: undefined };
const OTHER_PRIMARY: Ask = { kind: 'primary-address', address: '192.0.2.11' };
/** The timer that was running goes on: a second of it had passed. */
const RUNS_ON = DOWN_100 - SECOND;
const NEXT_ADVERT = SECOND / 2;

const BACKUP_ROWS: readonly Row[] = [
  ['§6.4.2 a higher priority', { hears: { priority: 200 } }, { role: 'backup', down: DOWN_100 }],
  ['§6.4.2 an equal priority from a greater address', { hears: { priority: 100 } }, { role: 'backup', down: DOWN_100 }],
  [
    '§6.4.2 an equal priority from a lesser address',
    { hears: { priority: 100, source: LESSER } },
    { role: 'backup', down: DOWN_100 },
  ],
  ['§6.4.2 a lower priority', { hears: { priority: 99 } }, { role: 'backup', down: RUNS_ON }],
  ['§6.4.2 the owner', { hears: { priority: 255 } }, { role: 'backup', down: DOWN_100 }],
  ['§6.4.2 priority 0', { hears: { priority: 0 } }, { role: 'backup', down: SKEW_100 }],
  [
    '§6.4.2 another interval',
    { hears: { priority: 200, sender: { advertisementInterval: 2 * SECOND } } },
    { role: 'backup', down: 6 * SECOND + 2 * SKEW_100 },
  ],
  ['§6.4.2 shutdown', { kind: 'shutdown' }, { role: 'initialize' }],
  ['§6.4.2 a timer that is early', { kind: 'time' }, { role: 'backup', down: RUNS_ON }],
  ['a second startup', { kind: 'startup' }, { role: 'backup', down: RUNS_ON }],
  ['the interface goes down', LINK_DOWN, { role: 'fault' }],
  ['the primary address goes', NO_ADDRESS, { role: 'fault' }],
  ['the primary address changes', OTHER_PRIMARY, { role: 'backup', down: RUNS_ON }],
  ['a higher priority of its own', { changes: { priority: 228 } }, { role: 'backup', down: RUNS_ON - SECOND / 2 }],
  ['a lower priority of its own', { changes: { priority: 36 } }, { role: 'backup', down: RUNS_ON + SECOND / 4 }],
  [
    'another interval of its own, while nobody was heard',
    { changes: { advertisementInterval: 2 * SECOND } },
    { role: 'backup', down: RUNS_ON + DOWN_100 },
  ],
  ['no preemption any more', { changes: { preempt: false } }, { role: 'backup', down: RUNS_ON }],
  ['another address', { changes: { virtualAddresses: ['198.51.100.9'] } }, { role: 'backup', down: RUNS_ON }],
  ['somebody removes an address', addressLost(), { role: 'backup', down: RUNS_ON }],
];

const MASTER_ROWS: readonly Row[] = [
  ['§6.4.3 a higher priority', { hears: { priority: 101 } }, yields(DOWN_100)],
  ['§6.4.3 the owner', { hears: { priority: 255 } }, yields(DOWN_100)],
  ['§6.4.3 an equal priority from a greater address', { hears: { priority: 100, source: GREATER } }, yields(DOWN_100)],
  ['§6.4.3 an equal priority from a lesser address', { hears: { priority: 100, source: LESSER } }, asserts()],
  ['§6.4.3 a lower priority', { hears: { priority: 99 } }, asserts()],
  ['§6.4.3 priority 0', { hears: { priority: 0 } }, { role: 'master', does: ['send 100'], advert: SECOND }],
  [
    '§6.4.3 a higher priority with another interval',
    { hears: { priority: 200, sender: { advertisementInterval: 2 * SECOND } } },
    yields(6 * SECOND + 2 * SKEW_100),
  ],
  ['§6.4.3 shutdown', { kind: 'shutdown' }, { role: 'initialize', does: ['send 0', 'remove-addresses'] }],
  ['§6.4.3 a timer that is early', { kind: 'time' }, { role: 'master', advert: NEXT_ADVERT }],
  ['the interface goes down', LINK_DOWN, { role: 'fault', does: ['send 0', 'remove-addresses'] }],
  ['the primary address goes', NO_ADDRESS, { role: 'fault', does: ['send 0', 'remove-addresses'] }],
  ['the primary address changes', OTHER_PRIMARY, { role: 'master', advert: NEXT_ADVERT }],
  ['a higher priority of its own', { changes: { priority: 150 } }, advertisesAnew(150)],
  ['a lower priority of its own', { changes: { priority: 50 } }, advertisesAnew(50)],
  ['it becomes the owner', { changes: { priority: 255 } }, advertisesAnew(255)],
  ['another interval of its own', { changes: { advertisementInterval: 2 * SECOND } }, advertisesAnew(100, 2 * SECOND)],
  ['no preemption any more', { changes: { preempt: false } }, advertisesAnew(100)],
  ['one more address', { changes: { virtualAddresses: ['198.51.100.1', '198.51.100.2'] } }, advertisesAnew(100)],
  ['version 2 from now on', { changes: { version: 2 } }, advertisesAnew(100)],
  [
    'somebody removes an address',
    addressLost(),
    { role: 'backup', does: ['send 0', 'remove-addresses'], down: SKEW_100 },
  ],
];

/** What no role uses: RFC 9568 §7.1 "MUST discard". */
const BAD_PACKETS: readonly (readonly [string, AdvertisementChanges])[] = [
  ['TTL 254', { ttl: 254 }],
  ['TTL 0', { ttl: 0 }],
  ['version 2', { sender: { version: 2 } }],
  ['version 4', { edit: (bytes) => bytes.fill(0x41, 0, 1) }],
  ['type 0', { edit: (bytes) => bytes.fill(0x30, 0, 1) }],
  ['type 2', { edit: (bytes) => bytes.fill(0x32, 0, 1) }],
  ['a wrong checksum', { edit: (bytes) => bytes.fill(0xab, 6, 8) }],
  ['another VRID', { sender: { vrid: 52 } }],
  ['interval 0', { sender: { advertisementInterval: 0 } }],
  ['fewer addresses than it counts', { edit: (bytes) => bytes.subarray(0, 8) }],
  ['half a header', { edit: (bytes) => bytes.subarray(0, 5) }],
  ['no bytes at all', { edit: (bytes) => bytes.subarray(0, 0) }],
  ['a unicast destination', { destination: OWN_ADDRESS, multicast: false }],
];

describe('Initialize', () => {
  test.each<[string, Partial<VirtualRouterConfig>, EventBody['kind'][], Answer]>([
    [
      '§6.4.1 Startup of an owner',
      { priority: 255 },
      ['startup'],
      { role: 'master', does: becomes(255), advert: SECOND },
    ],
    [
      'keepalived’s state BACKUP of an owner',
      { priority: 255, listensFirst: true },
      ['startup'],
      { role: 'backup', down: 3_003_906 },
    ],
    ['§6.4.1 Startup of anybody else', {}, ['startup'], { role: 'backup', down: DOWN_100 }],
    ['§6.4.1 Startup and Shutdown', {}, ['startup', 'shutdown'], { role: 'initialize' }],
    ['§6.4.1 Shutdown before Startup', {}, ['shutdown'], { role: 'initialize' }],
    ['§6.4.1 time passes', {}, ['time'], { role: 'initialize' }],
    ['version 2', { version: 2, priority: 1 }, ['startup'], { role: 'backup', down: 3 * SECOND + 996_093 }],
    ['priority 254', { priority: 254 }, ['startup'], { role: 'backup', down: 3_007_812 }],
    ['priority 1', { priority: 1 }, ['startup'], { role: 'backup', down: 3_996_093 }],
  ])('%s', (_title, config, kinds, answer) => {
    const driver = new Driver(config);
    driver.send({ kind: 'link', up: true }, NOW);
    driver.send({ kind: 'primary-address', address: OWN_ADDRESS });
    for (const kind of kinds) driver.send({ kind } as EventBody);
    expectAnswer(driver, answer);
  });

  test('hears nothing', () => {
    const driver = new Driver();
    for (const priority of [0, 100, 255]) driver.hear({ priority });
    expect(driver.state.role).toBe('initialize');
    expect(driver.state.statistics.discards.role).toBe(3);
  });

  test('waits, in fault, for interface and address; then begins', () => {
    const driver = new Driver({ priority: 255 });
    driver.send({ kind: 'startup' }, NOW);
    expectAnswer(driver, { role: 'fault' });
    driver.send({ kind: 'primary-address', address: OWN_ADDRESS });
    expectAnswer(driver, { role: 'fault' });
    driver.send({ kind: 'link', up: true });
    // keepalived: the fast way of an owner exists at the start only.
    expectAnswer(driver, { role: 'backup', down: 3_003_906 });
  });
});

describe('Backup', () => {
  test.each(BACKUP_ROWS)('%s', (_title, ask, answer) => {
    const driver = new Driver();
    driver.start(NOW - SECOND);
    put(driver, ask);
    expectAnswer(driver, answer);
  });

  test.each(BAD_PACKETS)('§7.1 discards %s', (_title, changes) => {
    const driver = new Driver();
    driver.start(NOW - SECOND);
    put(driver, { hears: { priority: 200, ...changes } });
    expectAnswer(driver, { role: 'backup', down: RUNS_ON });
    expect(driver.state.master).toBeUndefined();
  });

  test('§6.4.2 the Active_Down_Timer fires', () => {
    const driver = new Driver();
    driver.start(NOW - DOWN_100);
    put(driver, { kind: 'time' });
    expectAnswer(driver, { role: 'master', does: becomes(100), advert: SECOND });
  });

  test('§6.4.2 without preemption a lower priority is as good as any', () => {
    const driver = new Driver({ preempt: false });
    driver.start(NOW - SECOND);
    put(driver, { hears: { priority: 1 } });
    expectAnswer(driver, { role: 'backup', down: DOWN_100 });
  });

  test('RFC 3768 §7.1 version 2 discards another interval, and version 3 packets', () => {
    const driver = new Driver({ version: 2 });
    driver.start(NOW - SECOND);
    put(driver, { hears: { priority: 200, sender: { advertisementInterval: 2 * SECOND } } });
    put(driver, { hears: { priority: 200, sender: { version: 3 } } });
    expectAnswer(driver, { role: 'backup', down: RUNS_ON });
  });
});

describe('Master', () => {
  test.each(MASTER_ROWS)('%s', (_title, ask, answer) => {
    const driver = masterNow({});
    put(driver, ask);
    expectAnswer(driver, answer);
  });

  test.each(BAD_PACKETS)('§7.1 discards %s', (_title, changes) => {
    const driver = masterNow({});
    put(driver, { hears: { priority: 200, ...changes } });
    expectAnswer(driver, { role: 'master', advert: NEXT_ADVERT });
  });

  test('§6.4.3 an owner is preempted by nobody but another owner', () => {
    const driver = masterNow({ priority: 255 });
    put(driver, { hears: { priority: 254 } });
    expectAnswer(driver, { role: 'master', does: ['send 255', 'announce 5'], advert: SECOND });
  });

  test('§7.1 an owner that keeps to the RFC discards what it hears', () => {
    const driver = masterNow({ priority: 255, ownerIgnoresAdvertisements: true });
    put(driver, { hears: { priority: 255 } });
    expectAnswer(driver, { role: 'master', advert: NEXT_ADVERT });
  });

  test('§6.1, §6.4.3 without Accept_Mode packets to the addresses are not accepted, unless they are its own', () => {
    expect(taking({})).toEqual([true]);
    expect(taking({ accept: false })).toEqual([false]);
    expect(taking({ accept: false, priority: 255 })).toEqual([true]);
  });
});

describe('fault', () => {
  test.each<[string, Ask, Answer]>([
    ['the interface comes back', { kind: 'link', up: true }, { role: 'backup', down: DOWN_100 }],
    ['it hears somebody', { hears: { priority: 200 } }, { role: 'fault' }],
    ['it hears that somebody stops', { hears: { priority: 0 } }, { role: 'fault' }],
    ['time passes', { kind: 'time' }, { role: 'fault' }],
    ['the address goes as well', NO_ADDRESS, { role: 'fault' }],
    ['§6.4.3 shutdown', { kind: 'shutdown' }, { role: 'initialize' }],
    ['it becomes the owner', { changes: { priority: 255 } }, { role: 'fault' }],
  ])('%s', (_title, ask, answer) => {
    const driver = masterNow({});
    driver.send({ kind: 'link', up: false });
    put(driver, ask);
    expectAnswer(driver, answer);
  });
});

/** Whether it accepts packets to its addresses, each time it takes them. */
function taking(config: Partial<VirtualRouterConfig>): readonly boolean[] {
  const driver = new Driver(config);
  const actions = [...driver.start(), ...driver.expire()];
  return actions.flatMap((action) => (action.kind === 'add-addresses' ? [action.accept] : []));
}

function addressLost(): Ask {
  return { kind: 'address-lost', address: '198.51.100.1', interface: 'eth0' };
}

/** To Backup without a word: the other one is Master already. */
function yields(down: Micros): Answer {
  return { role: 'backup', does: ['remove-addresses'], down };
}

/** Says at once that it is here, and where the addresses are. */
function asserts(): Answer {
  return { role: 'master', does: ['send 100', 'announce 5'], advert: SECOND };
}

function advertisesAnew(priority: number, interval = SECOND): Answer {
  return { role: 'master', does: [`send ${priority}`, 'add-addresses'], advert: interval };
}

function becomes(priority: number): readonly string[] {
  return [`send ${priority}`, 'add-addresses', 'announce 5'];
}

/** Master, half an interval before its next advertisement. */
function masterNow(config: Partial<VirtualRouterConfig>): Driver {
  const driver = new Driver({ announcements: { ...new Driver().state.config.announcements, delay: 0 }, ...config });
  driver.start(NOW - DOWN_100 - SECOND / 2);
  driver.send({ kind: 'time' }, NOW - SECOND / 2);
  driver.send({ kind: 'time' }, NOW - SECOND / 2 + 1);
  driver.at = NOW;
  const { advertisement = 0 } = driver.state.timers;
  if (advertisement !== NOW + SECOND / 2) throw new Error(`the advertisement is due at ${advertisement}`);
  return driver;
}

function put(driver: Driver, ask: Ask): void {
  if ('hears' in ask) driver.hear(ask.hears, NOW);
  else if ('changes' in ask) {
    driver.send({ kind: 'reconfigure', config: { ...driver.state.config, ...ask.changes } }, NOW);
  } else driver.send(ask, NOW);
}

function expectAnswer(driver: Driver, { role, does = [], down, advert }: Answer): void {
  const { masterDown, advertisement } = driver.state.timers;
  expect({
    role: driver.state.role,
    does: deeds(driver.actions),
    down: masterDown === undefined ? undefined : masterDown - NOW,
    advert: advertisement === undefined ? undefined : advertisement - NOW,
  }).toEqual({ role, does, down, advert });
}
