// A point in time on the wall clock, from clocks that only say how long ago.
import { expect, test } from '@jest/globals';

import { PointsInTime } from '../../../src/control/status/points-in-time.js';

test('is what it was, however the two clocks drift; another event is another point', () => {
  const points = new PointsInTime();
  expect(points.wallTime('a', 1_000_000, 3_000_000, 10_000)).toBe(8_000);
  expect(points.wallTime('a', 1_000_000, 4_000_000, 11_007)).toBe(8_000);
  expect(points.wallTime('b', 1_000_000, 4_000_000, 11_007)).toBe(8_007);
  expect(points.wallTime('a', 2_000_000, 4_000_000, 11_007)).toBe(9_007);
});

test('is worked out anew when it was forgotten', () => {
  const points = new PointsInTime();
  points.wallTime('a', 0, 0, 10);
  points.wallTime('b', 0, 0, 10);
  points.keep(new Set(['b']));
  expect(points.wallTime('a', 0, 0, 20)).toBe(20);
  expect(points.wallTime('b', 0, 0, 20)).toBe(10);
});
