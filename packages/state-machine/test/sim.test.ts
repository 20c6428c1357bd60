// The simulator itself: time, network, hosts, conversations, fault scripts over bare machines, and how scripts are shortened.
// The judges have judges.test.ts; random runs are played over whole nodes, in packages/daemon.
import { describe, expect, test } from '@jest/globals';
import {
  advertisementBytes,
  Cluster,
  createRandom,
  defaultConfig,
  formatDuration,
  Lan,
  parseDuration,
  runScript,
  ScriptError,
  shrink,
  simulate,
  TASKS_PER_INSTANT_MAX,
  VirtualClock,
} from '../src/sim/index.js';
import type { LanConditions } from '../src/sim/index.js';

describe('VirtualClock', () => {
  test('runs tasks by time, and within one instant in the order they were scheduled', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    clock.schedule(20, () => ran.push('late'));
    clock.schedule(10, () => ran.push('first'));
    clock.schedule(10, () => ran.push('second'));
    clock.schedule(30, () => ran.push('never'));
    clock.runUntil(20);
    expect(ran).toEqual(['first', 'second', 'late']);
    expect(clock.now()).toBe(20);
    expect(clock.nextAt()).toBe(30);
  });

  test('keeps the order with many tasks', () => {
    const clock = new VirtualClock();
    const random = createRandom(7);
    const ran: number[] = [];
    for (let i = 0; i < 1000; i += 1) {
      const at = random.integer(0, 100);
      clock.schedule(at, () => ran.push(at));
    }
    clock.runUntil(100);
    expect(ran).toHaveLength(1000);
    expect(ran).toEqual(ran.toSorted((a, b) => a - b));
  });

  test('does not run what was cancelled', () => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    const task = clock.schedule(10, () => ran.push('cancelled'));
    clock.cancel(task);
    clock.cancel(task);
    clock.cancel(undefined);
    expect(clock.nextAt()).toBeUndefined();
    clock.runUntil(10);
    expect(ran).toEqual([]);
  });

  test('runs what is due in the past at once', () => {
    const clock = new VirtualClock(100);
    const ran: number[] = [];
    clock.schedule(5, () => ran.push(clock.now()));
    clock.runUntil(100);
    expect(ran).toEqual([100]);
  });

  test('notices that time stands still', () => {
    const clock = new VirtualClock();
    const again = (): void => void clock.schedule(0, again);
    again();
    expect(() => clock.runUntil(1)).toThrow(`time stands still`);
    expect(TASKS_PER_INSTANT_MAX).toBeGreaterThan(1000);
  });
});

/** Two nodes; what b hears of a hundred datagrams from a, one a millisecond. */
function hundred(conditions: Partial<LanConditions>, seed = 1, disturb?: (lan: Lan) => void): readonly string[] {
  const clock = new VirtualClock();
  const lan = new Lan({ clock, seed, conditions });
  const heard: string[] = [];
  const a = lan.attach('a', () => heard.push('echo'));
  lan.attach('b', ({ payload }, from) => heard.push(`${clock.now()} ${from} ${payload[0]}`));
  disturb?.(lan);
  for (let i = 0; i < 100; i += 1) {
    clock.runUntil(i * 1000);
    a.send({ source: 's', destination: 'd', ttl: 255, payload: Uint8Array.of(i) });
  }
  clock.runUntil(1_000_000);
  return heard;
}

describe('Lan', () => {
  test('delivers to everybody else after the delay', () => {
    const heard = hundred({ delay: 250 });
    expect(heard).toHaveLength(100);
    expect(heard[3]).toBe('3250 a 3');
  });

  test('loses, doubles and reorders as told, the same for the same seed', () => {
    const conditions = { loss: 0.3, duplication: 0.2, jitter: 5000, reorder: true };
    const heard = hundred(conditions);
    expect(heard).toEqual(hundred(conditions));
    expect(heard).not.toEqual(hundred(conditions, 2));
    const order = heard.map((line) => Number(line.split(' ')[2]));
    expect(new Set(order).size).toBeLessThan(90);
    expect(order.length).toBeGreaterThan(new Set(order).size);
    expect(order).not.toEqual(order.toSorted((x, y) => x - y));
  });

  test('keeps the order unless told otherwise', () => {
    const order = hundred({ jitter: 5000 }).map((line) => Number(line.split(' ')[2]));
    expect(order).toEqual(order.toSorted((x, y) => x - y));
  });

  test('cuts one direction, and heals', () => {
    expect(hundred({}, 1, (lan) => lan.partition('a', 'b'))).toEqual([]);
    expect(hundred({}, 1, (lan) => lan.partition('b', 'a'))).toHaveLength(100);
    const healed = hundred({}, 1, (lan) => {
      lan.partition('a', 'b');
      lan.heal('a', 'b');
    });
    expect(healed).toHaveLength(100);
  });

  test('carries nothing over a link that is down', () => {
    expect(hundred({}, 1, (lan) => lan.setLink('b', false))).toEqual([]);
    expect(hundred({}, 1, (lan) => lan.setLink('a', false))).toEqual([]);
  });

  test('copies what is sent, and forgets what is closed', () => {
    const clock = new VirtualClock();
    const lan = new Lan({ clock, seed: 1 });
    const heard: Uint8Array[] = [];
    const a = lan.attach('a', () => undefined);
    const b = lan.attach('b', ({ payload }) => heard.push(payload));
    const payload = Uint8Array.of(1);
    const datagram = { source: 's', destination: 'd', ttl: 255, payload };
    a.send(datagram);
    payload[0] = 2;
    clock.runUntil(1000);
    expect(heard).toEqual([Uint8Array.of(1)]);
    b.close();
    a.send(datagram);
    clock.runUntil(2000);
    expect(heard).toHaveLength(1);
    expect(lan.isConnected('a', 'b')).toBe(false);
    expect(() => lan.attach('a', () => undefined)).toThrow(RangeError);
    expect(() => lan.setLink('b', true)).toThrow(RangeError);
  });
});

/** Two thousand throws of a die. */
function draw(seed: number): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: 2000 }, () => random.integer(1, 6));
}

describe('randomness', () => {
  test('is a function of the seed and covers its range', () => {
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    const counts = [1, 2, 3, 4, 5, 6].map((face) => draw(5).filter((value) => value === face).length);
    for (const count of counts) expect(Math.abs(count - 333)).toBeLessThan(80);
    expect(() => createRandom(1).pick([])).toThrow(RangeError);
  });
});

describe('durations', () => {
  test.each([
    ['3.609375s', 3_609_375, '3.609375s'],
    ['20ms', 20_000, '0.02s'],
    ['250us', 250, '0.00025s'],
    ['0s', 0, '0s'],
  ])('%s is %i µs', (text, micros, printed) => {
    expect(parseDuration(text)).toBe(micros);
    expect(formatDuration(micros)).toBe(printed);
    expect(parseDuration(printed)).toBe(micros);
  });

  test.each(['', '1', 's', '-1s', '1 s', '1.s', '1h'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('scripts', () => {
  test.each([
    ['fly a', 'line 2: fly is not a command'],
    ['router', 'line 2: router needs a name'],
    ['router a priority=high', 'line 2: priority=high is not a number'],
    ['router a interval=1', 'line 2: interval=1 is not a time such as 1.5s, 20ms, 250us'],
    ['router a preempt=maybe', 'line 2: preempt=maybe must be yes or no'],
    ['router a colour=red', 'line 2: router has no colour='],
    ['start ghost', 'line 2: there is no node ghost; there is none'],
    ['advance', 'line 2: advance needs to=, by= or settle'],
    ['partition a b', 'line 2: there is no node a; there is none'],
    ['overflow', 'line 2: the name of a node is missing here'],
    ['start', 'line 2: start needs a name'],
    ['tracker a cat:x up', 'line 2: there is no router a'],
  ])('%s: %s', (line, message) => {
    const run = (): string => runScript(`# a mistake\n${line}\n----\n`);
    expect(run).toThrow(ScriptError);
    expect(run).toThrow(message);
  });

  test('running a result again changes nothing', () => {
    const text = runScript('router a priority=100\nstart a\nadvance to=4s\n----\nold output\n');
    expect(text).toContain('3.609375s a backup -> master (master-down-timer)');
    expect(text).not.toContain('old output');
    expect(runScript(text)).toBe(text);
  });
});

const pair = [
  { name: 'a', config: defaultConfig({ priority: 100 }), address: '192.0.2.1' },
  { name: 'b', config: defaultConfig({ priority: 90 }), address: '192.0.2.2' },
];

/** What changed the role of a router, in order: `3.609375s a backup -> master (master-down-timer)`. */
function transitions(script: string, duration = 20_000_000): readonly string[] {
  const { violations, trace } = simulate({ routers: pair, script, duration });
  expect(violations).toEqual([]);
  return trace.filter((line) => line.includes(' -> '));
}

describe('a fault script over bare machines', () => {
  test('gives the same run, byte for byte, for the same seed', () => {
    const script = 'at 1s loss 30%\nat 2s delay 1ms jitter 5ms\nat 9s corruption 20%';
    const [one, again, other] = [1, 1, 2].map((seed) =>
      simulate({ routers: pair, script, seed, duration: 20_000_000 }),
    );
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
  });

  test.each([
    ['at 5s crash a', ['8.257912s b backup -> master (master-down-timer)', '']],
    ['at 5s stop a', ['5s a master -> initialize (shutdown)']],
    ['at 5s kill a\nat 5.5s start a', ['5.5s a initialize -> backup (startup)']],
    ['at 5s restart a', ['5s a master -> initialize (shutdown)', '5s a initialize -> backup (startup)']],
    ['at 5s link a eth0 down\nat 6s link a eth0 up', ['5s a master -> fault (fault)', '6s a fault -> backup']],
    ['at 5s partition a <-> b\nat 12s heal', ['b backup -> master (master-down-timer)', '12']],
    ['at 5s remove 198.51.100.1 on a', ['5s a master -> backup (address-lost)']],
    ['at 5s stall a for 5s', ['b backup -> master (master-down-timer)', 'b master -> backup']],
  ])('%s', (script, [first = '', second = '']) => {
    const seen = transitions(script).join('\n');
    expect(seen).toContain(first);
    expect(seen).toContain(second);
  });

  test('has no kernel and no configuration files', () => {
    expect(() => transitions('at 1s reload a with x')).toThrow(RangeError);
    expect(() => transitions('at 1s refuse sending on a with EPERM for 1s')).toThrow('needs whole nodes');
    expect(() => transitions('at 1s crash c')).toThrow(ScriptError);
  });
});

/** A script fails when both lines are there; without `begin` it is none. */
const complaint = async (lines: readonly string[]): Promise<string | undefined> =>
  lines.includes('begin') && lines.includes('x') && lines.includes('y') ? 'broken' : undefined;

describe('shortening', () => {
  test('leaves out every line that does not matter', async () => {
    const noise = Array.from({ length: 40 }, (_, index) => `noise ${index}`);
    const lines = ['begin', ...noise.slice(0, 11), 'x', ...noise.slice(11), 'y'];
    expect(await shrink(lines, complaint)).toEqual(['begin', 'x', 'y']);
  });

  test('a script with which nothing is wrong stays as it is', async () => {
    const lines = ['begin', 'x'];
    expect(await shrink(lines, complaint)).toBe(lines);
  });
});

describe('a cluster', () => {
  test('traces every action with its time, and names its Masters', () => {
    const cluster = new Cluster({ seed: 1 });
    cluster.add('a', defaultConfig({ priority: 255 }), '192.0.2.1').start();
    cluster.runUntil(2_500_000);
    expect(cluster.masters).toEqual(['a']);
    const sent = cluster.trace.filter(({ action }) => action.kind === 'send-advertisement').map(({ at }) => at);
    expect(sent).toEqual([0, 1_000_000, 2_000_000]);
  });

  test('a router that cannot send hears of it', () => {
    const cluster = new Cluster({ seed: 1 });
    const router = cluster.add('a', defaultConfig({ priority: 255 }), '192.0.2.1');
    router.start();
    router.setPrimaryAddress(undefined);
    expect(router.state?.statistics.actionsFailed).toBe(1);
    expect(router.state?.role).toBe('fault');
  });

  test('advertisements carry what the configuration says', () => {
    const bytes = advertisementBytes(defaultConfig({ vrid: 7 }), 120, '192.0.2.1', '224.0.0.18');
    expect([...bytes.subarray(0, 6)]).toEqual([0x31, 7, 120, 1, 0, 100]);
  });
});
