// The script tracker in virtual time: schedule, timeout, overlap, damping, reports, closing.
import { describe, expect, test } from '@jest/globals';
import { createScriptTracker, formatEvidence, SECOND } from '../src/index.js';
import type { ScriptTrackerOptions, Tracker, TrackerObservation } from '../src/index.js';
import { FakeClock, FakeSpawner } from '../src/testing/index.js';
import type { FakeProgram } from '../src/testing/index.js';

const SCRIPT = '/checks/api';
const RUN = 20_000;
const PASSES: FakeProgram = { runs: RUN };
const FAILS: FakeProgram = { runs: RUN, end: { kind: 'exit', status: 1 } };

interface World {
  readonly clock: FakeClock;
  readonly spawner: FakeSpawner;
  readonly tracker: Tracker;
  /** One line per report and observation, in order: time in seconds, what. */
  readonly lines: string[];
  install(program: FakeProgram | undefined): void;
}

function world(program: FakeProgram | undefined, changes: Partial<ScriptTrackerOptions> = {}): World {
  const clock = new FakeClock(5 * SECOND);
  const spawner = new FakeSpawner(clock);
  const install = (next: FakeProgram | undefined): void => spawner.install(SCRIPT, next);
  install(program);
  const lines: string[] = [];
  const note = (at: number, text: string): unknown => lines.push(`${(at - 5 * SECOND) / SECOND} ${text}`);
  const tracker = createScriptTracker(
    { ...OPTIONS, ...changes, observe: (o) => note(o.at, observed(o)) },
    { clock, spawner },
  );
  tracker.start(({ at, status, evidence }) => {
    note(at, `${status} ${formatEvidence(evidence)}`.trim());
  });
  return { clock, spawner, tracker, lines, install };
}

const OPTIONS: ScriptTrackerOptions = {
  name: 'api',
  argv: [SCRIPT, 'now'],
  interval: 5 * SECOND,
  timeout: 0,
  rise: 2,
  fall: 3,
  initFail: false,
};

function observed(observation: TrackerObservation): string {
  if (observation.kind === 'run-skipped') return `skipped: ${observation.reason}`;
  if (observation.kind === 'run-finished') return `ran ${observation.duration / SECOND}`;
  if (observation.kind === 'exit-status-changed') return `now returning ${observation.status}`;
  return observation.kind;
}

const reports = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !/ ran | skipped| returning /.test(line));

describe('the schedule', () => {
  test('the first run is at start, the others on a fixed schedule, however long a run takes', () => {
    const { clock, spawner, lines } = world({ runs: SECOND + 7 });
    expect(spawner.requests).toEqual([{ argv: [SCRIPT, 'now'] }]);
    clock.advance(11 * SECOND + 7);
    expect(lines.filter((line) => line.includes('ran'))).toEqual([
      '1.000007 ran 1.000007',
      '6.000007 ran 1.000007',
      '11.000007 ran 1.000007',
    ]);
  });

  test('a tick that finds a run going is skipped and told of; the schedule stays', () => {
    const { clock, lines } = world({ runs: 7 * SECOND }, { timeout: 8 * SECOND });
    clock.advance(17 * SECOND);
    expect(lines).toEqual(['5 skipped: running', '7 ran 7', '7 up exit 0', '15 skipped: running', '17 ran 7']);
  });

  test('ticks missed in a stall are not made up for', () => {
    const { clock, spawner, lines } = world(PASSES);
    clock.advance(SECOND);
    clock.stall(32 * SECOND);
    clock.advance(RUN);
    expect(spawner.requests.length).toBe(2);
    clock.advance(2 * SECOND);
    expect(lines.at(-1)).toBe('35.02 ran 0.02');
  });
});

describe('status, weight and evidence', () => {
  test('the first outcome decides at once; later ones by rise and fall', () => {
    const { clock, lines, install } = world(PASSES);
    clock.advance(SECOND);
    install(FAILS);
    clock.advance(15 * SECOND);
    install(PASSES);
    clock.advance(10 * SECOND);
    expect(reports(lines)).toEqual([
      '0.02 up exit 0',
      '5.02 up exit 1',
      '15.02 down exit 1',
      '20.02 down exit 0',
      '25.02 up exit 0',
    ]);
  });

  test.each<[string, FakeProgram | undefined, string]>([
    ['an exit status', { runs: RUN, end: { kind: 'exit', status: 77 } }, '0.02 down exit 77'],
    ['a signal', { runs: RUN, end: { kind: 'signal', signal: 'SIGSEGV' } }, '0.02 down signal 11'],
    ['a script that does not exist', undefined, `0 down exec-error: spawn ${SCRIPT} ENOENT`],
    ['a script that never ends', {}, '5 down timeout'],
  ])('%s is a failure with its reason', (_fact, program, report) => {
    const { clock, lines } = world(program);
    clock.advance(5 * SECOND);
    expect(reports(lines)).toEqual([report]);
  });

  test('a script removed under a running tracker fails after `fall` runs, a change of reason is told', () => {
    const { clock, lines, install } = world(PASSES, { fall: 2 });
    clock.advance(SECOND);
    install(undefined);
    clock.advance(15 * SECOND);
    install({});
    clock.advance(10 * SECOND);
    expect(reports(lines)).toEqual([
      '0.02 up exit 0',
      `5 up exec-error: spawn ${SCRIPT} ENOENT`,
      `10 down exec-error: spawn ${SCRIPT} ENOENT`,
      '25 down timeout',
    ]);
  });

  test('init_fail counts as failing until the first run has ended', () => {
    const { clock, lines } = world(PASSES, { initFail: true });
    clock.advance(SECOND);
    expect(reports(lines)).toEqual(['0 down', '0.02 up exit 0']);
  });

  test('a result carried over a reload stands until rise or fall changes it', () => {
    const { clock, lines } = world(FAILS, { carriedResult: 'up', fall: 2 });
    clock.advance(6 * SECOND);
    expect(reports(lines)).toEqual(['0 up', '0.02 up exit 1', '5.02 down exit 1']);
  });
});

describe('the timeout', () => {
  test('left out it is the interval; the run is failing then, whatever the script does afterwards', () => {
    const { clock, spawner, lines } = world({});
    clock.advance(5 * SECOND);
    expect(lines).toEqual(['5 skipped: running', '5 ran 5', '5 down timeout']);
    clock.advance(20_000);
    expect(spawner.living).toBe(0);
  });

  test('a script that ignores SIGTERM is killed 2 s later, children with it', () => {
    const { clock, spawner, lines } = world(
      { ignoresTerm: true, children: [{ ignoresTerm: true }, {}] },
      { interval: SECOND, timeout: SECOND / 2 },
    );
    clock.advance(SECOND / 2 - 1);
    expect(spawner.living).toBe(3);
    clock.advance(2 * SECOND);
    expect(spawner.living).toBe(2);
    clock.advance(1);
    expect(spawner.living).toBe(0);
    expect(lines).toEqual(['0.5 ran 0.5', '0.5 down timeout', '1 skipped: being-ended', '2 skipped: being-ended']);
    clock.advance(SECOND / 2);
    expect(spawner.requests.length).toBe(2);
  });

  test('a child that outlives a script killed by the timeout keeps its grace', () => {
    const { clock, spawner } = world({ children: [{ ignoresTerm: true, runs: 6 * SECOND }] });
    clock.advance(5_500_000);
    expect(spawner.living).toBe(1);
    clock.advance(500_000);
    expect(spawner.living).toBe(0);
  });
});

test('what a script that ended by itself leaves behind in its group lives on', () => {
  const { clock, spawner, lines } = world({ runs: RUN, children: [{ runs: 90 * SECOND }] });
  clock.advance(RUN);
  expect(lines.at(-1)).toBe('0.02 up exit 0');
  expect(spawner.living).toBe(1);
});

describe('closing', () => {
  test('between runs it is over at once and nothing more happens', async () => {
    const here = world(PASSES);
    here.clock.advance(SECOND);
    expect(await closes(here, 0)).toBe(true);
    here.clock.advance(60 * SECOND);
    expect(here.spawner.requests.length).toBe(1);
    expect(here.clock.untilNext).toBeUndefined();
  });

  test('a running script is ended and not reported any more', async () => {
    const here = world({});
    here.clock.advance(SECOND);
    expect(await closes(here, 20_000)).toBe(true);
    expect(here.spawner.living).toBe(0);
    here.clock.advance(60 * SECOND);
    expect(here.lines).toEqual([]);
    expect(here.clock.untilNext).toBeUndefined();
  });

  test('a stubborn one is killed after half a second, also when its timeout had begun to end it', async () => {
    const here = world({ ignoresTerm: true, children: [{ ignoresTerm: true }] });
    here.clock.advance(5_100_000);
    expect(await closes(here, 499_999)).toBe(false);
    expect(here.spawner.living).toBe(2);
    here.clock.advance(20_000);
    await here.tracker.close();
    expect(here.spawner.living).toBe(0);
  });

  test('closing twice waits for the same end; a closed tracker cannot be started', async () => {
    const here = world(PASSES);
    expect(here.tracker.close()).toBe(here.tracker.close());
    here.clock.advance(SECOND);
    await here.tracker.close();
    expect(() => here.tracker.start(() => undefined)).toThrow(TypeError);
  });
});

const returns = (lines: readonly string[]): readonly string[] => lines.filter((line) => line.includes('returning'));

describe('the exit status', () => {
  const TICK = 5 * SECOND;

  test('is told when it changes, before the report and whatever rise and fall make of it; 0 comes first', () => {
    const { clock, lines, install } = world({ runs: SECOND }, { fall: 2, rise: 1 });
    clock.advance(2 * SECOND);
    for (const status of [1, 1, 3, 0]) {
      install({ runs: SECOND, end: { kind: 'exit', status } });
      clock.advance(TICK);
    }
    expect(returns(lines)).toEqual(['6 now returning 1', '16 now returning 3', '21 now returning 0']);
    const first = lines.findIndex((line) => line.includes('returning 3'));
    expect(lines.slice(first)).toEqual([
      '16 now returning 3',
      '16 ran 1',
      '16 down exit 3',
      '21 now returning 0',
      '21 ran 1',
      '21 up exit 0',
    ]);
  });

  test('a run that a signal or its timeout ends has none', () => {
    const { clock, lines, install } = world(
      { runs: SECOND, end: { kind: 'exit', status: 2 } },
      { timeout: 2 * SECOND },
    );
    clock.advance(2 * SECOND);
    install({ runs: SECOND, end: { kind: 'signal', signal: 'SIGKILL' } });
    clock.advance(TICK);
    install({});
    clock.advance(TICK);
    install({ runs: SECOND, end: { kind: 'exit', status: 2 } });
    clock.advance(TICK);
    expect(returns(lines)).toEqual(['1 now returning 2']);
  });

  test('of an earlier tracker of the same script goes on', () => {
    const { clock, lines } = world({ runs: SECOND, end: { kind: 'exit', status: 2 } }, { carriedExitStatus: 2 });
    clock.advance(TICK);
    expect(returns(lines)).toEqual([]);
  });
});

test.each<[string, Partial<ScriptTrackerOptions>, new (message: string) => Error]>([
  ['no command', { argv: [] }, TypeError],
  ['interval 0', { interval: 0 }, RangeError],
  ['a negative timeout', { timeout: -1 }, RangeError],
  ['rise 0', { rise: 0 }, RangeError],
  ['fall 0', { fall: 0 }, RangeError],
])('%s is refused', (_fact, changes, error) => {
  const clock = new FakeClock();
  const ports = { clock, spawner: new FakeSpawner(clock) };
  expect(() => createScriptTracker({ ...OPTIONS, ...changes }, ports)).toThrow(error);
});

/** Whether close() has resolved once `limit` µs have passed. */
async function closes({ tracker, clock }: World, limit: number): Promise<boolean> {
  let closed = false;
  const done = tracker.close().then(() => (closed = true));
  clock.advance(limit);
  await Promise.resolve();
  await Promise.race([done, Promise.resolve()]);
  return closed;
}
