// What every DeadlineTimer does, as a suite (assertions are Node's own). The native one passes it, and so do those of hosts
// in virtual time.
import assert from 'node:assert/strict';
import type { DeadlineTimer } from '../sockets.js';
import { declareSuite, type Scenarios } from './suite.js';

export interface TimersUnderTest {
  /** Microseconds of the clock that the timers go by. */
  now(): number;
  open(listener: (now: number) => void): DeadlineTimer;
  /** Lets time pass, a little at least, and timers ring. */
  pass(): Promise<void>;
  /** The process does something else until `time`: timers that are due meanwhile ring later. */
  busyUntil(time: number): void;
  close(): Promise<void>;
}

const EBADF = 9;
const SOON = 2_000;

interface Recorded {
  readonly timer: DeadlineTimer;
  /** The times at which it rang. */
  readonly rang: number[];
}

export function deadlineTimerContract(name: string, make: () => Promise<TimersUnderTest>): void {
  declareSuite(`${name} keeps the contract of DeadlineTimer`, make, SCENARIOS);
}

const SCENARIOS: Scenarios<TimersUnderTest> = {
  async 'rings once, never early, and tells the time'(timers) {
    const { timer, rang } = record(timers);
    const deadline = timers.now() + SOON;
    timer.set(deadline);
    await passUntil(timers, () => rang.length > 0);
    assert.ok((rang[0] ?? 0) >= deadline && (rang[0] ?? 0) <= timers.now());
    await passUntilAnotherRings(timers);
    assert.equal(rang.length, 1);
  },
  async 'rounds a part of a microsecond up'(timers) {
    const { timer, rang } = record(timers);
    const deadline = timers.now() + SOON + 0.25;
    timer.set(deadline);
    await passUntil(timers, () => rang.length > 0);
    assert.ok((rang[0] ?? 0) >= deadline);
  },
  async 'rings at once for a deadline that has passed, lies at the clock’s origin or before it'(timers) {
    for (const deadline of [timers.now() - 1, 0, -5]) {
      const { timer, rang } = record(timers);
      timer.set(deadline);
      await passUntil(timers, () => rang.length > 0);
      timer.close();
    }
  },
  async 'a later set replaces the deadline, undefined takes it away'(timers) {
    const { timer, rang } = record(timers);
    timer.set(timers.now() + SOON / 4);
    timer.set(timers.now() + 3_600_000_000);
    await passUntilAnotherRings(timers);
    timer.set(timers.now());
    timer.set(undefined);
    await passUntilAnotherRings(timers);
    assert.deepEqual(rang, []);
  },
  async 'stays silent when it was due while the process was busy, and was disarmed then'(timers) {
    const { timer, rang } = record(timers);
    const deadline = timers.now() + SOON / 4;
    timer.set(deadline);
    timers.busyUntil(deadline + 1);
    timer.set(undefined);
    await passUntilAnotherRings(timers);
    assert.deepEqual(rang, []);
  },
  async 'may be set anew by its own listener'(timers) {
    const rang: number[] = [];
    const timer = timers.open((now) => {
      rang.push(now);
      if (rang.length < 3) timer.set(now + 100);
    });
    timer.set(timers.now());
    await passUntil(timers, () => rang.length === 3);
    timer.close();
  },
  async 'may be closed by its own listener and again; then it cannot be set'(timers) {
    let hasRung = false;
    const timer = timers.open(() => {
      hasRung = true;
      timer.close();
    });
    timer.set(0);
    await passUntil(timers, () => hasRung);
    timer.close();
    assert.throws(() => timer.set(1), { code: 'ERR_VRRP_TIMER', errno: EBADF });
  },
  'a deadline is a finite number'(timers) {
    const { timer } = record(timers);
    for (const deadline of [Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => timer.set(deadline), RangeError);
    }
    timer.close();
  },
};

function record(timers: TimersUnderTest): Recorded {
  const rang: number[] = [];
  return { timer: timers.open((now) => rang.push(now)), rang };
}

/** Until a timer set after all others has rung: what should have rung before has. */
async function passUntilAnotherRings(timers: TimersUnderTest): Promise<void> {
  const { timer, rang } = record(timers);
  timer.set(timers.now() + SOON);
  await passUntil(timers, () => rang.length > 0);
  timer.close();
}

/** Bounded by the runner's own time limit of a test. */
async function passUntil(timers: TimersUnderTest, isOver: () => boolean): Promise<void> {
  while (!isOver()) await timers.pass();
}
