// Notify scripts in virtual time: their order, their arguments, and that none is left when the daemon stops.
import { describe, expect, test } from '@jest/globals';
import { FakeClock, FakeSpawner } from '@vrrp/trackers/testing';
import { array, assert, constantFrom, integer, property } from 'fast-check';

import { commandsFor } from '../../../src/control/notifications/notice.js';
import type { Notice, NoticeState } from '../../../src/reports/notice.js';
import {
  EMPTY_QUEUE,
  finishDelivery,
  offerDelivery,
  type Delivery,
  type DeliveryQueue,
  type QueueStep,
} from '../../../src/control/notifications/delivery-queue.js';
import { NOTIFY_TIMEOUT, ScriptRunner, STOP_LIMIT } from '../../../src/control/notifications/script-runner.js';
import { notificationEntries } from '../../../src/log/notification-sentences.js';
import type { NotifyScripts } from '../../../src/plan/notifications.js';

const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const STATES = ['MASTER', 'BACKUP', 'FAULT'] as const;

const notice = (state: NoticeState, name = 'VI_1', priority = 100): Notice => ({
  scope: 'INSTANCE',
  name,
  state,
  priority,
});
const REFUSED = { refused: 'script security: /unsafe' };
const command = (...argv: readonly string[]) => ({ argv, mustBeSafe: false });

/** A runner whose scripts are programs in memory; `log` is what it would write. */
class Stage {
  readonly clock = new FakeClock();
  readonly spawner = new FakeSpawner(this.clock);
  readonly log: string[] = [];
  readonly runner: ScriptRunner;

  constructor(scripts: NotifyScripts) {
    this.runner = new ScriptRunner({
      clock: this.clock,
      spawner: this.spawner,
      commandsFor: (one) => commandsFor(one, scripts),
      permit: ({ argv: [path] }) => (path === '/unsafe' ? REFUSED : {}),
      report: (report) =>
        this.log.push(...notificationEntries({ listener: 'script', report: report }).map(({ message }) => message)),
    });
  }

  get started(): readonly string[] {
    return this.spawner.requests.map(({ argv }) => argv.join(' '));
  }
}

describe('the scripts of a notice', () => {
  test.each<[NoticeState, readonly string[]]>([
    ['MASTER', ['/master x', '/any y INSTANCE VI_1 MASTER 100']],
    ['BACKUP', ['/any y INSTANCE VI_1 BACKUP 100']],
    ['FAULT', ['/any y INSTANCE VI_1 FAULT 100']],
    ['STOP', ['/stop', '/any y INSTANCE VI_1 STOP 100']],
  ])('for %s: the one for the state as it is, then the general one with four words', (state, expected) => {
    const scripts = { master: command('/master', 'x'), stop: command('/stop'), any: command('/any', 'y') };
    expect(commandsFor(notice(state), scripts).map(({ argv }) => argv.join(' '))).toEqual(expected);
  });

  test('for an instance that a reload removed: the general one alone', () => {
    const scripts = { fault: command('/fault'), any: command('/any') };
    const removed: Notice = { ...notice('FAULT'), reason: { cause: 'reload', faults: [] } };
    expect(commandsFor(removed, scripts).map(({ argv: [path] }) => path)).toEqual(['/any']);
  });

  test('run one after the other', () => {
    const stage = new Stage({ master: command('/master'), any: command('/any') });
    stage.spawner.install('/master', { runs: 50 * MILLISECOND });
    stage.spawner.install('/any', { runs: 50 * MILLISECOND });
    stage.runner.notify(notice('MASTER'));
    expect(stage.started).toEqual(['/master']);
    stage.clock.advance(60 * MILLISECOND);
    expect(stage.started).toEqual(['/master', '/any INSTANCE VI_1 MASTER 100']);
  });

  test.each([
    ['exits with 3', { runs: 1, end: { kind: 'exit', status: 3 } } as const, 'exit 3'],
    ['is killed', { runs: 1, end: { kind: 'signal', signal: 'SIGKILL' } } as const, 'signal 9'],
    ['hangs', {} as const, 'ended because it took too long'],
    ['ignores SIGTERM', { ignoresTerm: true } as const, 'ended because it took too long'],
    ['is not there', undefined, 'exec-error: spawn /any ENOENT'],
  ])('that %s: the log says so and the next state is told', (_title, program, expected) => {
    const stage = new Stage({ any: command('/any') });
    stage.spawner.install('/any', program);
    stage.runner.notify(notice('MASTER'));
    stage.runner.notify(notice('BACKUP'));
    stage.clock.advance(NOTIFY_TIMEOUT + 3 * SECOND);
    expect(stage.log[0]).toBe(`(VI_1) notify script /any (MASTER): ${expected}`);
    expect(stage.started).toEqual(['/any INSTANCE VI_1 MASTER 100', '/any INSTANCE VI_1 BACKUP 100']);
  });

  test('that script security forbids are not run', () => {
    const stage = new Stage({ any: command('/unsafe') });
    stage.runner.notify(notice('MASTER'));
    expect(stage.started).toEqual([]);
    expect(stage.log).toEqual(['(VI_1) notify script /unsafe (MASTER): exec-error: script security: /unsafe']);
  });
});

test('1,000 changes in 10 s with a script that takes 50 ms: never two at once, and the last state is the last told', () => {
  const stage = new Stage({ any: command('/any') });
  stage.spawner.install('/any', { runs: 50 * MILLISECOND });
  let most = 0;
  for (let change = 0; change < 1_000; change += 1) {
    stage.runner.notify(notice(STATES[change % 3] ?? 'FAULT', 'VI_1', change % 254));
    most = Math.max(most, stage.spawner.living);
    stage.clock.advance(10 * MILLISECOND);
    most = Math.max(most, stage.spawner.living);
  }
  stage.clock.advance(SECOND);
  expect(most).toBe(1);
  expect(stage.started.length).toBeGreaterThan(190);
  expect(stage.started.length).toBeLessThan(203);
  expect(stage.started.at(-1)).toBe(`/any INSTANCE VI_1 MASTER ${999 % 254}`);
});

test('a lower priority that was heard has its own script, and never costs a state its turn', () => {
  const stage = new Stage({ any: command('/any'), lowerPriority: command('/heard') });
  for (const path of ['/any', '/heard']) stage.spawner.install(path, { runs: SECOND });
  for (const state of ['MASTER', 'MASTER_RX_LOWER_PRI', 'BACKUP', 'MASTER_RX_LOWER_PRI'] as const)
    stage.runner.notify(notice(state));
  stage.clock.advance(3 * SECOND);
  expect(stage.started).toEqual(['/any INSTANCE VI_1 MASTER 100', '/any INSTANCE VI_1 BACKUP 100']);
  stage.runner.notify(notice('MASTER_RX_LOWER_PRI'));
  expect(stage.started.at(-1)).toBe('/heard');
});

test('two instances do not wait for each other', () => {
  const stage = new Stage({ any: command('/any') });
  stage.spawner.install('/any', { runs: SECOND });
  stage.runner.notify(notice('MASTER', 'VI_1'));
  stage.runner.notify(notice('MASTER', 'VI_2'));
  expect(stage.spawner.living).toBe(2);
});

describe('at the stop', () => {
  test.each([
    ['a quick script', { runs: 10 * MILLISECOND }, 2],
    ['one that hangs', {}, 2],
    ['one that hangs and ignores SIGTERM', { ignoresTerm: true }, 1],
    ['one with children', { runs: 10 * MILLISECOND, children: [{ runs: 20 * MILLISECOND }] }, 2],
  ])('%s: nothing of it is left within the limit', async (_title, program, runs) => {
    const stage = new Stage({ any: command('/any') });
    stage.spawner.install('/any', program);
    stage.runner.notify(notice('MASTER'));
    stage.runner.notify(notice('STOP'));
    const stopped = stage.runner.stop();
    stage.clock.advance(STOP_LIMIT);
    await stopped;
    stage.clock.advance(1);
    expect(stage.spawner.living).toBe(0);
    expect(stage.started).toHaveLength(runs);
  });

  test('with nothing to run it is over at once', async () => {
    const stage = new Stage({});
    stage.runner.notify(notice('STOP'));
    await stage.runner.stop();
    expect(stage.clock.now()).toBe(0);
  });
});

// Whatever comes in whatever order, however few may wait: what was offered last is told, nothing is told after it, and
// nothing is neither told nor reported as left out.
test('the queue ends with the latest notice', () => {
  const moves = array(constantFrom(...STATES, 'finish' as const), { maxLength: 60 });
  assert(
    property(moves, integer({ min: 1, max: 5 }), (made, waitingMax) => {
      const started: Delivery[] = [];
      const leftOut: Delivery[] = [];
      const take = ({ queue, start, superseded }: QueueStep<Delivery>) => {
        if (start !== undefined) started.push(start);
        if (superseded !== undefined) leftOut.push(superseded);
        expect(queue.waiting.length).toBeLessThanOrEqual(waitingMax);
        return queue;
      };
      let queue: DeliveryQueue<Delivery> = EMPTY_QUEUE;
      const offered: Delivery[] = [];
      for (const [index, move] of made.entries()) {
        if (move !== 'finish') {
          const job = { notice: notice(move, 'VI_1', index) };
          offered.push(job);
          queue = take(offerDelivery(queue, job, waitingMax));
          // Those that wait are the latest.
          expect(queue.waiting).toEqual(offered.slice(offered.length - queue.waiting.length));
        } else if (queue.running !== undefined) queue = take(finishDelivery(queue));
      }
      while (queue.running !== undefined) queue = take(finishDelivery(queue));
      expect(started.at(-1)).toEqual(offered.at(-1));
      const order = started.map((job) => job.notice.priority);
      expect(order).toEqual(order.toSorted((one, other) => one - other));
      expect(started.length + leftOut.length).toBe(offered.length);
    }),
    { seed: 5, numRuns: 200 },
  );
});
