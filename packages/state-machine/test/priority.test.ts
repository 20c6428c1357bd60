// Effective priority: the contribution of every kind of tracker, the limits, and what a change does to the timers.
import { describe, expect, test } from '@jest/globals';
import type { TrackedObject } from '../src/config.js';
import type { TrackerStatus } from '../src/index.js';
import { contributions } from '../src/index.js';
import { backup, Driver, master, observations } from './fixtures.js';

function tracking(...trackedObjects: readonly TrackedObject[]): Driver {
  const driver = new Driver({ priority: 100, trackedObjects });
  driver.start();
  return driver;
}

function report(driver: Driver, tracked: TrackedObject, status: TrackerStatus, value?: number): void {
  const { kind: trackerKind, name: tracker } = tracked;
  driver.send({ kind: 'tracker', trackerKind, tracker, status, ...(value === undefined ? {} : { value }) });
}

describe.each(['interface', 'script', 'process', 'bfd'] as const)('%s', (kind) => {
  test.each([
    [20, false, 120, 100],
    [-20, false, 100, 80],
    [20, true, 80, 100],
    [-20, true, 100, 120],
  ])('weight %i, reverse %s: up %i, down %i', (weight, reverse, up, down) => {
    const tracked: TrackedObject = { kind, name: 'x', weight, reverse };
    const driver = tracking(tracked);
    expect(driver.state.priority).toBe(100);
    report(driver, tracked, 'up');
    expect(driver.state.priority).toBe(up);
    report(driver, tracked, 'down');
    expect(driver.state.priority).toBe(down);
    report(driver, tracked, 'unknown');
    expect(driver.state.priority).toBe(100);
  });

  test.each([
    [false, 'up', 'down'],
    [true, 'down', 'up'],
  ] as const)('weight 0, reverse %s: %s is good, %s is a fault', (reverse, good, bad) => {
    const tracked: TrackedObject = { kind, name: 'x', weight: 0, reverse };
    const driver = tracking(tracked);
    expect(driver.state.role).toBe('initialize');
    report(driver, tracked, good);
    expect(driver.state.role).toBe('backup');
    report(driver, tracked, bad);
    expect(driver.state.role).toBe('fault');
    expect(driver.state.faults).toEqual([{ kind: 'tracker-down', tracker: 'x', trackerKind: kind }]);
    report(driver, tracked, good);
    expect(driver.state.role).toBe('backup');
    expect(driver.state.priority).toBe(100);
  });
});

describe('file', () => {
  test.each([
    [1, false, 10, 110],
    [1, false, -10, 90],
    [-2, false, 10, 80],
    [2, true, 10, 80],
    [-2, true, 10, 120],
    [100, false, 2, 254],
    [1, false, -253, 1],
  ])('weight %i, reverse %s, number %i: priority %i', (weight, reverse, value, priority) => {
    const tracked: TrackedObject = { kind: 'file', name: 'f', weight, reverse };
    const driver = tracking(tracked);
    report(driver, tracked, 'up', value);
    expect(driver.state.priority).toBe(priority);
    expect(driver.state.role).toBe('backup');
  });

  test('adds at most 253', () => {
    const tracked: TrackedObject = { kind: 'file', name: 'f', weight: 100, reverse: false };
    const driver = tracking(tracked);
    report(driver, tracked, 'up', 100);
    expect(contributions(driver.state.config, driver.state.facts)).toEqual([{ kind: 'file', name: 'f', value: 253 }]);
  });

  test.each([
    [1, -254],
    [2, -127],
    [-1, 254],
  ])('weight %i and number %i ask for a fault', (weight, value) => {
    const tracked: TrackedObject = { kind: 'file', name: 'f', weight, reverse: false };
    const driver = tracking(tracked);
    report(driver, tracked, 'up', value);
    expect(driver.state.role).toBe('fault');
  });

  test.each([
    [false, 0, 'backup'],
    [false, 1, 'fault'],
    [true, 0, 'fault'],
    [true, -1, 'backup'],
  ] as const)('weight 0, reverse %s, number %i: %s', (reverse, value, role) => {
    const tracked: TrackedObject = { kind: 'file', name: 'f', weight: 0, reverse };
    const driver = tracking(tracked);
    report(driver, tracked, 'up', value);
    expect(driver.state.role).toBe(role);
  });

  test('that cannot be read closes a gate', () => {
    const tracked: TrackedObject = { kind: 'file', name: 'f', weight: 0, reverse: false };
    const driver = tracking(tracked);
    report(driver, tracked, 'down');
    expect(driver.state.role).toBe('fault');
  });
});

describe('the sum', () => {
  test.each([
    ['never above 254', 200, 254],
    ['never below 1', -200, 1],
  ])('is %s', (_title, weight, priority) => {
    const tracked: TrackedObject = { kind: 'script', name: 'x', weight, reverse: false };
    const driver = tracking(tracked);
    report(driver, tracked, weight > 0 ? 'up' : 'down');
    expect(driver.state.priority).toBe(priority);
  });

  test('of several trackers counts each; names are apart by kind', () => {
    const script: TrackedObject = { kind: 'script', name: 'x', weight: 5, reverse: false };
    const process: TrackedObject = { kind: 'process', name: 'x', weight: 7, reverse: false };
    const driver = tracking(script, process);
    report(driver, script, 'up');
    expect(driver.state.priority).toBe(105);
    report(driver, process, 'up');
    expect(driver.state.priority).toBe(112);
  });

  test('leaves the address owner at 255', () => {
    const tracked: TrackedObject = { kind: 'script', name: 'x', weight: -20, reverse: false };
    const driver = new Driver({ priority: 255, trackedObjects: [tracked] });
    driver.start();
    report(driver, tracked, 'down');
    expect(driver.state.priority).toBe(255);
  });
});

describe('a change', () => {
  const tracked: TrackedObject = { kind: 'script', name: 'x', weight: -20, reverse: false };

  test('moves the pending takeover by the difference in Master_Down_Interval', () => {
    const driver = tracking(tracked);
    expect(driver.state.timers.masterDown).toBe(3_609_375);
    driver.at = 2_000_000;
    report(driver, tracked, 'down');
    expect(driver.state.timers.masterDown).toBe(3_609_375 + 78_125);
    expect(observations(driver.actions)).toEqual([{ kind: 'priority-changed', from: 100, to: 80 }]);
    report(driver, tracked, 'up');
    expect(driver.state.timers.masterDown).toBe(3_609_375);
  });

  test('never moves it into the past', () => {
    const up: TrackedObject = { kind: 'script', name: 'x', weight: 100, reverse: false };
    const driver = tracking(up);
    driver.at = 3_609_000;
    report(driver, up, 'up');
    expect(driver.state.timers.masterDown).toBe(3_609_000);
  });

  test('is advertised when the next advertisement is due', () => {
    const driver = master({
      trackedObjects: [tracked],
      announcements: { ...backup().state.config.announcements, delay: 0 },
    });
    report(driver, tracked, 'down');
    expect(driver.actions.filter((action) => action.kind !== 'observe')).toEqual([]);
    expect(driver.expire()).toContainEqual({ kind: 'send-advertisement', priority: 80 });
  });

  test('before the start is worked out silently', () => {
    const driver = new Driver({ trackedObjects: [tracked] });
    report(driver, tracked, 'down');
    expect(driver.actions).toEqual([]);
    expect(driver.state.priority).toBe(80);
  });
});
