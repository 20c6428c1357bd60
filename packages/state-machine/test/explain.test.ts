// Explanations and steady states: data about a state that hosts and people act on. Sentences: testdata/explain.txt.
import { describe, expect, test } from '@jest/globals';
import { describeCause, describeFault, explain, step, steady } from '../src/index.js';
import type { Cause, Steady } from '../src/index.js';
import { defaultConfig } from '../src/sim/index.js';
import { advertisement, backup, Driver, master, observations, OTHER_ADDRESS, SECOND } from './fixtures.js';

describe('explain', () => {
  test('gives the priority as a sum of named parts', () => {
    const trackedObjects = [
      { kind: 'script', name: 'web', weight: -20, reverse: false },
      { kind: 'file', name: 'load', weight: 2, reverse: false },
    ] as const;
    const driver = backup({ trackedObjects });
    driver.send({ kind: 'tracker', trackerKind: 'script', tracker: 'web', status: 'down' });
    driver.send({ kind: 'tracker', trackerKind: 'file', tracker: 'load', status: 'up', value: 100 });
    expect(explain(driver.state).priority).toEqual({
      base: 100,
      parts: [
        { kind: 'script', name: 'web', value: -20 },
        { kind: 'file', name: 'load', value: 200 },
      ],
      sum: 280,
      effective: 254,
    });
  });

  test('knows since when and why, the Master, and what comes next', () => {
    const driver = backup();
    driver.hear({ priority: 150 }, SECOND);
    expect(explain(driver.state)).toMatchObject({
      role: 'backup',
      since: { at: 0, from: 'initialize', cause: 'startup' },
      master: { address: OTHER_ADDRESS, priority: 150 },
      next: { at: SECOND + 3_609_375, kind: 'take-over' },
    });
    expect(explain(master().state)).toMatchObject({ master: undefined, next: { kind: 'advertise' } });
    expect(explain(new Driver().state)).toMatchObject({ since: undefined, next: undefined });
  });

  test('owners have no parts', () => {
    const trackedObjects = [{ kind: 'script', name: 'web', weight: -20, reverse: false }] as const;
    expect(explain(master({ priority: 255, trackedObjects }).state).priority).toMatchObject({ parts: [], sum: 255 });
  });

  test('names every fault', () => {
    const driver = new Driver();
    driver.send({ kind: 'startup' });
    expect(explain(driver.state).faults.map(describeFault)).toEqual([
      'interface eth0 is down',
      'there is no address to send from',
    ]);
  });

  test.each<readonly [string, () => Driver, readonly string[]]>([
    ['not started', () => new Driver(), ['it begins when it is told to start']],
    [
      'an owner in a startup delay',
      () => new Driver({ priority: 255, startupDelay: SECOND }).started(),
      ['it begins when the startup delay is over'],
    ],
    [
      'an owner whose sync group is not ready',
      () => new Driver({ priority: 255, syncGroup: 'G' }).started(),
      ['it becomes Master when every member of its sync group can'],
    ],
    [
      'a Backup in a startup delay',
      () => backup({ startupDelay: SECOND }),
      ['it listens when the startup delay is over'],
    ],
    [
      'a Backup whose Master stops',
      () => stopping(),
      ['the Master said that it stops: it becomes Master unless another one advertises'],
    ],
    [
      'an owner that watches another one',
      () => contested(),
      [
        'it becomes Backup when it hears a priority above 255, or the same from a higher address than 192.0.2.10',
        'it becomes Backup when another router goes on saying that it owns the addresses',
      ],
    ],
    ['in fault', () => faulty(), ['it becomes Backup when nothing is wrong any more']],
  ])('says what would change it: %s', (_title, make, changes) => {
    expect(explain(make().state).changes).toEqual(changes);
  });

  test.each<readonly [Cause, string]>([
    ['startup', 'it started'],
    ['priority-zero-timer', 'the Master said that it stops'],
    ['sync-group', 'its sync group went along'],
  ])('%s reads: because %s', (cause, words) => {
    expect(describeCause(cause)).toBe(words);
  });
});

describe('steady', () => {
  test('a Master sends until its next burst', () => {
    const driver = master();
    const expected: Steady = {
      kind: 'send',
      priority: 100,
      from: driver.at + SECOND,
      interval: SECOND,
      until: driver.at + 5 * SECOND,
    };
    expect(steady(driver.state)).toEqual(expected);
    const quiet = master({ announcements: { ...defaultConfig().announcements, delay: 0 } });
    expect(steady(quiet.state)).toMatchObject({ until: undefined });
    const refreshing = master({ announcements: { ...quiet.state.config.announcements, refresh: 2_500_000 } });
    expect(steady(refreshing.state)).toMatchObject({ until: refreshing.at + 3 * SECOND });
  });

  test('a Backup listens to its Master, and the entry says what each step would do', () => {
    const driver = backup();
    driver.hear({ priority: 150 }, SECOND);
    const entry = steady(driver.state);
    expect(entry).toEqual({
      kind: 'listen',
      source: OTHER_ADDRESS,
      deadline: SECOND + 3_609_375,
      extension: 3_609_375,
    });
    const packet = advertisement(driver.state.config, { priority: 150 });
    const { state, actions } = step(driver.state, { kind: 'packet', at: 2 * SECOND, packet });
    expect(actions).toEqual([]);
    expect(state.timers.masterDown).toBe(2 * SECOND + 3_609_375);
  });

  test.each<readonly [string, () => Driver]>([
    ['before it starts', () => new Driver()],
    ['while it has heard nobody', () => backup()],
    ['in fault', () => faulty()],
    ['while its Master stops', () => stopping()],
    ['while a preempt delay runs', () => delaying()],
    ['during the startup delay', () => backup({ startupDelay: SECOND })],
  ])('is not what a router is %s', (_title, make) => {
    expect(steady(make().state)).toBeUndefined();
  });
});

function faulty(): Driver {
  const driver = backup();
  driver.send({ kind: 'link', up: false });
  return driver;
}

/** An owner that has just heard an owner of lower address. */
function contested(): Driver {
  const driver = master({ priority: 255 });
  driver.hear({ priority: 255, source: '192.0.2.1' });
  return driver;
}

function stopping(): Driver {
  const driver = backup();
  driver.hear({ priority: 150 });
  driver.hear({ priority: 0 });
  return driver;
}

function delaying(): Driver {
  const driver = backup({ preemptDelay: 5 * SECOND });
  driver.hear({ priority: 50 });
  return driver;
}

test('an owner that hears an owner says so once, and the higher address stays', () => {
  const driver = master({ priority: 255 });
  const lower = observations(driver.hear({ priority: 255, source: '192.0.2.1' }));
  expect(lower).toContainEqual({ kind: 'owner-conflict', source: '192.0.2.1', yields: false });
  expect(observations(driver.hear({ priority: 255, source: '192.0.2.1' }))).toEqual([]);
  driver.hear({ priority: 255, source: '192.0.2.200' });
  expect(driver.state.role).toBe('backup');
});
