// The engine's queue of deadlines, against the dumb version of itself: a sorted list.
import { describe, expect, test } from '@jest/globals';
import { array, assert, integer, option, property, record } from 'fast-check';
import { DeadlineQueue } from '../../src/engine/deadline-queue.js';

describe('DeadlineQueue', () => {
  test('gives the earliest deadline first and the older of two equal ones', () => {
    const queue = new DeadlineQueue<string>();
    queue.set('late', 30);
    queue.set('early', 10);
    queue.set('also early', 10);
    expect(queue.next()).toBe(10);
    expect(queue.due(10)).toEqual(['early', 'also early']);
    expect(queue.due(30)).toEqual(['early', 'also early', 'late']);
  });

  test('forgets a deadline that was taken away', () => {
    const queue = new DeadlineQueue<string>();
    queue.set('a', 1);
    queue.set('b', 2);
    queue.set('a', undefined);
    expect(queue.next()).toBe(2);
    queue.set('b', undefined);
    expect(queue.next()).toBeUndefined();
  });

  test('agrees with a sorted list over any sequence of changes', () => {
    const change = record({
      key: integer({ min: 0, max: 12 }),
      at: option(integer({ min: 0, max: 50 }), { nil: undefined }),
    });
    assert(
      property(array(change, { maxLength: 80 }), (changes) => {
        const queue = new DeadlineQueue<number>();
        const dumb = new Map<number, number>();
        for (const { key, at } of changes) {
          queue.set(key, at);
          if (at === undefined) dumb.delete(key);
          else dumb.set(key, at);
          expect(queue.next()).toBe(dumb.size === 0 ? undefined : Math.min(...dumb.values()));
        }
        for (const now of [0, 10, 25, 50]) {
          const expected = [...dumb].filter(([, at]) => at <= now).map(([key]) => key);
          expect(new Set(queue.due(now))).toEqual(new Set(expected));
        }
      }),
      { seed: 112, numRuns: 200 },
    );
  });
});
