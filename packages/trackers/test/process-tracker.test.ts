// The process tracker in virtual time: matching, quorum, delays, events and the look each second without them.
import { describe, expect, test } from '@jest/globals';
import { createProcessTracker, createProcessWatch, matchesProcess, SECOND } from '../src/index.js';
import type { ProcessChange, ProcessPattern, ProcessTrackerOptions, Tracker } from '../src/index.js';
import { FakeClock, FakeProcesses } from '../src/testing/index.js';

const named = (process: string, rest: Partial<ProcessPattern> = {}): ProcessPattern => ({
  process,
  fullCommand: false,
  ...rest,
});

// Every row with `sleep` or /bin/sleep was run on keepalived 2.2.7.
test.each<[ProcessPattern, string, boolean]>([
  [named('sleep'), 'sleep 7', true],
  [named('sleep'), '/bin/sleep 7', true],
  [named('/bin/sleep'), '/bin/sleep 7', false],
  [named('sleep', { fullCommand: true }), 'sleep 7', true],
  [named('sleep', { fullCommand: true }), '/bin/sleep 7', false],
  [named('sleep', { fullCommand: true, parameters: ['30'], match: 'initial' }), 'sleep 300', true],
  [named('sleep', { fullCommand: true, parameters: ['30'], match: 'initial' }), 'sleep 7', false],
  [named('sleep', { fullCommand: true, parameters: ['30'], match: 'initial' }), 'sleep 300 1', false],
  [named('sleep', { match: 'exact' }), 'sleep 7', false],
  [named('sleep', { match: 'exact' }), 'sleep', true],
  [named('sleep', { fullCommand: true, parameters: ['100'], match: 'partial' }), 'sleep 100 0', true],
  [named('sleep', { fullCommand: true, parameters: ['100'], match: 'partial' }), 'sleep 100', true],
  [named('sleep', { fullCommand: true, parameters: ['100'], match: 'partial' }), 'sleep 7', false],
  [named('sleep', { fullCommand: true, parameters: ['100'], match: 'partial' }), 'sleep', false],
  [named('sleep', { parameters: ['100'] }), 'sleep 100', true],
  [named('sleep', { parameters: ['100'] }), 'sleep 100 0', false],
  [named('slee'), 'sleep 7', false],
  [named('a-very-very-long-name'), '/opt/a-very-very-long-name', true],
  [named('a-very-very-other'), '/opt/a-very-very-long-name', false],
])('%j and "%s": %p', (pattern, command, matches) => {
  const argv = command.split(' ');
  const comm = (argv[0]?.split('/').at(-1) ?? '').slice(0, 15);
  expect(matchesProcess(pattern, { pid: 9, comm, zombie: false, argv: () => argv })).toBe(matches);
  expect(matchesProcess(pattern, { pid: 9, comm, zombie: true, argv: () => argv })).toBe(false);
});

interface World {
  readonly clock: FakeClock;
  readonly processes: FakeProcesses;
  readonly tracker: Tracker;
  readonly lines: string[];
  readonly polling: string[];
}

const APP = ['/usr/bin/app', '--serve'];

function world(
  changes: Partial<ProcessTrackerOptions> = {},
  before: (processes: FakeProcesses) => void = () => undefined,
  withEvents = true,
): World {
  const clock = new FakeClock();
  const processes = new FakeProcesses(clock);
  before(processes);
  const polling: string[] = [];
  const watch = createProcessWatch({
    clock,
    table: processes,
    ...(withEvents ? { events: processes } : {}),
    onPolling: (reason) => polling.push(reason),
  });
  const options = { ...OPTIONS, ...changes };
  const lines: string[] = [];
  const tracker = createProcessTracker(options, { clock, processes: watch });
  tracker.start(({ at, status, evidence }) => {
    lines.push(`${at / SECOND} ${status} ${evidence.kind === 'value' ? evidence.value : evidence.kind}`);
  });
  clock.advance(SECOND);
  return { clock, processes, tracker, lines, polling };
}

const OPTIONS: ProcessTrackerOptions = {
  name: 'app',
  process: 'app',
  fullCommand: false,
  quorum: 1,
  forkDelay: 0,
  terminateDelay: 0,
};

describe('quorum', () => {
  test('a process that starts and stops is seen at once', () => {
    const { clock, processes, lines } = world();
    const pid = processes.run(APP);
    clock.advance(SECOND);
    processes.end(pid);
    expect(lines).toEqual(['0 down 0', '1 up 1', '2 down 0']);
  });

  test('what ran before the start counts', () => {
    expect(world({}, (processes) => processes.run(APP)).lines).toEqual(['0 up 1']);
  });

  test.each<[string, Partial<ProcessTrackerOptions>, readonly string[]]>([
    ['quorum 2', { quorum: 2 }, ['down', 'up', 'up']],
    ['at most 2', { quorumMax: 2 }, ['up', 'up', 'down']],
    ['exactly 2', { quorum: 2, quorumMax: 2 }, ['down', 'up', 'down']],
    ['none may run', { quorum: 0, quorumMax: 0 }, ['down', 'down', 'down']],
  ])('%s', (_fact, changes, statuses) => {
    const { processes, lines } = world(changes);
    for (let count = 0; count < 3; count += 1) processes.run(APP);
    expect(lines.slice(-3).map((line) => line.split(' ')[1])).toEqual(statuses);
  });

  test('none may run: up without any', () => {
    expect(world({ quorum: 0, quorumMax: 0 }).lines).toEqual(['0 up 0']);
  });

  test('a fork of a matching process matches until it has another program', () => {
    const { processes, lines } = world({}, (fake) => fake.run(APP));
    const child = processes.fork(2);
    processes.exec(child, ['/bin/sh']);
    processes.end(child);
    expect(lines).toEqual(['0 up 1', '1 up 2', '1 up 1']);
  });
});

describe('delays', () => {
  test('fork_delay holds an addition back, terminate_delay a loss', () => {
    const { clock, processes, lines } = world(
      { quorumMax: 1, forkDelay: 3 * SECOND, terminateDelay: 5 * SECOND },
      (fake) => fake.run(APP),
    );
    const child = processes.fork(2);
    clock.advance(3 * SECOND);
    processes.end(child);
    clock.advance(5 * SECOND);
    expect(lines).toEqual(['0 up 1', '1 up 2', '4 down 2', '4 down 1', '9 up 1']);
  });

  test('a process that is back in time was never gone', () => {
    const { clock, processes, lines } = world({ terminateDelay: 2 * SECOND }, (fake) => fake.run(APP));
    processes.end(2);
    clock.advance(1_999_999);
    processes.run(APP);
    clock.advance(10 * SECOND);
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['up', 'up', 'up']);
  });

  test('a loss that waits is not hastened by a fork that does not make up for it', () => {
    const { clock, processes, lines } = world({ quorum: 3, terminateDelay: 2 * SECOND }, (fake) => {
      for (let count = 0; count < 3; count += 1) fake.run(APP);
    });
    processes.end(2);
    processes.end(3);
    processes.fork(4);
    clock.advance(1_999_999);
    expect(lines.at(-1)).toBe('1 up 2');
    clock.advance(1);
    expect(lines.at(-1)).toBe('3 down 2');
  });

  test('exec is no fork: it counts at once', () => {
    const { processes, lines } = world({ forkDelay: 60 * SECOND });
    processes.run(APP);
    expect(lines.at(-1)).toBe('1 up 1');
  });
});

describe('without events', () => {
  test('every process is looked at each second, and that is told once', () => {
    const { clock, processes, lines, polling } = world();
    processes.break({ kind: 'unavailable', reason: 'operation not permitted' });
    processes.break({ kind: 'unavailable', reason: 'operation not permitted' });
    processes.silent = true;
    processes.run(APP);
    clock.advance(SECOND);
    processes.end(2);
    clock.advance(SECOND);
    expect(polling).toEqual(['operation not permitted']);
    expect(lines.map((line) => line.slice(2))).toEqual(['down 0', 'up 1', 'down 0']);
    expect(processes.lists).toBe(4);
  });

  test('events that keep silent although processes come and go are given up within 5 s', () => {
    const { clock, processes, lines, polling } = world();
    processes.silent = true;
    processes.run(APP);
    clock.advance(4 * SECOND);
    processes.end(2);
    clock.advance(SECOND);
    expect(polling).toEqual(['process events do not come']);
    expect(lines).toEqual(['0 down 0', '5 up 1', '6 down 0']);
  });

  test('events that come are trusted, and every process is looked at each 5 s all the same', () => {
    const { clock, processes, polling } = world();
    for (let second = 1; second < 21; second += 1) {
      processes.run(APP);
      clock.advance(SECOND);
    }
    expect([processes.lists, polling]).toEqual([5, []]);
  });

  test('the same where there never was a source of events', () => {
    const { clock, processes, lines } = world({ terminateDelay: 2 * SECOND }, (fake) => fake.run(APP), false);
    processes.end(2);
    clock.advance(4 * SECOND);
    expect(lines).toEqual(['0 up 1', '2 up 0', '4 down 0']);
  });

  test('lost events lead to one look, however many are lost', () => {
    const { clock, processes, lines } = world();
    processes.silent = true;
    processes.run(APP);
    for (let loss = 0; loss < 50; loss += 1) processes.break({ kind: 'lost' });
    clock.advance(4 * SECOND);
    expect(processes.lists).toBe(2);
    expect(lines).toEqual(['0 down 0', '1 up 1']);
  });

  test('what happens while a list is on its way happens after it', () => {
    const { clock, processes, lines } = world({}, (fake) => fake.run(APP));
    processes.listTakes = SECOND / 2;
    clock.advance(SECOND);
    processes.break({ kind: 'lost' });
    clock.advance(1_000);
    processes.end(2);
    clock.advance(SECOND);
    expect(lines).toEqual(['0 up 1', '2.5 down 0']);
  });
});

test('a list that was asked for before everybody left is not heard by who comes next', () => {
  const clock = new FakeClock();
  const processes = new FakeProcesses(clock);
  processes.listTakes = SECOND / 2;
  const watch = createProcessWatch({ clock, table: processes, events: processes });
  const heard: number[] = [];
  const count = (change: ProcessChange): unknown =>
    heard.push(change.kind === 'snapshot' ? change.processes.length : -1);
  watch.subscribe(count)();
  processes.run(APP);
  clock.advance(SECOND / 4);
  watch.subscribe(count);
  clock.advance(SECOND);
  expect(heard).toEqual([1]);
});

test('more events than can be kept while a list is on its way count as lost', () => {
  const { clock, processes, lines } = world();
  processes.listTakes = SECOND / 2;
  processes.break({ kind: 'lost' });
  clock.advance(1_000);
  for (let pid = 0; pid < 5_001; pid += 1) processes.run(APP);
  clock.advance(5 * SECOND);
  expect(lines.at(-1)).toMatch(/ 5001$/);
  expect(processes.lists).toBe(3);
});

test('a hundred trackers share one list; the watch costs nothing once all are closed', async () => {
  const clock = new FakeClock();
  const processes = new FakeProcesses(clock);
  const ports = { clock, processes: createProcessWatch({ clock, table: processes }) };
  const trackers = Array.from({ length: 100 }, (_, index) =>
    createProcessTracker({ ...OPTIONS, name: `${index}` }, ports),
  );
  let heard = 0;
  for (const tracker of trackers) tracker.start(() => (heard += 1));
  clock.advance(10 * SECOND);
  expect(heard).toBe(100);
  expect(processes.lists).toBeLessThanOrEqual(12);
  await Promise.all(trackers.map((tracker) => tracker.close()));
  const { lists } = processes;
  clock.advance(10 * SECOND);
  expect(processes.lists).toBe(lists);
  expect(clock.untilNext).toBeUndefined();
});

test.each<[string, Partial<ProcessTrackerOptions>]>([
  ['a quorum of 65536', { quorum: 65_536 }],
  ['a negative quorum_max', { quorumMax: -1 }],
  ['a negative delay', { forkDelay: -1 }],
])('%s is refused', (_fact, changes) => {
  const clock = new FakeClock();
  const ports = { clock, processes: createProcessWatch({ clock, table: new FakeProcesses(clock) }) };
  expect(() => createProcessTracker({ ...OPTIONS, ...changes }, ports)).toThrow(RangeError);
});
