// The trackers of a configuration, started, changed by a reload and ended: over the fakes of @vrrp/trackers, in virtual time.
import { describe, expect, test } from '@jest/globals';
import { createMemoryLoader, parseConfig } from '@vrrp/conf-parser';
import { createProcessWatch } from '@vrrp/trackers';
import { FakeClock, FakeFiles, FakeProber, FakeProcesses, FakeSpawner } from '@vrrp/trackers/testing';

import { TrackerSet } from '../../src/control/tracker-set.js';
import type { TrackerNews } from '../../src/engine/messages.js';
import { trackerEntries, trackerObservationEntries } from '../../src/log/tracker-sentences.js';
import { planConfig } from '../../src/plan/plan.js';

const SECOND = 1_000_000;

/** A set over a machine in memory, and everything it tells. */
class Machine {
  readonly clock = new FakeClock();
  readonly spawner = new FakeSpawner(this.clock);
  readonly prober = new FakeProber(this.clock);
  readonly files = new FakeFiles(this.clock);
  readonly processes = new FakeProcesses(this.clock);
  readonly news: TrackerNews[] = [];
  readonly log: string[] = [];
  readonly set: TrackerSet;

  constructor() {
    const { clock, spawner, prober, files, processes, news, log } = this;
    const watch = createProcessWatch({ clock, table: processes, events: processes });
    this.set = new TrackerSet(
      {
        news: (one) => news.push(one),
        changed: (told) => log.push(...trackerEntries(told).map(({ message }) => message)),
        observed: (observation) => log.push(...trackerObservationEntries(observation).map(({ message }) => message)),
      },
      { clock, spawner, prober, files, processes: watch },
    );
  }

  /** Objects before the instance, lines within it. */
  configure(objects: string, lines: string): Promise<void> {
    const text = `${objects}\nvrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n${lines}\nvirtual_ipaddress {\n192.0.2.100\n}\n}\n`;
    const { model } = parseConfig('/k.conf', createMemoryLoader({ '/k.conf': text }));
    if (model === undefined) throw new Error('the test configuration was not read');
    return this.set.configure(planConfig(model).desired.trackers);
  }

  get latest(): TrackerNews | undefined {
    return this.news.at(-1);
  }
}

const FILE = 'track_file f {\nfile /run/f\n}';
const PROCESS = 'vrrp_track_process p {\nprocess app\nweight 10\n}';
const builtin = (check: string): string => `vrrp_script s {\nscript "${check}"\n}`;
const script = (lines: string): string => `vrrp_script s {\nscript "/check a"\n${lines}\n}`;

describe('a tracked file', () => {
  test('is news with its number, and no file is 0', async () => {
    const machine = new Machine();
    await machine.configure(FILE, 'track_file {\nf\n}');
    machine.clock.advance(SECOND);
    expect(machine.latest).toEqual({
      tracker: 'f',
      trackerKind: 'file',
      status: 'up',
      value: 0,
      evidence: { kind: 'value', value: 0 },
    });
    machine.files.put('/run/f', '-7\n');
    machine.clock.advance(SECOND);
    expect(machine.latest).toMatchObject({ status: 'down', value: -7 });
    machine.files.break('/run/f', 'EACCES');
    machine.clock.advance(SECOND);
    expect(machine.latest).toEqual({
      tracker: 'f',
      trackerKind: 'file',
      status: 'down',
      evidence: { kind: 'exec-error', message: 'EACCES' },
    });
    expect(machine.log.at(-1)).toBe('Tracked file f cannot be read: EACCES');
  });

  test('is initialised at the start of the daemon and not by a reload', async () => {
    const machine = new Machine();
    const initialised = 'track_file f {\nfile /run/f\ninit_file 5 overwrite\n}';
    await machine.configure(initialised, 'track_file {\nf\n}');
    machine.clock.advance(SECOND);
    expect(machine.latest).toMatchObject({ value: 5 });
    machine.files.put('/run/f', '9');
    machine.clock.advance(SECOND);
    await machine.configure(initialised.replace('5 overwrite', '6 overwrite'), 'track_file {\nf\n}');
    machine.clock.advance(SECOND);
    expect(machine.latest).toMatchObject({ value: 9 });
  });
});

test('a tracked process is news when its quorum is gained and lost, in the sentences of keepalived', async () => {
  const machine = new Machine();
  await machine.configure(PROCESS, 'track_process {\np\n}');
  machine.clock.advance(SECOND);
  expect(machine.latest).toEqual({
    tracker: 'p',
    trackerKind: 'process',
    status: 'down',
    evidence: { kind: 'value', value: 0 },
  });
  const pid = machine.processes.run(['/usr/bin/app']);
  machine.clock.advance(1);
  expect(machine.latest).toMatchObject({ status: 'up', evidence: { kind: 'value', value: 1 } });
  machine.processes.end(pid);
  machine.clock.advance(1);
  expect(machine.latest).toMatchObject({ status: 'down' });
  expect(machine.log.slice(1)).toEqual(['Quorum gained for tracked process p', 'Quorum lost for tracked process p']);
});

describe('a reload', () => {
  test('leaves what did not change as it is', async () => {
    const machine = new Machine();
    machine.spawner.install('/check', { runs: 1_000 });
    const lines = 'track_script {\ns\n}\ntrack_file {\nf\n}';
    await machine.configure(`${script('interval 5')}\n${FILE}`, lines);
    machine.clock.advance(6 * SECOND);
    const told = machine.news.length;
    await machine.configure(`${script('interval 5')}\n${FILE}`, lines);
    machine.clock.advance(3 * SECOND);
    expect(machine.news).toHaveLength(told);
    expect(machine.spawner.requests).toHaveLength(2);
  });

  test.each([
    ['another rise: the failure stands until the second success', 'rise 2', '/check a', ['down', 'down', 'up']],
    ['another command: its first result decides', 'rise 2', '/check b', ['up']],
  ])('of a failing script with %s', async (_title, lines, command, expected) => {
    const machine = new Machine();
    machine.spawner.install('/check', { runs: 1_000, end: { kind: 'exit', status: 1 } });
    await machine.configure(script('rise 1'), 'track_script {\ns\n}');
    machine.clock.advance(SECOND / 2);
    expect(machine.latest).toMatchObject({ status: 'down' });
    const told = machine.news.length;
    machine.spawner.install('/check', { runs: 1_000 });
    await machine.configure(script(lines).replace('/check a', command), 'track_script {\ns\n}');
    machine.clock.advance(1.5 * SECOND);
    expect(machine.news.slice(told).map(({ status }) => status)).toEqual(expected);
  });
});

test('an exit status is told once, also over a reload; another script begins anew', async () => {
  const machine = new Machine();
  const told = (): readonly string[] => machine.log.splice(0).filter((line) => line.startsWith('Script '));
  machine.spawner.install('/check', { runs: 1_000, end: { kind: 'exit', status: 3 } });
  await machine.configure(script('rise 1'), 'track_script {\ns\n}');
  machine.clock.advance(2.5 * SECOND);
  expect(told()).toEqual(['Script `s` now returning 3']);
  await machine.configure(script('rise 2'), 'track_script {\ns\n}');
  machine.clock.advance(2.5 * SECOND);
  expect(told()).toEqual([]);
  await machine.configure(script('rise 2').replace('/check a', '/check b'), 'track_script {\ns\n}');
  machine.clock.advance(2.5 * SECOND);
  expect(told()).toEqual(['Script `s` now returning 3']);
});

test.each([
  ['a failing script', 3, 'VRRP_Script(s) failed (exited with status 3)', 'unsuccessful'],
  ['a good script', 0, 'VRRP_Script(s) succeeded', 'successful'],
])(
  '%s with init_fail says what it found, and a reload what it goes on with',
  async (_title, status, found, carried) => {
    const machine = new Machine();
    const told = (): readonly string[] => machine.log.splice(0).filter((line) => line.startsWith('VRRP_Script'));
    machine.spawner.install('/check', { runs: 1_000, end: { kind: 'exit', status } });
    await machine.configure(script('init_fail'), 'track_script {\ns\n}');
    expect(told()).toEqual([]);
    machine.clock.advance(2.5 * SECOND);
    expect(told()).toEqual([found]);
    await machine.configure(script('init_fail\ninterval 2'), 'track_script {\ns\n}');
    machine.clock.advance(4.5 * SECOND);
    expect(told()).toEqual([`VRRP_Script(s) considered ${carried} on reload`]);
  },
);

describe('a built-in check', () => {
  test('needs no program', async () => {
    const machine = new Machine();
    machine.prober.results = { connect: { '127.0.0.1:80': { kind: 'connected' } } };
    await machine.configure(builtin('builtin:tcp 127.0.0.1:80'), 'track_script {\ns\n}');
    machine.clock.advance(SECOND / 2);
    expect(machine.latest).toMatchObject({ tracker: 's', trackerKind: 'script', status: 'up' });
    expect(machine.spawner.requests).toEqual([]);
  });

  test('that is written wrong fails with what is wrong', async () => {
    const machine = new Machine();
    await machine.configure(builtin('builtin:tcp 127.0.0.1'), 'track_script {\ns\n}');
    expect(machine.latest).toMatchObject({ status: 'down' });
    expect(machine.log[0]).toMatch(/^VRRP_Script\(s\) failed \(exec-error: .*write builtin:tcp HOST:PORT\)$/);
  });
});

describe('the table of trackers', () => {
  test('a check that recovers is down for the reason that took it down', async () => {
    const machine = new Machine();
    machine.spawner.install('/check', { runs: 1_000, end: { kind: 'exit', status: 3 } });
    await machine.configure(script('rise 2'), 'track_script {\ns\n}');
    expect(machine.set.rows).toEqual([
      { name: 's', kind: 'script', status: 'unknown', evidence: { kind: 'none' }, runs: new Map() },
    ]);
    machine.clock.advance(SECOND / 2);
    machine.spawner.install('/check', { runs: 2_000 });
    machine.clock.advance(SECOND);
    const failure = { kind: 'exit', status: 3 };
    expect(machine.set.rows[0]).toMatchObject({
      status: 'down',
      since: 1_000,
      evidence: { kind: 'exit', status: 0 },
      failure,
      lastRun: { at: SECOND + 2_000, duration: 2_000, evidence: { kind: 'exit', status: 0 } },
      runs: new Map([
        ['exit 3', 1],
        ['exit 0', 1],
      ]),
    });
    machine.clock.advance(SECOND);
    expect(machine.set.rows[0]).toMatchObject({ status: 'up', since: 2 * SECOND + 2_000, failure: undefined });
  });

  test('a result that a reload carries over keeps its reason, what the reload removed is gone', async () => {
    const machine = new Machine();
    machine.spawner.install('/check', { runs: 1_000, end: { kind: 'signal', signal: 'SIGKILL' } });
    await machine.configure(`${script('rise 1')}\n${FILE}`, 'track_script {\ns\n}\ntrack_file {\nf\n}');
    machine.clock.advance(SECOND / 2);
    expect(machine.set.rows.map(({ name }) => name)).toEqual(['s', 'f']);
    await machine.configure(script('rise 2'), 'track_script {\ns\n}');
    expect(machine.set.rows).toHaveLength(1);
    expect(machine.set.rows[0]).toMatchObject({ status: 'down', failure: { kind: 'signal', signal: 'SIGKILL' } });
  });

  test('a check that must not be run is down, and why', async () => {
    const machine = new Machine();
    await machine.configure(builtin('builtin:tcp 127.0.0.1'), 'track_script {\ns\n}');
    expect(machine.set.rows[0]).toMatchObject({ status: 'down', failure: { kind: 'exec-error' }, lastRun: undefined });
  });
});

test('close ends every check and the processes it started', async () => {
  const machine = new Machine();
  machine.spawner.install('/check', {});
  await machine.configure(script(''), 'track_script {\ns\n}');
  machine.clock.advance(1_000);
  expect(machine.spawner.living).toBe(1);
  const closed = machine.set.close();
  machine.clock.advance(SECOND);
  await closed;
  expect(machine.spawner.living).toBe(0);
});
