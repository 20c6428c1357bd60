// What must hold for every sequence of events: deadlines lie ahead, only a Master has addresses, garbage changes nothing.
import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { encodePassword } from '@vrrp/wire';
import type { VirtualRouterConfig } from '../src/config.js';
import { create, nextDeadline, step } from '../src/index.js';
import type { EventBody, VirtualRouterState } from '../src/index.js';
import { defaultConfig } from '../src/sim/index.js';
import type { Driver } from './fixtures.js';
import { advertisement, backup, master, OTHER_ADDRESS, OWN_ADDRESS, SECOND } from './fixtures.js';

const SEED = 20_240_430;
const RUNS = { seed: SEED, numRuns: 300 } as const;

const trackedObjects = [
  { kind: 'script', name: 'gate', weight: 0, reverse: false },
  { kind: 'script', name: 'weight', weight: -30, reverse: false },
  { kind: 'file', name: 'file', weight: 2, reverse: false },
] as const;

const configs: fc.Arbitrary<VirtualRouterConfig> = fc
  .record({
    version: fc.constantFrom(2 as const, 3 as const),
    priority: fc.constantFrom(1, 100, 200, 254, 255),
    preempt: fc.boolean(),
    preemptDelay: fc.constantFrom(0, 2 * SECOND),
    startupDelay: fc.constantFrom(0, 3 * SECOND),
    downTimerAdverts: fc.constantFrom(1, 3, 10),
    advertiseBeforeYielding: fc.boolean(),
    answerLowerPriority: fc.boolean(),
    refresh: fc.constantFrom(0, SECOND),
  })
  .map(({ refresh, ...fields }) =>
    defaultConfig({ ...fields, trackedObjects, announcements: { ...defaultConfig().announcements, refresh } }),
  );

const statuses = fc.constantFrom('up' as const, 'down' as const, 'unknown' as const);

/** An event that may happen to a router of this configuration. */
function events(config: VirtualRouterConfig): fc.Arbitrary<EventBody> {
  const packets = fc
    .record({
      priority: fc.integer({ min: 0, max: 255 }),
      source: fc.constantFrom(OTHER_ADDRESS, OWN_ADDRESS, '192.0.2.1'),
      ttl: fc.constantFrom(255, 255, 255, 64),
    })
    .map((changes): EventBody => ({ kind: 'packet', packet: advertisement(config, changes) }));
  const tracker = fc.constantFrom(...trackedObjects).chain(({ kind: trackerKind, name }) =>
    fc.record({
      kind: fc.constant('tracker' as const),
      tracker: fc.constant(name),
      trackerKind: fc.constant(trackerKind),
      status: statuses,
      value: fc.integer({ min: -300, max: 300 }),
    }),
  );
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant<EventBody>({ kind: 'time' }) },
    { weight: 6, arbitrary: packets },
    { weight: 2, arbitrary: tracker },
    fc.constantFrom<EventBody>(
      { kind: 'startup' },
      { kind: 'shutdown' },
      { kind: 'link', up: true },
      { kind: 'link', up: false },
      { kind: 'primary-address', address: OWN_ADDRESS },
      { kind: 'primary-address', address: undefined },
      { kind: 'address-lost', address: '198.51.100.1', interface: 'eth0' },
      { kind: 'reconfigure', config: { ...config, preempt: !config.preempt } },
      { kind: 'reconfigure', config: { ...config, priority: 50, downTimerAdverts: 2 } },
    ),
  );
}

/** A history: events and how long after the one before each comes (a lot later is a stalled host). */
const histories = configs.chain((config) =>
  fc.record({
    config: fc.constant(config),
    events: fc.array(fc.tuple(fc.constantFrom(0, 1, 1000, SECOND, 4 * SECOND, 60 * SECOND), events(config)), {
      maxLength: 40,
    }),
  }),
);

/** Runs a history and calls `check` after each step. */
function play(
  config: VirtualRouterConfig,
  history: readonly (readonly [number, EventBody])[],
  check: (before: VirtualRouterState, result: ReturnType<typeof step>, at: number) => void,
): void {
  let state = create(config);
  let at = 0;
  const start: readonly (readonly [number, EventBody])[] = [
    [0, { kind: 'link', up: true }],
    [0, { kind: 'primary-address', address: OWN_ADDRESS }],
    [0, { kind: 'tracker', tracker: 'gate', trackerKind: 'script', status: 'up' }],
    [0, { kind: 'startup' }],
  ];
  for (const [later, event] of [...start, ...history]) {
    at += later;
    const result = step(state, { ...event, at });
    check(state, result, at);
    ({ state } = result);
  }
}

describe('for every history', () => {
  test('no step sets a deadline in the past', () => {
    fc.assert(
      fc.property(histories, ({ config, events: history }) => {
        play(config, history, (before, { state }, at) => {
          for (const [name, deadline] of Object.entries(state.timers)) {
            const old = Object.entries(before.timers).find(([key]) => key === name)?.[1];
            if (deadline !== undefined && deadline !== old) expect(deadline).toBeGreaterThanOrEqual(at);
          }
        });
      }),
      RUNS,
    );
  });

  test('after a `time` event nothing is due any more', () => {
    fc.assert(
      fc.property(histories, ({ config, events: history }) => {
        play(config, [...history, [SECOND, { kind: 'time' }]], (_before, { state }, at) => {
          const woken = step(state, { kind: 'time', at }).state;
          expect(nextDeadline(woken) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(at);
        });
      }),
      RUNS,
    );
  });

  test('addresses are added exactly on the way into Master or while Master, and removed exactly on the way out', () => {
    fc.assert(
      fc.property(histories, ({ config, events: history }) => {
        play(config, history, (before, { state, actions }) => {
          const kinds = actions.map((action) => action.kind);
          if (kinds.includes('add-addresses')) expect(state.role).toBe('master');
          if (kinds.includes('announce-addresses')) expect(state.role).toBe('master');
          expect(kinds.includes('remove-addresses')).toBe(before.role === 'master' && state.role !== 'master');
          if (before.role !== 'master' && state.role === 'master') expect(kinds).toContain('add-addresses');
        });
      }),
      RUNS,
    );
  });

  test('every change of role is one transition, and every transition one change', () => {
    fc.assert(
      fc.property(histories, ({ config, events: history }) => {
        play(config, history, (before, { state, actions }) => {
          const transitions = actions.flatMap((action) =>
            action.kind === 'observe' && action.observation.kind === 'transition' ? [action.observation] : [],
          );
          const changes = before.role === state.role ? [] : [{ from: before.role, to: state.role }];
          expect(transitions.map(({ from, to }) => ({ from, to }))).toEqual(changes);
        });
      }),
      RUNS,
    );
  });

  test('fault is exactly where something is wrong, only the owner keeps 255, nobody else has it', () => {
    fc.assert(
      fc.property(histories, ({ config, events: history }) => {
        play(config, history, (_before, { state }) => {
          const isWrong = state.faults.length > 0;
          if (state.role === 'fault') expect(isWrong).toBe(true);
          if (state.role === 'backup' || state.role === 'master') expect(isWrong).toBe(false);
          expect(state.priority === 255).toBe(state.config.priority === 255);
        });
      }),
      RUNS,
    );
  });
});

/** Hearing `payload` leaves everything but counters as it was. */
function expectIgnored(driver: Driver, payload: Uint8Array): void {
  const packet = { ...advertisement(driver.state.config), payload };
  const { state, actions } = step(driver.state, { kind: 'packet', at: driver.at + 1000, packet });
  const fixed = { statistics: 0, reported: 0, reportedSources: 0, unheard: 0 };
  expect({ ...state, ...fixed }).toEqual({ ...driver.state, ...fixed });
  expect(actions.every((action) => action.kind === 'observe')).toBe(true);
}

describe('malformed packets', () => {
  const password = { kind: 'simple-password', password: encodePassword('letmein') } as const;
  const kinds: readonly (readonly [string, Partial<VirtualRouterConfig>])[] = [
    ['version 2', { version: 2, authentication: password }],
    ['version 3', {}],
    ['version 3 over IPv6', { family: 6 }],
  ];
  const roles: readonly (readonly [string, (config: Partial<VirtualRouterConfig>) => Driver])[] = [
    ['Backup', backup],
    ['Master', master],
  ];
  const rows = kinds.flatMap(([kind, config]) => roles.map(([role, make]) => [kind, role, config, make] as const));

  test.each(rows)('%s, %s: every truncation is ignored', (_kind, _role, config, make) => {
    const driver = make(config);
    const { payload } = advertisement(driver.state.config, { priority: 200 });
    for (let length = 0; length < payload.length; length += 1) expectIgnored(driver, payload.slice(0, length));
  });

  test.each(rows)('%s, %s: every flipped bit is ignored', (_kind, _role, config, make) => {
    const driver = make(config);
    const { payload } = advertisement(driver.state.config, { priority: 200 });
    for (let bit = 0; bit < payload.length * 8; bit += 1) {
      const damaged = payload.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expectIgnored(driver, damaged);
    }
  });

  test.each(rows)('%s, %s: random bytes are ignored', (_kind, _role, config, make) => {
    const driver = make(config);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => expectIgnored(driver, payload)),
      { seed: SEED, numRuns: 200 },
    );
  });
});
