// The machine around the RFC: lifecycle, faults, keepalived's extensions, lateness, caller mistakes.
import { describe, expect, test } from '@jest/globals';
import { nextDeadline, step } from '../src/index.js';
import { defaultConfig } from '../src/sim/index.js';
import { advertisement, backup, deeds, Driver, master, observations, SECOND, transitions } from './fixtures.js';

const ANNOUNCEMENTS = defaultConfig().announcements;

describe('step', () => {
  test('leaves the state it was given alone', () => {
    const { state } = backup();
    const copy = structuredClone(state);
    step(state, { kind: 'packet', at: 5, packet: advertisement(state.config, { priority: 200 }) });
    step(state, { kind: 'time', at: 10 * SECOND });
    step(state, { kind: 'link', up: false, at: 5 });
    expect(state).toEqual(copy);
  });

  test('gives the same result for the same input', () => {
    const { state } = backup();
    const event = { kind: 'time', at: 10 * SECOND } as const;
    expect(step(state, event)).toEqual(step(state, event));
  });

  test.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY, 2 ** 60])('refuses the time %d', (at) => {
    expect(() => step(backup().state, { kind: 'time', at })).toThrow(RangeError);
  });
});

describe('becoming Master', () => {
  test('happens in this order: advertisement, transition, addresses, announcements', () => {
    expect(
      backup()
        .expire()
        .map((action) => (action.kind === 'observe' ? action.observation.kind : action.kind)),
    ).toEqual(['send-advertisement', 'master-down-timer-expired', 'transition', 'add-addresses', 'announce-addresses']);
  });

  test('counts', () => {
    expect(master().state.statistics).toMatchObject({ becameMaster: 1, advertisementsSent: 1, releasedMaster: 0 });
  });

  test('forgets the other Master and its interval', () => {
    const driver = backup({ priority: 90 });
    driver.hear({ sender: { advertisementInterval: 5 * SECOND } });
    driver.expire();
    expect(driver.state.master).toBeUndefined();
    expect(driver.state.masterAdvertisementInterval).toBe(SECOND);
  });
});

describe('leaving Master', () => {
  test('for a better one: transition, then addresses, no priority 0', () => {
    const driver = master();
    const actions = driver.hear({ priority: 200 });
    expect(actions.map((action) => (action.kind === 'observe' ? action.observation.kind : action.kind))).toEqual([
      'master-heard-higher',
      'transition',
      'remove-addresses',
    ]);
    expect(driver.state.statistics).toMatchObject({ releasedMaster: 1, priorityZeroSent: 0 });
  });

  test('for a better one, with one last advertisement where configured', () => {
    const driver = master({ advertiseBeforeYielding: true });
    expect(deeds(driver.hear({ priority: 200 }))).toEqual(['send 100', 'remove-addresses']);
  });

  test('for a fault: transition, priority 0, addresses', () => {
    const driver = master();
    const actions = driver.send({ kind: 'link', up: false });
    expect(actions.map((action) => (action.kind === 'observe' ? action.observation.kind : action.kind))).toEqual([
      'fault-raised',
      'transition',
      'send-advertisement',
      'priority-zero-sent',
      'remove-addresses',
    ]);
    expect(deeds(actions)).toEqual(['send 0', 'remove-addresses']);
    expect(driver.state.statistics).toMatchObject({ releasedMaster: 1, priorityZeroSent: 1, advertisementsSent: 2 });
  });

  test('to stop: priority 0, addresses, transition', () => {
    const actions = master().send({ kind: 'shutdown' });
    expect(actions.map((action) => (action.kind === 'observe' ? action.observation.kind : action.kind))).toEqual([
      'send-advertisement',
      'priority-zero-sent',
      'remove-addresses',
      'transition',
    ]);
  });

  test('for a lost address: priority 0, and back after the skew', () => {
    const driver = master();
    const { at } = driver;
    const actions = driver.send({ kind: 'address-lost', address: '198.51.100.1', interface: 'eth0' });
    expect(transitions(actions)).toEqual(['master -> backup (address-lost)']);
    expect(deeds(actions)).toEqual(['send 0', 'remove-addresses']);
    expect(driver.state.timers.masterDown).toBe(at + 609_375);
    expect(deeds(driver.expire())).toEqual(['send 100', 'add-addresses', 'announce 5']);
  });
});

describe('lateness', () => {
  test('a Master that woke late advertises once, and goes on from there', () => {
    const driver = master({ announcements: { ...ANNOUNCEMENTS, delay: 0 } });
    const late = driver.at + 100 * SECOND;
    expect(deeds(driver.send({ kind: 'time' }, late))).toEqual(['send 100', 'announce 5']);
    expect(nextDeadline(driver.state)).toBe(late + SECOND);
  });

  test('every burst that is due happens once', () => {
    const driver = master({
      announcements: { ...ANNOUNCEMENTS, repeat: 5, refresh: 2 * SECOND, refreshRepeat: 2, lowerPriorityRepeat: 3 },
    });
    driver.hear({ priority: 50 });
    const late = driver.at + 60 * SECOND;
    expect(deeds(driver.send({ kind: 'time' }, late))).toEqual([
      'send 100',
      // It was away for so long that another may have been Master.
      'announce 5',
      'announce 2',
      'announce 5',
      'announce 3',
    ]);
    expect(driver.state.timers).toMatchObject({
      announcement: undefined,
      lowerPriorityAnnouncement: undefined,
      refresh: late + 2 * SECOND,
    });
  });

  test('a refresh that repeats nothing is none', () => {
    const driver = master({ announcements: { ...ANNOUNCEMENTS, delay: 0, refresh: 2 * SECOND, refreshRepeat: 0 } });
    expect(deeds(driver.send({ kind: 'time' }, driver.at + SECOND))).toEqual(['send 100']);
    expect(deeds(driver.send({ kind: 'time' }, driver.at + 2 * SECOND))).toEqual(['send 100']);
  });

  test('a Backup that reads its sockets first is not misled by an old timer', () => {
    const driver = backup({ priority: 90 });
    driver.hear({}, 60 * SECOND);
    expect(driver.send({ kind: 'time' })).toEqual([]);
    expect(driver.state.role).toBe('backup');
  });

  test('an early `time` does nothing', () => {
    const driver = backup();
    expect(driver.send({ kind: 'time' }, 3_609_374)).toEqual([]);
    expect(transitions(driver.send({ kind: 'time' }, 3_609_375))).toHaveLength(1);
  });
});

describe('faults', () => {
  test('an own link never heard of is down, and so is an unknown primary address', () => {
    const driver = new Driver();
    expect(transitions(driver.send({ kind: 'startup' }))).toEqual(['initialize -> fault (fault)']);
    expect(driver.state.faults).toEqual([
      { kind: 'interface-down', interface: 'eth0' },
      { kind: 'no-primary-address' },
    ]);
  });

  test('the own link does not matter where it is not tracked', () => {
    const driver = new Driver({ trackInterface: false });
    driver.start();
    driver.send({ kind: 'link', up: false });
    expect(driver.state.role).toBe('backup');
  });

  test('another interface that is needed does', () => {
    const driver = backup();
    driver.send({ kind: 'link', interface: 'eth7', up: false });
    expect(driver.state.faults).toEqual([{ kind: 'interface-down', interface: 'eth7' }]);
    driver.send({ kind: 'link', interface: 'eth7', up: true });
    expect(driver.state.role).toBe('backup');
  });

  test('are derived, not counted: repeated events change nothing', () => {
    const driver = backup();
    driver.send({ kind: 'link', up: false });
    expect(driver.send({ kind: 'link', up: false })).toEqual([]);
    driver.send({ kind: 'link', up: true });
    expect(driver.state.role).toBe('backup');
  });

  test('are left with a full Master_Down_Interval, by the owner too', () => {
    const driver = master({ priority: 255 });
    driver.send({ kind: 'link', up: false });
    const actions = driver.send({ kind: 'link', up: true }, 10 * SECOND);
    expect(transitions(actions)).toEqual(['fault -> backup (faults-cleared)']);
    expect(driver.state.timers.masterDown).toBe(10 * SECOND + 3_003_906);
  });

  test('the transition names every fault', () => {
    const driver = backup();
    const seen = observations(driver.send({ kind: 'primary-address', address: undefined }));
    expect(seen.at(-1)).toMatchObject({ kind: 'transition', to: 'fault', faults: [{ kind: 'no-primary-address' }] });
  });
});

describe('a gate without result', () => {
  const trackedObjects = [{ kind: 'script', name: 'chk', weight: 0, reverse: false }] as const;
  const chk = { kind: 'tracker', tracker: 'chk', trackerKind: 'script' } as const;

  test('holds the router back silently', () => {
    const driver = new Driver({ trackedObjects });
    expect(transitions(driver.start())).toEqual([]);
    expect(driver.state.role).toBe('initialize');
  });

  test('then decides: up starts', () => {
    const driver = new Driver({ trackedObjects });
    driver.start();
    expect(transitions(driver.send({ ...chk, status: 'up' }))).toEqual(['initialize -> backup (startup)']);
  });

  test('then decides: down is a fault, with its evidence', () => {
    const driver = new Driver({ trackedObjects });
    driver.start();
    expect(transitions(driver.send({ ...chk, status: 'down', evidence: { kind: 'exit', status: 3 } }))).toEqual([
      'initialize -> fault (fault)',
    ]);
    expect(driver.state.faults).toEqual([
      { kind: 'tracker-down', tracker: 'chk', trackerKind: 'script', evidence: { kind: 'exit', status: 3 } },
    ]);
  });
});

describe('preempt delay', () => {
  const DELAYED = { priority: 200, preemptDelay: 3 * SECOND } as const;

  test('a lower Master is tolerated until it ends, then discarded until the timer runs out', () => {
    const driver = backup(DELAYED);
    expect(observations(driver.hear({}, SECOND))).toEqual([{ kind: 'preempt-delay-started', delay: 3 * SECOND }]);
    driver.hear({}, 2 * SECOND);
    expect(driver.state.timers.masterDown).toBe(2 * SECOND + driver.state.masterDownInterval);
    expect(observations(driver.send({ kind: 'time' }, 4 * SECOND))).toEqual([{ kind: 'preempt-delay-expired' }]);
    expect(observations(driver.hear({}, 4_500_000))[0]).toMatchObject({ kind: 'lower-priority-discarded' });
    expect(driver.state.timers.masterDown).toBe(2 * SECOND + driver.state.masterDownInterval);
  });

  test('ends when a good enough advertisement is heard', () => {
    const driver = backup(DELAYED);
    driver.hear({}, SECOND);
    expect(observations(driver.hear({ priority: 200 }, 2 * SECOND))).toEqual([{ kind: 'preempt-delay-stopped' }]);
    expect(observations(driver.hear({}, 9 * SECOND))).toEqual([{ kind: 'preempt-delay-started', delay: 3 * SECOND }]);
  });

  test('that ended unnoticed is over all the same', () => {
    const driver = backup(DELAYED);
    driver.hear({}, SECOND);
    expect(observations(driver.hear({}, 5 * SECOND))).toEqual([
      { kind: 'preempt-delay-expired' },
      { kind: 'lower-priority-discarded', source: '192.0.2.20', received: 100, own: 200 },
    ]);
  });

  test('does not delay anybody when there is no Master', () => {
    expect(transitions(backup(DELAYED).expire())).toEqual(['backup -> master (master-down-timer)']);
  });
});

describe('a lower priority heard by a Master', () => {
  test('is answered, and announced now and once more', () => {
    const driver = master({ announcements: { ...ANNOUNCEMENTS, delay: 0, lowerPriorityDelay: SECOND / 2 } });
    const { at } = driver;
    expect(deeds(driver.hear({ priority: 1 }, at + 1000))).toEqual(['send 100', 'announce 5']);
    expect(driver.state.timers.advertisement).toBe(at + 1000 + SECOND);
    expect(deeds(driver.expire())).toEqual(['announce 5']);
  });

  test('is not answered where so configured, and announces nothing with repeat 0', () => {
    const driver = master({ answerLowerPriority: false, announcements: { ...ANNOUNCEMENTS, lowerPriorityRepeat: 0 } });
    const due = driver.state.timers.advertisement;
    expect(deeds(driver.hear({ priority: 1 }))).toEqual([]);
    expect(driver.state.timers.advertisement).toBe(due);
    expect(observations(driver.actions)).toEqual([
      { kind: 'master-heard-lower', source: '192.0.2.20', received: 1, own: 100, electionForced: false },
    ]);
  });
});

describe('startup delay', () => {
  const DELAYED = { startupDelay: 5 * SECOND } as const;

  test('timers count from its end, and what is heard before is thrown away', () => {
    const driver = backup(DELAYED);
    driver.hear({ priority: 200 }, SECOND);
    expect(driver.state.statistics.discards['startup-delay']).toBe(1);
    expect(driver.state.timers.masterDown).toBe(5 * SECOND + 3_609_375);
    driver.hear({ priority: 200 }, 5 * SECOND);
    expect(driver.state.master?.priority).toBe(200);
  });

  test('holds the owner back', () => {
    const driver = new Driver({ ...DELAYED, priority: 255 });
    expect(transitions(driver.start())).toEqual([]);
    expect(transitions(driver.expire())).toEqual(['initialize -> master (address-owner)']);
    expect(driver.at).toBe(5 * SECOND);
  });

  test('outlasts a fault', () => {
    const driver = backup(DELAYED);
    driver.send({ kind: 'link', up: false }, SECOND);
    driver.send({ kind: 'link', up: true }, 2 * SECOND);
    expect(driver.state.timers.masterDown).toBe(5 * SECOND + 3_609_375);
  });
});

describe('lifecycle', () => {
  test('events before the start only store facts', () => {
    const driver = new Driver();
    expect(driver.send({ kind: 'link', up: true })).toEqual([]);
    expect(driver.send({ kind: 'tracker', tracker: 'x', trackerKind: 'script', status: 'down' })).toEqual([]);
    expect(driver.state.role).toBe('initialize');
  });

  test('a second startup changes nothing', () => {
    const driver = master();
    expect(driver.send({ kind: 'startup' })).toEqual([]);
    expect(driver.state.role).toBe('master');
  });

  test('a router that stopped can start again', () => {
    const driver = master();
    driver.send({ kind: 'shutdown' });
    driver.send({ kind: 'link', up: false });
    driver.send({ kind: 'link', up: true });
    expect(transitions(driver.send({ kind: 'startup' }, 20 * SECOND))).toEqual(['initialize -> backup (startup)']);
    expect(driver.state.timers.masterDown).toBe(20 * SECOND + 3_609_375);
  });

  test('a shutdown before the start is nothing', () => {
    expect(new Driver().send({ kind: 'shutdown' })).toEqual([]);
  });

  test('a failed action is counted', () => {
    const driver = master();
    driver.send({ kind: 'action-failed', action: 'send-advertisement', reason: 'ENETDOWN' });
    expect(driver.state.statistics.actionsFailed).toBe(1);
  });

  test('a lost address is a Master’s business only', () => {
    expect(backup().send({ kind: 'address-lost', address: '198.51.100.1', interface: 'eth0' })).toEqual([]);
  });
});

test('a unicast router needs no group', () => {
  const unicast = { peers: [{ address: '192.0.2.20' }], checkSource: false };
  const driver = backup({ unicast, multicastGroup: '' });
  driver.hear({ priority: 200 });
  expect(driver.state.master?.priority).toBe(200);
});
