// The sync group as a machine of its own: what it orders for every way its members can stand, and that, whatever happens,
// its members are Master together or not at all. The conversations are in testdata/sync-group*.txt.
import * as fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { coordinate, createSyncGroup } from '../src/index.js';
import type { GroupOrder, VirtualRouterState } from '../src/index.js';
import { ScriptSession } from '../src/sim/index.js';
import { backup, Driver, master } from './fixtures.js';

const GROUP = { syncGroup: 'G' } as const;

/** Members in every standing. */
const STANDINGS = {
  new: () => new Driver(GROUP),
  owner: () => started(new Driver({ ...GROUP, priority: 255 })),
  backup: () => backup(GROUP),
  waiting: () => waiting(),
  master: () => ordered(waiting(), 'master'),
  faulty: () => broken(backup(GROUP)),
  held: () => ordered(backup(GROUP), 'hold'),
} as const;

type Standing = keyof typeof STANDINGS;

function started(driver: Driver): Driver {
  driver.start();
  return driver;
}

function waiting(): Driver {
  const driver = backup(GROUP);
  driver.expire();
  return driver;
}

function broken(driver: Driver): Driver {
  driver.send({ kind: 'link', up: false });
  return driver;
}

function ordered(driver: Driver, order: GroupOrder, member = 'a'): Driver {
  driver.send({ kind: 'group', group: 'G', order, member });
  return driver;
}

/** `to: order (because of)` for members a, b, ... that stand so, when `a` has just moved. */
function ordersFor(...standings: readonly Standing[]): readonly string[] {
  const names = standings.map((_, index) => 'abc'.charAt(index));
  const states = new Map<string, VirtualRouterState>(
    standings.map((standing, index) => ['abc'.charAt(index), STANDINGS[standing]().state]),
  );
  const { orders } = coordinate(createSyncGroup('G', names), states, 'a');
  return orders.map(({ to, order, member }) => `${to}: ${order} (${member})`);
}

describe('orders', () => {
  test.each<readonly [readonly Standing[], readonly string[]]>([
    [['backup', 'backup'], []],
    [['waiting', 'backup'], []],
    [['waiting', 'new'], []],
    [
      ['waiting', 'waiting'],
      ['a: master (a)', 'b: master (a)'],
    ],
    [['master', 'waiting'], ['b: master (a)']],
    [['master', 'master'], []],
    [['backup', 'master'], ['b: backup (a)']],
    [
      ['backup', 'master', 'master'],
      ['b: backup (a)', 'c: backup (a)'],
    ],
    [['backup', 'master', 'waiting'], ['b: backup (a)']],
    [
      ['owner', 'owner'],
      ['a: master (a)', 'b: master (a)'],
    ],
    [['owner', 'backup'], ['a: backup (b)']],
    [['owner', 'new'], []],
    [['faulty', 'backup'], ['b: hold (a)']],
    [
      ['faulty', 'master', 'waiting'],
      ['b: hold (a)', 'c: hold (a)'],
    ],
    [['faulty', 'held'], []],
    [
      ['faulty', 'faulty'],
      ['a: hold (b)', 'b: hold (a)'],
    ],
    [['backup', 'held'], ['b: release (a)']],
  ])('%j: %j', (standings, orders) => {
    expect(ordersFor(...standings)).toEqual(orders);
  });

  test('of a holder that is well again pass to the next one that is not', () => {
    const states = new Map([
      ['a', STANDINGS.backup().state],
      ['b', STANDINGS.held().state],
      ['c', STANDINGS.faulty().state],
    ]);
    const { orders } = coordinate(createSyncGroup('G', ['a', 'b', 'c']), states, 'a');
    expect(orders).toEqual([
      { to: 'a', order: 'hold', member: 'c' },
      { to: 'b', order: 'hold', member: 'c' },
    ]);
  });
});

describe('a member', () => {
  test('does not become Master by itself', () => {
    const driver = waiting();
    expect(driver.state).toMatchObject({ role: 'backup', waitingForGroup: true });
    expect(driver.actions).toEqual([{ kind: 'observe', observation: { kind: 'waiting-for-group', group: 'G' } }]);
  });

  test('stops waiting when it hears a Master', () => {
    const driver = waiting();
    driver.hear({ priority: 200 });
    expect(driver.state.waitingForGroup).toBe(false);
    expect(ordered(driver, 'master').state.role).toBe('backup');
  });

  test('leaves Master for the group without priority 0, and for its fault with it', () => {
    expect(ordered(STANDINGS.master(), 'backup').actions).not.toContainEqual({
      kind: 'send-advertisement',
      priority: 0,
    });
    expect(ordered(STANDINGS.master(), 'hold').actions).toContainEqual({ kind: 'send-advertisement', priority: 0 });
  });

  test('does not listen to another group', () => {
    const driver = master();
    expect(driver.send({ kind: 'group', group: 'H', order: 'backup', member: 'x' })).toEqual([]);
  });
});

test.each([[[]], [['a', 'a']]])('a group of %j is none', (members) => {
  expect(() => createSyncGroup('G', members)).toThrow(RangeError);
});

test('every member must be known', () => {
  expect(() => coordinate(createSyncGroup('G', ['a']), new Map(), 'a')).toThrow(RangeError);
});

describe('whatever happens', () => {
  const NAMES = ['a', 'b', 'c'] as const;
  const commands = fc
    .constantFrom(...NAMES)
    .chain((name) =>
      fc.constantFrom(
        `link ${name} eth0 down`,
        `link ${name} eth0 up`,
        `hear ${name} source=192.0.2.9 priority=200`,
        `hear ${name} source=192.0.2.9 priority=50`,
        `hear ${name} source=192.0.2.9 priority=0`,
        `address-lost ${name}`,
        'advance by=1s',
        'advance by=4s',
      ),
    );

  test('the members are Master together or not at all, in fault together or not at all', () => {
    const property = fc.property(fc.array(commands, { maxLength: 40 }), (lines) => {
      const session = new ScriptSession();
      for (const [index, name] of NAMES.entries()) {
        session.execute(`router ${name} group=G vrid=${index + 1} address=192.0.2.1 priority=${100 + index}`);
      }
      for (const line of [`group G ${NAMES.join(' ')}`, `start ${NAMES.join(' ')}`, ...lines]) {
        session.execute(line);
        const roles = NAMES.map((name) => session.cluster.router(name).state?.role);
        for (const role of ['master', 'fault']) {
          const count = roles.filter((own) => own === role).length;
          expect(count === 0 || count === NAMES.length).toBe(true);
        }
      }
      for (const name of NAMES) session.execute(`link ${name} eth0 up`);
      session.execute('advance by=8s');
      expect(session.cluster.masters).toEqual([...NAMES]);
    });
    fc.assert(property, { seed: 7, numRuns: 150 });
  });
});
