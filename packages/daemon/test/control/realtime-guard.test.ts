// The guard of the real-time priority: who computes without a pause loses it, once, and may take it again later.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { RealtimeGuard } from '../../src/control/realtime-guard.js';
import { logEntries } from '../../src/log/sentences.js';

const THREAD = 4711;

let ended: number[] = [];
let restored = 0;
let messages: string[] = [];

beforeEach(() => {
  jest.useFakeTimers();
  [ended, restored, messages] = [[], 0, []];
});
afterEach(() => {
  jest.useRealTimers();
});

function guard(end: (thread: number) => void = (thread) => void ended.push(thread)): RealtimeGuard {
  const made = new RealtimeGuard({
    tell: (report) => messages.push(...logEntries({ ...report, at: 0 }, () => undefined).map(({ message }) => message)),
    restore: () => (restored += 1),
    endRealtimePriority: end,
  });
  made.heard({ kind: 'scheduled', at: 0, thread: THREAD, niceValue: -20, realtimePriority: 1 });
  return made;
}

test('takes the priority at once, and lets the engine have it again ten seconds later', () => {
  guard().exceeded();
  expect(ended).toEqual([THREAD]);
  expect(messages).toEqual(['the engine computes without a pause: it has no real-time priority for 10 s']);
  jest.advanceTimersByTime(9_999);
  expect(restored).toBe(0);
  jest.advanceTimersByTime(1);
  expect(restored).toBe(1);
});

test('takes it once until the engine has it again', () => {
  const one = guard();
  one.exceeded();
  one.exceeded();
  expect(ended).toEqual([THREAD]);
  one.heard({ kind: 'scheduled', at: 1, thread: THREAD, niceValue: -20, realtimePriority: 1 });
  one.exceeded();
  expect(ended).toEqual([THREAD, THREAD]);
});

test('has nothing to take from an engine without one', () => {
  const one = guard();
  one.heard({ kind: 'scheduled', at: 1, thread: THREAD, niceValue: 5 });
  one.exceeded();
  expect([ended, messages]).toEqual([[], []]);
});

test('says so when it cannot be taken', () => {
  guard(() => {
    throw new Error('no such thread');
  }).exceeded();
  expect(messages).toEqual(["could not take the real-time priority from the engine's thread: no such thread"]);
});

test('gives nothing back when the daemon has ended', () => {
  const one = guard();
  one.exceeded();
  one.close();
  jest.advanceTimersByTime(60_000);
  expect(restored).toBe(0);
});
