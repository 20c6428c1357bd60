// When an advertisement counts as heard: at its arrival, unless that cannot be trusted; never before what happened already.
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { heardAt, RECEIVE_AGE_MAX } from '../../src/engine/heard-at.js';

const NOW = 1_000_000;

test.each([
  ['at its arrival', NOW - 300, 0, NOW - 300],
  ['at the oldest arrival that is believed', NOW - RECEIVE_AGE_MAX, 0, NOW - RECEIVE_AGE_MAX],
  ['now when it looks older than that', NOW - RECEIVE_AGE_MAX - 1, 0, NOW],
  ['now when it looks as old as the hills', -3_600_000_000, 0, NOW],
  ['no earlier than the last event', NOW - 300, NOW - 100, NOW - 100],
  ['now when the last event is of now', NOW - 300, NOW, NOW],
  ['not in the future', NOW + 300, 0, NOW],
])('%s', (_, arrivedAt, lastEventAt, expected) => {
  expect(heardAt(arrivedAt, lastEventAt, NOW)).toBe(expected);
});

test('between the last event and now, and no more than the limit ago', () => {
  const time = fc.integer({ min: 0, max: 2 * RECEIVE_AGE_MAX });
  const property = fc.property(fc.integer(), time, time, (arrivedAt, lastEventAt, since) => {
    const now = lastEventAt + since;
    const at = heardAt(arrivedAt, lastEventAt, now);
    expect(at).toBeGreaterThanOrEqual(Math.max(lastEventAt, now - RECEIVE_AGE_MAX));
    expect(at).toBeLessThanOrEqual(now);
  });
  fc.assert(property, { seed: 20261126 });
});
