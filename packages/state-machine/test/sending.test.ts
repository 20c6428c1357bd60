// A Master that cannot be heard, one that slept, a router without a socket: sending.ts, and what follows.
import { describe, expect, test } from '@jest/globals';
import { nextDeadline, type Action } from '../src/index.js';
import { deeds, master, SECOND, transitions } from './fixtures.js';

describe('sending', () => {
  test('a Master whose advertisements are refused for a Master_Down_Interval is none, and tries again after another', () => {
    const driver = master();
    const from = driver.state.timers.advertisement ?? 0;
    const refuse = (at: number): readonly Action[] =>
      driver.send({ kind: 'action-failed', action: 'send-advertisement', reason: 'ENOBUFS' }, at);
    for (let second = 0; second < 3; second += 1) {
      driver.send({ kind: 'time' }, from + second * SECOND);
      expect(transitions(refuse(from + second * SECOND))).toEqual([]);
    }
    // One that leaves begins the count anew.
    driver.send({ kind: 'time' }, from + 3 * SECOND);
    driver.send({ kind: 'time' }, from + 4 * SECOND);
    expect(driver.state.sendFailures).toBeUndefined();
    for (let second = 4; second < 8; second += 1) {
      driver.send({ kind: 'time' }, from + second * SECOND);
      expect(transitions(refuse(from + second * SECOND))).toEqual([]);
    }
    driver.send({ kind: 'time' }, from + 8 * SECOND);
    const fault = refuse(from + 8 * SECOND);
    expect(transitions(fault)).toEqual(['master -> fault (fault)']);
    expect(fault.map(({ kind }) => kind)).toContain('remove-addresses');
    expect(driver.state.faults).toEqual([{ kind: 'cannot-send', reason: 'ENOBUFS' }]);
    // The farewell is refused too, and that is all there is to it.
    expect(refuse(from + 8 * SECOND)).toEqual([]);
    const retry = nextDeadline(driver.state) ?? 0;
    expect(retry).toBe(from + 8 * SECOND + 3_609_375);
    expect(transitions(driver.send({ kind: 'time' }, retry))).toEqual(['fault -> backup (faults-cleared)']);
    const again = nextDeadline(driver.state) ?? 0;
    expect(transitions(driver.send({ kind: 'time' }, again))).toEqual(['backup -> master (master-down-timer)']);
    expect(transitions(refuse(again))).toEqual(['master -> fault (fault)']);
    const last = nextDeadline(driver.state) ?? 0;
    driver.send({ kind: 'time' }, last);
    driver.send({ kind: 'time' }, nextDeadline(driver.state) ?? 0);
    driver.send({ kind: 'time' }, nextDeadline(driver.state) ?? 0);
    expect(driver.state).toMatchObject({ role: 'master', sendFailures: undefined });
  });

  test('a Master that slept for a Master_Down_Interval says again where its addresses are', () => {
    const driver = master();
    const due = driver.state.timers.advertisement ?? 0;
    const { masterDownInterval } = driver.state;
    expect(deeds(driver.send({ kind: 'time' }, due + masterDownInterval - 1))).toEqual(['send 100']);
    const next = driver.state.timers.advertisement ?? 0;
    // The second burst is due by then, too.
    const deedsThen = deeds(driver.send({ kind: 'time' }, next + masterDownInterval));
    expect(deedsThen).toEqual(['send 100', 'announce 5', 'announce 5']);
  });

  test('a router without a socket is in fault until there is one', () => {
    const driver = master();
    expect(transitions(driver.send({ kind: 'socket', problem: 'EMFILE' }))).toEqual(['master -> fault (fault)']);
    expect(driver.state.faults).toEqual([{ kind: 'no-socket', reason: 'EMFILE' }]);
    expect(transitions(driver.send({ kind: 'socket', problem: undefined }))).toEqual([
      'fault -> backup (faults-cleared)',
    ]);
  });
});
