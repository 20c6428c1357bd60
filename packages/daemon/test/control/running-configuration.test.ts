// What a start makes of a configuration that the engine refuses in part: the rest runs, and the log and the status say what
// does not.
import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../../src/control/candidate.js';
import { RunningConfiguration } from '../../src/control/running-configuration.js';
import type { PrepareProblem } from '../../src/engine/messages.js';
import type { Desired } from '../../src/plan/desired.js';
import type { LifecycleEvent } from '../../src/reports/lifecycle-event.js';
import type { PlacedFinding } from '../../src/reports/placed-finding.js';
import { desiredRouter } from '../engine/pair.js';

const REMARK: PlacedFinding = { code: 'plan/x', severity: 'warning', message: 'a remark', place: null };
const placeOf = (name: string): PlacedFinding['place'] => ({ file: 'a.conf', line: name === 'A' ? 3 : 9, column: 1 });

function candidate(names: readonly string[]): Candidate {
  const desired = desiredRouter(100);
  const [router] = desired.virtualRouters;
  if (router === undefined) throw new Error('no virtual router');
  const virtualRouters = names.map((name) => ({ ...router, key: name, config: { ...router.config, name } }));
  const one = { desired: { ...desired, virtualRouters }, findings: [REMARK], problems: [], instancePlace: placeOf };
  return one as unknown as Candidate;
}

const namesOf = ({ virtualRouters }: Pick<Desired, 'virtualRouters'>): readonly string[] =>
  virtualRouters.map(({ config }) => config.name);

/** Begins with an engine that refuses these. */
async function begin(names: readonly string[], refused: readonly PrepareProblem[]) {
  const told: LifecycleEvent[] = [];
  const taken: { names: readonly string[]; findings: readonly PlacedFinding[] }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-running-'));
  const running = new RunningConfiguration({
    engine: {
      prepare: (desired) => {
        const there = new Set(namesOf(desired));
        return Promise.resolve(refused.filter(({ router }) => router === undefined || there.has(router)));
      },
      commit: () => Promise.resolve(undefined),
    },
    notifier: { prepare: () => ({ problems: [], commit: () => undefined, cancel: () => undefined }) },
    linkbeats: { configure: () => undefined },
    status: { configured: (desired, findings = []) => void taken.push({ names: namesOf(desired), findings }) },
    trackers: { configure: () => Promise.resolve() },
    journal: join(folder, 'journal'),
    routers: new Map(),
    tell: (event) => void told.push(event),
  });
  try {
    return { failure: await running.begin(candidate(names)), told, taken };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a start', () => {
  test('runs what the engine takes; what it refuses is told, and is a finding at its place', async () => {
    const { failure, told, taken } = await begin(['A', 'B'], [{ router: 'B', message: 'no' }]);
    expect(failure).toBeUndefined();
    expect(told).toEqual([{ kind: 'instance-refused', reason: '(B) no' }]);
    const finding: PlacedFinding = {
      code: 'run/instance-refused',
      severity: 'error',
      message: '(B) no',
      place: { file: 'a.conf', line: 9, column: 1 },
    };
    expect(taken).toEqual([{ names: ['A'], findings: [REMARK, finding] }]);
  });

  test('of what the engine takes whole has the findings of its file', async () => {
    const { told, taken } = await begin(['A', 'B'], []);
    expect([told, taken]).toEqual([[], [{ names: ['A', 'B'], findings: [REMARK] }]]);
  });

  test('comes to nothing when nothing is left, or the engine answers nothing', async () => {
    const nothing = await begin(['A'], [{ router: 'A', message: 'no' }]);
    expect([nothing.failure, nothing.taken]).toEqual([{ kind: 'nothing-to-run', message: '(A) no' }, []]);
    const silent = await begin(['A'], [{ message: 'no answer' }]);
    expect([silent.failure, silent.taken]).toEqual([{ kind: 'engine', message: 'no answer' }, []]);
  });
});
