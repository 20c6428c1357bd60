// The loops that hosts share: one event at a time, actions in order, failures told afterwards, members of a group together.
import { describe, expect, test } from '@jest/globals';
import { FOLLOWING_EVENTS_MAX, RouterDriver, SyncGroupDriver, type RouterPort } from '../src/index.js';
import type { Action, EventBody, VirtualRouterConfig } from '../src/index.js';
import { advertisementBytes, defaultConfig } from '../src/sim/index.js';

interface Rig {
  readonly driver: RouterDriver;
  /** What happened, in order: actions by kind, deadlines, ends of steps. */
  readonly log: string[];
  now: number;
}

/** A router told that everything is well, an owner unless told otherwise. */
function rig(
  perform: (driver: RouterDriver, action: Action) => string | undefined = () => undefined,
  config: Partial<VirtualRouterConfig> = { priority: 255 },
  more: Partial<RouterPort> = {},
): Rig {
  const log: string[] = [];
  const made: Rig = {
    log,
    now: 1_000,
    driver: new RouterDriver(defaultConfig(config), {
      now: () => made.now,
      perform: (action) => {
        log.push(action.kind === 'observe' ? action.observation.kind : action.kind);
        return perform(made.driver, action);
      },
      schedule: (deadline) => log.push(`deadline ${deadline}`),
      stepped: () => log.push('stepped'),
      ...more,
    }),
  };
  made.driver.deliver({ kind: 'link', up: true });
  made.driver.deliver({ kind: 'primary-address', address: '192.0.2.1' });
  log.length = 0;
  return made;
}

describe('the loop of a router', () => {
  test('carries actions out in order, then asks for the deadline, then tells the group', () => {
    const { driver, log } = rig();
    driver.deliver({ kind: 'startup' });
    expect(log).toEqual([
      'send-advertisement',
      'transition',
      'add-addresses',
      'announce-addresses',
      'deadline 1001000',
      'stepped',
    ]);
    expect([driver.state.role, driver.lastEventAt]).toEqual(['master', 1_000]);
  });

  test('tells the state machine what could not be done, when all of it is done', () => {
    const { driver, log } = rig((_, { kind }) => (kind === 'send-advertisement' ? 'errno 105' : undefined));
    driver.deliver({ kind: 'startup' });
    expect(driver.state.statistics.actionsFailed).toBe(1);
    expect(log.filter((entry) => entry === 'stepped')).toHaveLength(1);
    expect(log.indexOf('announce-addresses')).toBeGreaterThan(log.indexOf('send-advertisement'));
  });

  test('an event that comes up meanwhile waits for its turn', () => {
    const { driver, log } = rig((self, { kind }) => {
      if (kind === 'send-advertisement' && self.state.started) self.deliver({ kind: 'link', up: false });
      return undefined;
    });
    driver.deliver({ kind: 'startup' });
    // All of the takeover, then the fault.
    expect(log.indexOf('announce-addresses')).toBeLessThan(log.indexOf('fault-raised'));
    expect([driver.state.role, log.at(-1)]).toEqual(['fault', 'stepped']);
  });

  test('a datagram that waited in its socket is heard at the time it came', () => {
    const { driver } = rig();
    driver.deliver({ kind: 'time' }, 400);
    expect(driver.lastEventAt).toBe(400);
  });

  test('a host whose actions never end is a bug, and the driver works on after it', () => {
    let rings = 0;
    const { driver } = rig((self, { kind }) => {
      rings += 1;
      if (rings < 10 * FOLLOWING_EVENTS_MAX && kind === 'send-advertisement') {
        for (let i = 0; i <= FOLLOWING_EVENTS_MAX; i += 1) self.deliver({ kind: 'time' });
      }
      return undefined;
    });
    expect(() => driver.deliver({ kind: 'startup' })).toThrow('does not come to rest');
    rings = Number.POSITIVE_INFINITY;
    driver.deliver({ kind: 'shutdown' });
    expect(driver.state.role).toBe('initialize');
  });
});

/** Members x and y of group g, both owners: they become Master only together. */
function group(isRunning: (member: string) => boolean = () => true): {
  readonly members: ReadonlyMap<string, Rig>;
  readonly observed: string[];
  deliver(member: string, event: EventBody): void;
} {
  const observed: string[] = [];
  const members = new Map<string, Rig>();
  const driver = new SyncGroupDriver('g', ['x', 'y'], {
    stateOf: (member) => (isRunning(member) ? members.get(member)?.driver.state : undefined),
    deliver: (member, event) => members.get(member)?.driver.deliver(event),
    observe: (one) =>
      observed.push(one.kind === 'group-syncing' ? `to ${one.to} with ${one.member}` : `${one.from} -> ${one.to}`),
  });
  for (const name of ['x', 'y']) {
    const perform = (_: RouterDriver, { kind }: Action): undefined => {
      if (kind === 'announce-group') driver.announce(name);
    };
    const config = { name, priority: 255, syncGroup: 'g' };
    members.set(name, rig(perform, config, { stepped: () => driver.stepped(name) }));
  }
  return { members, observed, deliver: (member, event) => members.get(member)?.driver.deliver(event) };
}

describe('the loop of a sync group', () => {
  test('members become Master together and leave together', () => {
    const { members, observed, deliver } = group();
    const roles = (): readonly string[] => [...members.values()].map(({ driver }) => driver.state.role);
    deliver('x', { kind: 'startup' });
    expect(roles()).toEqual(['initialize', 'initialize']);
    deliver('y', { kind: 'startup' });
    expect(roles()).toEqual(['master', 'master']);
    deliver('x', { kind: 'link', up: false });
    expect(roles()).toEqual(['fault', 'fault']);
    expect(observed).toEqual(['to master with y', 'initialize -> master', 'to fault with x', 'master -> fault']);
  });

  test('nothing is ordered while a member does not run', () => {
    const { members, observed, deliver } = group((member) => member === 'x');
    deliver('x', { kind: 'startup' });
    deliver('y', { kind: 'startup' });
    expect([observed, members.get('x')?.driver.state.role]).toEqual([[], 'initialize']);
  });

  test('what one member announces the others announce too, each once', () => {
    const made = group();
    made.deliver('x', { kind: 'startup' });
    made.deliver('y', { kind: 'startup' });
    for (const { log } of made.members.values()) log.length = 0;
    const [source, destination] = ['192.0.2.9', '224.0.0.18'];
    const payload = advertisementBytes(defaultConfig(), 100, source, destination);
    made.deliver('x', { kind: 'packet', packet: { source, destination, ttl: 255, multicast: true, payload } });
    const announced = [...made.members.values()].map(({ log }) =>
      log.filter((entry) => entry === 'announce-addresses'),
    );
    expect(announced).toEqual([['announce-addresses'], ['announce-addresses']]);
  });

  test('has members, each once', () => {
    const port = { stateOf: () => undefined, deliver: () => undefined, observe: () => undefined };
    expect(() => new SyncGroupDriver('g', [], port)).toThrow(RangeError);
    expect(() => new SyncGroupDriver('g', ['x', 'x'], port)).toThrow(RangeError);
  });
});
