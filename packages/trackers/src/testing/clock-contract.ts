// What every Clock does: FakeClock and the real one pass these cases.

import type { Clock } from '../clock.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

export interface ClockHarness extends Passage {
  readonly clock: Clock;
}

const STEP = 5_000;

export const clockContract: readonly ContractCase<ClockHarness>[] = [
  {
    name: 'time never goes back and counts whole microseconds',
    run: async ({ clock, pass }) => {
      const before = clock.now();
      await pass(STEP);
      ensure(Number.isInteger(before), 'now() is an integer');
      ensure(clock.now() >= before + STEP, 'now() moves with time');
    },
  },
  {
    name: 'a callback comes once, at its time or later, never from within schedule',
    run: async (harness) => {
      const { clock, pass } = harness;
      const calls: number[] = [];
      const at = clock.now() + STEP;
      clock.schedule(at, () => calls.push(clock.now()));
      clock.schedule(clock.now() - STEP, () => calls.push(0));
      ensure(calls.join() === '', 'not from within schedule, not even for a time gone by');
      await until(harness, () => calls.length === 2, 'both callbacks come');
      await pass(STEP);
      ensure(calls.length === 2 && calls[0] === 0, 'each once, the one for a time gone by first');
      ensure((calls[1] ?? 0) >= at, 'never early');
    },
  },
  {
    name: 'callbacks come in the order of their times, then of their scheduling',
    run: async (harness) => {
      const { clock } = harness;
      const calls: string[] = [];
      const base = clock.now() + STEP;
      for (const [name, offset] of [
        ['c', 400],
        ['a', 0],
        ['d', 400],
        ['b', 100],
      ] as const)
        clock.schedule(base + offset, () => calls.push(name));
      await until(harness, () => calls.length === 4, 'all come');
      ensure(calls.join('') === 'abcd', `in order, not ${calls.join('')}`);
    },
  },
  {
    name: 'a cancelled callback does not come; cancelling late or twice does nothing',
    run: async (harness) => {
      const { clock, pass } = harness;
      let calls = 0;
      const cancel = clock.schedule(clock.now() + STEP, () => (calls += 1));
      const cancelOther = clock.schedule(clock.now() + STEP, () => (calls += 10));
      cancel();
      cancel();
      await until(harness, () => calls > 0, 'the other one comes');
      cancelOther();
      await pass(STEP);
      ensure(calls === 10, 'only the other one, once');
    },
  },
  {
    name: 'a callback may schedule another and cancel a third',
    run: async (harness) => {
      const { clock, pass } = harness;
      const calls: string[] = [];
      const at = clock.now() + STEP;
      clock.schedule(at, () => {
        cancelThird();
        clock.schedule(clock.now(), () => calls.push('second'));
      });
      const cancelThird = clock.schedule(at, () => calls.push('third'));
      await until(harness, () => calls.length > 0, 'the second comes');
      await pass(STEP);
      ensure(calls.join() === 'second', `the third does not: ${calls.join()}`);
    },
  },
];
