// What a reload does with a file: refused with its reason, which is reported, or handed on whole.
import { describe, expect, test } from '@jest/globals';

import type { Candidate, Judged } from '../../src/control/candidate.js';
import { reload, type ReloadPorts } from '../../src/control/reload.js';
import type { RunEvent } from '../../src/reports/lifecycle-event.js';

/** As much of a candidate as a reload looks at. */
function candidate(names: readonly string[], runs = names, more: Partial<Candidate['model']> = {}): Candidate {
  return {
    model: { vrrp_instance: names.map((name) => ({ name })), ...more },
    desired: { virtualRouters: runs.map((name) => ({ config: { name } })) },
    problems: names.filter((name) => !runs.includes(name)).map((name) => `a.conf:7: ${name} cannot be run`),
  } as unknown as Candidate;
}

const FINDINGS = ['a.conf:7: a remark'];
const [RELOADING, JUDGED, COMPLETE]: readonly RunEvent[] = [
  { kind: 'reloading' },
  { kind: 'configuration-judged', findings: FINDINGS },
  { kind: 'reload-complete' },
];
const RUNS = candidate(['A', 'B']);

class Stage {
  readonly told: RunEvent[] = [];
  readonly replaced: Candidate[] = [];

  reload(next: Candidate | Error, ports: Partial<ReloadPorts> = {}): Promise<void> {
    return reload({
      judge: (): Judged => {
        if (next instanceof Error) throw next;
        return { kind: 'runnable', findings: FINDINGS, candidate: next };
      },
      test: () => 5,
      strict: false,
      namespaceIsGiven: false,
      running: {
        current: RUNS,
        replace: (one) => {
          this.replaced.push(one);
          return Promise.resolve(undefined);
        },
      },
      tell: (event) => void this.told.push(event),
      ...ports,
    });
  }
}

describe('a reload', () => {
  test('hands a good file on, and says that it is complete only then', async () => {
    const stage = new Stage();
    const next = candidate(['A']);
    let release: ((refusal: undefined) => void) | undefined;
    const replace = (): Promise<undefined> => new Promise((resolve) => (release = resolve));
    const done = stage.reload(next, { running: { current: RUNS, replace } });
    await Promise.resolve();
    expect(stage.told).toEqual([RELOADING, JUDGED]);
    release?.(undefined);
    await done;
    expect(stage.told).toEqual([RELOADING, JUDGED, COMPLETE]);
  });

  test.each([
    [
      'a namespace',
      candidate(['A'], ['A'], { net_namespace: 'x' }),
      {},
      /^Cannot change network namespace at a reload/,
    ],
    ['a name', candidate(['A'], ['A'], { instance: 'x' }), {}, /^Cannot change instance name at a reload/],
    ['a running instance that cannot run', candidate(['A', 'B'], ['A']), {}, /^instance B runs.*a\.conf:7: B cannot/],
    ['an error, when it is strict', candidate(['A', 'B']), { strict: true }, /a test of the file ends with status 5/],
    ['what nobody foresaw', new Error('EMFILE'), {}, /^EMFILE$/],
    [
      'what the engine cannot prepare',
      candidate(['A', 'B']),
      { running: { current: RUNS, replace: () => Promise.resolve('(A) no') } },
      /^\(A\) no$/,
    ],
  ] as const)('with %s is refused with one reason for all', async (_what, next, ports, reason) => {
    const stage = new Stage();
    await stage.reload(next, ports);
    expect(stage.replaced).toEqual([]);
    expect(stage.told[0]).toEqual(RELOADING);
    expect(stage.told.at(-1)).toEqual({ kind: 'reload-refused', reason: expect.stringMatching(reason) });
  });

  test('takes away what is no longer in the file, and leaves out what never ran', async () => {
    const stage = new Stage();
    const next = candidate(['A', 'C'], ['A'], {});
    await stage.reload(next);
    expect(stage.replaced).toEqual([next]);
  });

  test('does not look at the namespace of the file when the command line gives one', async () => {
    const stage = new Stage();
    await stage.reload(candidate(['A'], ['A'], { net_namespace: 'x' }), { namespaceIsGiven: true });
    expect(stage.told.at(-1)).toEqual(COMPLETE);
  });
});
