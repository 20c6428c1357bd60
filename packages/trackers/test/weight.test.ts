// What a result does to a priority: behaviour observed on keepalived, one row per cell of the table of weights.
import { expect, test } from '@jest/globals';
import { contributionOf } from '../src/index.js';
import type { Contribution, Reading, Weighting } from '../src/index.js';

const add = (value: number): Contribution => ({ kind: 'weight', value });
const gate = (open: boolean): Contribution => ({ kind: 'gate', open });
const weigh = (weight: number): Weighting => ({ weight, reverse: false });
const reversed = (weight: number): Weighting => ({ weight, reverse: true });

test.each([
  ['up', weigh(10), add(10)],
  ['down', weigh(10), add(0)],
  ['unknown', weigh(10), add(0)],
  ['up', weigh(-20), add(0)],
  ['down', weigh(-20), add(-20)],
  ['unknown', weigh(-20), add(0)],
  ['up', reversed(10), add(-10)],
  ['down', reversed(10), add(0)],
  ['up', reversed(-20), add(0)],
  ['down', reversed(-20), add(20)],
  ['up', weigh(0), gate(true)],
  ['down', weigh(0), gate(false)],
  ['unknown', weigh(0), gate(false)],
  ['up', reversed(0), gate(false)],
  ['down', reversed(0), gate(true)],
  ['unknown', reversed(0), gate(false)],
] as const)('a script, process or interface that is %s with %p gives %p', (status, weighting, contribution) => {
  for (const kind of ['script', 'process', 'interface'] as const)
    expect(contributionOf(kind, { status }, weighting)).toEqual(contribution);
});

const holding = (value: number): Reading => ({ status: value === 0 ? 'up' : 'down', value });

test.each([
  [5, weigh(1), add(5)],
  [-5, weigh(1), add(-5)],
  [5, weigh(-2), add(-10)],
  [5, reversed(2), add(-10)],
  [0, weigh(-3), add(0)],
  [253, weigh(1), add(253)],
  [300, weigh(1), add(253)],
  [-253, weigh(1), add(-253)],
  [-254, weigh(1), gate(false)],
  [127, weigh(-2), gate(false)],
  [-127, weigh(-2), add(253)],
  [1, weigh(0), gate(false)],
  [0, weigh(0), gate(true)],
  [1, reversed(0), gate(true)],
  [0, reversed(0), gate(false)],
])('a file with %p and %p gives %p', (value, weighting, contribution) => {
  expect(contributionOf('file', holding(value), weighting)).toEqual(contribution);
});

test('a file without a number contributes nothing and closes a gate', () => {
  expect(contributionOf('file', { status: 'down' }, weigh(5))).toEqual(add(0));
  expect(contributionOf('file', { status: 'down' }, weigh(0))).toEqual(gate(false));
});
