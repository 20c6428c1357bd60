// The judges see what they exist for, through a view made by hand; their formulas are never shorter than the machines'.
import { describe, expect, test } from '@jest/globals';
import { masterDownInterval } from '../src/index.js';
import type { Role, VirtualRouterConfig } from '../src/index.js';
import { healthyPriority, understandEachOther } from '../src/sim/bounds.js';
import {
  defaultConfig,
  Judges,
  OverlapWatch,
  PLACEMENT_MAX,
  REPAIR_MAX,
  ScriptSession,
  settleTime,
  type ClusterView,
  type MasterPair,
  type RouterView,
} from '../src/sim/index.js';

const SECOND = 1_000_000;
const password = (byte: number): Partial<VirtualRouterConfig> => ({
  version: 2,
  authentication: { kind: 'simple-password', password: new Uint8Array(8).fill(byte) },
});

/** A cluster made by hand. */
class Scene implements ClusterView {
  time = 0;
  version = 0;
  list: RouterView[] = [];
  configured: readonly string[] | undefined;
  reach: number | undefined = 100;
  kernels = true;

  now = (): number => this.time;
  changes = (): number => this.version;
  routers = (): readonly RouterView[] => this.list;
  members(): ReturnType<ClusterView['members']> {
    const nodes = this.configured ?? this.list.map(({ node }) => node);
    return nodes.map((node) => ({ node, id: 'v', config: this.#find(node)?.config ?? defaultConfig() }));
  }
  latency = (): number | undefined => this.reach;
  hasKernel = (): boolean => this.kernels;

  #find(node: string): RouterView | undefined {
    return this.list.find((router) => router.node === node);
  }
}

function router(node: string, role: Role, config: Partial<VirtualRouterConfig> = {}, takenAt?: number): RouterView {
  const made = defaultConfig(config);
  const isPresent = role === 'master' && takenAt === undefined;
  return {
    node,
    id: 'v',
    config: made,
    role,
    priority: made.priority,
    addresses: [{ address: 'A', isPresent, takenAt }],
  };
}

/** What the judges say when each set of routers in turn is looked at, a time after the one before. */
function look(...sets: readonly (readonly [after: number, ...routers: RouterView[]])[]): readonly string[] {
  const scene = new Scene();
  const judges = new Judges(scene);
  for (const [after, ...routers] of sets) {
    scene.time += after;
    scene.list = routers;
    scene.version += 1;
    judges.look();
  }
  return judges.violations;
}

describe('while it runs, the judges', () => {
  const a = router('a', 'master');
  const b = router('b', 'master');

  test('are content with one Master that has its addresses', () => {
    expect(look([0, a, router('b', 'backup')], [9 * SECOND, a, router('b', 'backup')])).toEqual([]);
  });

  test('see two Masters that hear each other for longer than an advertisement takes', () => {
    expect(look([0, a, b], [SECOND, a, b])).toEqual([]);
    expect(look([0, a, b], [SECOND + 401, a, b])).toEqual([
      '1000401 µs: v: a and b are both Master and hear each other for more than 1000400 µs',
    ]);
  });

  test.each([
    ['version', { version: 2 } as const],
    ['password', password(7)],
    ['interval of version 2', { version: 2, advertisementInterval: 2 * SECOND } as const],
    ['addresses', { virtualAddresses: ['198.51.100.9'] }],
    ['unicast', { unicast: { peers: [], checkSource: false } }],
  ])('expect nothing of two that differ in their %s', (_, config) => {
    const stranger = router('b', 'master', config);
    expect(look([0, a, stranger], [9 * SECOND, a, stranger])).toEqual([]);
    expect(understandEachOther(defaultConfig(config), defaultConfig(config))).toBe(true);
  });

  test('expect nothing of two that may miss what the other says', () => {
    const scene = new Scene();
    scene.reach = undefined;
    scene.list = [a, b];
    const judges = new Judges(scene);
    judges.look();
    scene.time = 9 * SECOND;
    judges.look();
    expect(judges.violations).toEqual([]);
  });

  test('see an address where there is no Master, and a Master without one, unless it is only for a moment', () => {
    const holder = { ...router('a', 'backup'), addresses: [{ address: 'A', isPresent: true }] };
    const without = { ...a, addresses: [{ address: 'A', isPresent: false }] };
    expect(look([0, holder], [0, holder], [1, a], [1, without], [PLACEMENT_MAX, without], [1, a])).toEqual([]);
    expect(look([0, holder], [1, holder])).toEqual(['1 µs: a holds A but is no Master']);
    expect(look([0, without], [PLACEMENT_MAX + 1, without])).toEqual(['25001 µs: a is Master without A']);
  });

  test('give an address that somebody removed the time to come back', () => {
    const taken = router('a', 'master', {}, 0);
    expect(look([0, taken], [REPAIR_MAX, taken], [1, a])).toEqual([]);
    expect(look([0, taken], [REPAIR_MAX + 1, taken])).toEqual(['200001 µs: a is Master without A, which was removed']);
  });

  test('do not blame a node whose kernel does not do as it is told', () => {
    const scene = new Scene();
    scene.kernels = false;
    scene.list = [{ ...a, addresses: [{ address: 'A', isPresent: false }] }];
    const judges = new Judges(scene);
    for (scene.time = 0; scene.time < 10; scene.time += 1) judges.look();
    expect(judges.violations).toEqual([]);
  });
});

/** What the judges say of a cluster in which every fault is over. */
function recovered(routers: readonly RouterView[], configured?: readonly string[]): readonly string[] {
  const scene = new Scene();
  scene.list = [...routers];
  scene.configured = configured;
  const judges = new Judges(scene);
  judges.checkRecovered();
  return judges.violations.map((text) => text.replace(/^\d+ µs: v: /, ''));
}

describe('when all is over, the judges', () => {
  const best = { priority: 150 };

  test('are content with the best one as the only Master', () => {
    expect(recovered([router('a', 'master', best), router('b', 'backup')])).toEqual([]);
  });

  test.each([
    ['nobody', [router('a', 'backup', best), router('b', 'backup')], '0 Masters among a, b after everything settled'],
    ['two', [router('a', 'master', best), router('b', 'master')], '2 Masters among a, b after everything settled'],
    ['the wrong one', [router('a', 'backup', best), router('b', 'master')], 'b is Master although a should preempt'],
    ['one in fault', [router('a', 'fault', best), router('b', 'master')], 'a is fault although every fault is over'],
  ])('see %s', (_, routers, complaint) => {
    expect(recovered(routers)).toEqual([complaint]);
  });

  test('see one that does not run, and one whose priority is not what it should be', () => {
    expect(recovered([router('a', 'master')], ['a', 'b'])).toEqual(['b is not running although every fault is over']);
    const low = { ...router('a', 'master'), priority: 40 };
    expect(recovered([low])).toEqual(['a has priority 40, not 100']);
  });

  test('leave a Master alone that nobody may preempt', () => {
    expect(recovered([router('a', 'backup', { ...best, preempt: false }), router('b', 'master')])).toEqual([]);
  });
});

/** What the judges say at the end of a conversation. */
function violations(...lines: readonly string[]): readonly string[] {
  const session = new ScriptSession();
  for (const line of lines) session.execute(line);
  return session.judges.violations;
}

describe('in conversations', () => {
  const pair = ['router a priority=100 address=192.0.2.1', 'router b priority=90 address=192.0.2.2', 'start a b'];

  test('a healthy pair, and two that cannot hear each other, are well', () => {
    expect(violations(...pair, 'advance to=10s', 'check settled')).toEqual([]);
    expect(violations(...pair, 'partition a -> b', 'advance to=20s')).toEqual([]);
  });

  test('two Masters that hear each other are not, nor is the wrong one', () => {
    // Two routers with one address: neither wins the tie, as if the tie-break were missing.
    const twins = ['router a priority=100 address=192.0.2.1', 'router b priority=100 address=192.0.2.1'];
    const cut = ['partition a <-> b', 'start a b', 'advance to=5s', 'heal', 'advance by=3s'];
    expect(violations(...twins, ...cut)[0]).toContain('eth0/4/51: a and b are both Master and hear each other');
    const late = ['advance to=5s', 'crash a', 'advance to=10s', 'start a', 'check settled'];
    expect(violations(...pair, ...late)[0]).toContain('b is Master although a should preempt');
  });

  test('a host that keeps the addresses of a process that is no Master is seen', () => {
    const session = new ScriptSession();
    for (const line of [...pair, 'advance to=4s']) session.execute(line);
    Object.defineProperty(session.cluster.router('a'), 'holdsAddresses', { value: false });
    Object.defineProperty(session.cluster.router('b'), 'holdsAddresses', { value: true });
    session.execute('advance by=2s');
    expect(session.judges.violations.join()).toMatch(/b holds 198\.51\.100\.1 but is no Master.*a is Master without /);
  });
});

const tracked = (weight: number, reverse = false): VirtualRouterConfig['trackedObjects'][number] => {
  return { kind: 'script', name: 's', weight, reverse };
};
const priority = (base: number, ...objects: ReturnType<typeof tracked>[]): number =>
  healthyPriority(defaultConfig({ priority: base, trackedObjects: objects }));

describe('the formulas', () => {
  const configs = [2, 3].flatMap((version) =>
    [1, 5, 100].flatMap((downTimerAdverts) =>
      [1, 100, 254].map((priority) => defaultConfig({ version: version === 2 ? 2 : 3, downTimerAdverts, priority })),
    ),
  );

  test.each(configs)('are never shorter than the machine waits (%#)', (config) => {
    const { advertisementInterval: masterAdvertisementInterval } = config;
    expect(settleTime([config], 0)).toBeGreaterThan(masterDownInterval({ ...config, masterAdvertisementInterval }));
    const delayed = { ...config, preemptDelay: SECOND, startupDelay: SECOND };
    expect(settleTime([delayed], 0)).toBeGreaterThan(settleTime([config], 0) + 2 * SECOND);
  });

  test('know the priority of a router with which all is well', () => {
    expect([priority(100), priority(100, tracked(-30)), priority(100, tracked(20))]).toEqual([100, 100, 120]);
    expect([priority(250, tracked(20)), priority(255, tracked(20)), priority(10, tracked(20, true))]).toEqual([
      254, 255, 1,
    ]);
  });
});

/** The two Masters of the watch's tests. */
function bothMaster(limit: number): readonly MasterPair[] {
  return [{ name: 'a and b', limit }];
}

describe('the watch over two Masters', () => {
  test('names a pair when it has lasted for longer than it may', () => {
    const watch = new OverlapWatch();
    expect([0, 100, 101].map((now) => watch.look(bothMaster(100), now).length)).toEqual([0, 0, 1]);
  });

  test('begins anew after an interruption, and when the limit changes', () => {
    const watch = new OverlapWatch();
    watch.look(bothMaster(100), 0);
    watch.look([], 90);
    expect(watch.look(bothMaster(100), 150)).toEqual([]);
    expect([200, 240, 241].map((now) => watch.look(bothMaster(40), now).length)).toEqual([0, 0, 1]);
  });
});
