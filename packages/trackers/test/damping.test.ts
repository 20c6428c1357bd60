// Rise and fall (keepalived.conf(5), vrrp_script). The sequences of the first two tables were run on keepalived 2.2.7.
import { describe, expect, test } from '@jest/globals';
import { array, assert, boolean, integer, property } from 'fast-check';
import { createDamping, stepDamping } from '../src/index.js';
import type { DampingOptions } from '../src/index.js';

/** S and F are outcomes; the result is one letter per outcome: U(p) or D(own). */
function run(options: DampingOptions, outcomes: string): string {
  let state = createDamping(options);
  return [...outcomes]
    .map((outcome) => {
      state = stepDamping(state, outcome === 'S');
      return state.status === 'up' ? 'U' : 'D';
    })
    .join('');
}

describe('as keepalived 2.2.7 was seen to decide', () => {
  test.each([
    ['a failure starts the count of successes anew', 3, 3, 'FSSFSSSS', 'DDDDDDUU'],
    ['a success starts the count of failures anew', 3, 3, 'SFFSFFFSSS', 'UUUUUUDDDU'],
    ['the first outcome decides at once, good', 3, 3, 'SFF', 'UUU'],
    ['the first outcome decides at once, bad', 3, 3, 'FSS', 'DDD'],
  ])('%s', (_fact, rise, fall, outcomes, statuses) => {
    expect(run({ rise, fall }, outcomes)).toBe(statuses);
  });
});

test.each([
  ['rise 1 fall 1 follows every outcome', { rise: 1, fall: 1 }, 'SFSFFS', 'UDUDDU'],
  ['fall 1 fails at once', { rise: 3, fall: 1 }, 'SFSSSF', 'UDDDUD'],
  ['rise 1 recovers at once', { rise: 1, fall: 3 }, 'FSFFF', 'DUUUD'],
  ['assumed failing, the first success decides', { rise: 3, fall: 3, initial: 'down' }, 'SFF', 'UUU'],
  ['a result carried over is damped', { rise: 3, fall: 2, initial: 'down', settled: true }, 'SSSFF', 'DDUUD'],
  ['so is a good one', { rise: 3, fall: 2, initial: 'up', settled: true }, 'FSFF', 'UUUD'],
] as const)('%s', (_fact, options, outcomes, statuses) => {
  expect(run(options, outcomes)).toBe(statuses);
});

test('before the first outcome the status is unknown, or what it is assumed to be', () => {
  expect(createDamping({ rise: 1, fall: 1 }).status).toBe('unknown');
  expect(createDamping({ rise: 1, fall: 1, initial: 'down' }).status).toBe('down');
});

test.each([0, -1, 1.5, 2 ** 31, Number.NaN])('rise or fall of %p is refused', (count) => {
  expect(() => createDamping({ rise: count, fall: 1 })).toThrow(RangeError);
  expect(() => createDamping({ rise: 1, fall: count })).toThrow(RangeError);
});

test('the status is what a plain count of outcomes in a row says', () => {
  assert(
    property(
      integer({ min: 1, max: 5 }),
      integer({ min: 1, max: 5 }),
      array(boolean(), { minLength: 1, maxLength: 60 }),
      (rise, fall, outcomes) => {
        let state = createDamping({ rise, fall });
        let up = outcomes[0] === true;
        let inRow = 0;
        for (const [index, success] of outcomes.entries()) {
          inRow = success === outcomes[index - 1] ? inRow + 1 : 1;
          if (success !== up && inRow >= (success ? rise : fall)) up = success;
          state = stepDamping(state, success);
          expect(state.status).toBe(up ? 'up' : 'down');
        }
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});
