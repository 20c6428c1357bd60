// Skew_Time and Master_Down_Interval to the microsecond: RFC 9568 §6.1, RFC 3768 §6.1, rounded as keepalived rounds.
import { describe, expect, test } from '@jest/globals';
import { masterDownInterval, skewTime } from '../src/index.js';

describe('version 2 skews by (256 - priority) / 256 of a second, whatever the interval', () => {
  test.each([
    [100, 1_000_000, 609_375, 3_609_375],
    [100, 5_000_000, 609_375, 15_609_375],
    [150, 1_000_000, 414_062, 3_414_062],
    [255, 1_000_000, 3_906, 3_003_906],
    [254, 1_000_000, 7_812, 3_007_812],
    [1, 1_000_000, 996_093, 3_996_093],
  ])('priority %i, interval %i µs', (priority, interval, skew, down) => {
    const input = { version: 2, priority, masterAdvertisementInterval: interval, downTimerAdverts: 3 } as const;
    expect(skewTime(input)).toBe(skew);
    expect(masterDownInterval(input)).toBe(down);
  });
});

describe('version 3 skews by (256 - priority) / 256 of the Master’s interval', () => {
  test.each([
    [100, 1_000_000, 609_375, 3_609_375],
    [100, 100_000, 60_937, 360_937],
    [100, 10_000, 6_093, 36_093],
    [255, 1_000_000, 3_906, 3_003_906],
    [1, 40_950_000, 40_790_039, 163_640_039],
    // Only whole centiseconds of the interval skew.
    [100, 109_999, 60_937, 390_934],
  ])('priority %i, interval %i µs', (priority, interval, skew, down) => {
    const input = { version: 3, priority, masterAdvertisementInterval: interval, downTimerAdverts: 3 } as const;
    expect(skewTime(input)).toBe(skew);
    expect(masterDownInterval(input)).toBe(down);
  });

  test('is the formula ((256 - priority) x centiseconds x 625) / 16 in integers, for every priority', () => {
    for (let priority = 1; priority <= 255; priority += 1) {
      for (const centiseconds of [1, 7, 100, 333, 4095]) {
        const exact = (BigInt(256 - priority) * BigInt(centiseconds) * 625n) / 16n;
        const input = { version: 3, priority, masterAdvertisementInterval: centiseconds * 10_000 } as const;
        expect(BigInt(skewTime(input))).toBe(exact);
      }
    }
  });
});

test('downTimerAdverts replaces the 3 of the RFC', () => {
  const input = { version: 3, priority: 100, masterAdvertisementInterval: 1_000_000 } as const;
  expect(masterDownInterval({ ...input, downTimerAdverts: 1 })).toBe(1_609_375);
  expect(masterDownInterval({ ...input, downTimerAdverts: 100 })).toBe(100_609_375);
});
