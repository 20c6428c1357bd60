// What every Spawner does: FakeSpawner and the real one pass these cases.

import type { ProcessEnd, ProcessGroup, Spawner } from '../spawner.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

/** Programs the world under test can run, each with the argv that runs it there. */
export interface ContractPrograms {
  /** Ends at once with status 3. */
  readonly exitsWith3: readonly string[];
  /** Runs for longer than any test waits. */
  readonly endless: readonly string[];
  /** The same, and ignores SIGTERM (from 0.3 s after its start at the latest). */
  readonly ignoresTerm: readonly string[];
  /** Ends at once with status 0 and leaves an endless child in its group. */
  readonly leavesChild: readonly string[];
  /** Endless, with an endless child that has left the group (from 0.3 s after its start at the latest). */
  readonly childLeaves: readonly string[];
  /** Does not exist. */
  readonly missing: readonly string[];
}

/** The programs of a machine with a shell, sleep(1) and setsid(1). */
export const SHELL_PROGRAMS: ContractPrograms = {
  exitsWith3: shell('exit 3'),
  endless: shell('sleep 60'),
  ignoresTerm: shell('trap "" TERM; sleep 60'),
  leavesChild: shell('sleep 60 & exit 0'),
  childLeaves: shell('setsid sleep 60 & wait'),
  missing: ['/nonexistent/program'],
};

function shell(script: string): readonly string[] {
  return ['/bin/sh', '-c', script];
}

export interface SpawnerHarness extends Passage {
  readonly spawner: Spawner;
  readonly programs: ContractPrograms;
}

const TRAP_SET = 300_000;
const MOMENT = 50_000;

export const spawnerContract: readonly ContractCase<SpawnerHarness>[] = [
  {
    name: 'a program that ends tells its exit status, once, after spawn has returned',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'exitsWith3');
      ensure(ends.length === 0, 'not from within spawn');
      await until(harness, () => ends.length > 0, 'it ends');
      await harness.pass(MOMENT);
      ensure(describe(ends) === 'exit 3', `exit 3, not ${describe(ends)}`);
      ensure(!group.alive(), 'nothing is left');
    },
  },
  {
    name: 'a program that cannot be run is an exec error, not an exception',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'missing');
      ensure(ends.length === 0, 'not from within spawn');
      await until(harness, () => ends.length > 0, 'the error comes');
      const [end] = ends;
      ensure(end?.kind === 'exec-error' && end.message !== '', `an exec error with a reason, not ${describe(ends)}`);
      ensure(!group.alive(), 'there is no group');
      group.signal('SIGKILL');
    },
  },
  {
    name: 'SIGTERM ends a group, and its first process tells the signal after signal() has returned',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'endless');
      ensure(group.alive(), 'it runs');
      group.signal('SIGTERM');
      ensure(ends.length === 0, 'not from within signal');
      await until(harness, () => ends.length > 0 && !group.alive(), 'it ends');
      ensure(describe(ends) === 'signal SIGTERM', `signal SIGTERM, not ${describe(ends)}`);
    },
  },
  {
    name: 'SIGKILL ends what ignores SIGTERM',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'ignoresTerm');
      await harness.pass(TRAP_SET);
      group.signal('SIGTERM');
      await harness.pass(MOMENT);
      ensure(ends.length === 0 && group.alive(), 'it ignores SIGTERM');
      group.signal('SIGKILL');
      await until(harness, () => ends.length > 0 && !group.alive(), 'it ends');
      ensure(describe(ends) === 'signal SIGKILL', `signal SIGKILL, not ${describe(ends)}`);
    },
  },
  {
    name: 'a group lives as long as any child, and a signal reaches the child',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'leavesChild');
      await until(harness, () => ends.length > 0, 'the first process ends');
      ensure(describe(ends) === 'exit 0', `exit 0, not ${describe(ends)}`);
      ensure(group.alive(), 'the child lives on');
      group.signal('SIGKILL');
      await until(harness, () => !group.alive(), 'the child ends');
      ensure(ends.length === 1, 'only the first process is told of');
    },
  },
  {
    name: 'a signal reaches a child that has left the group',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'childLeaves');
      await harness.pass(TRAP_SET);
      group.signal('SIGTERM');
      await until(harness, () => ends.length > 0 && !group.alive(), 'both end');
    },
  },
  {
    name: 'a signal to a group that is gone does nothing',
    run: async (harness) => {
      const { ends, group } = spawn(harness, 'exitsWith3');
      await until(harness, () => ends.length > 0 && !group.alive(), 'it ends');
      group.signal('SIGTERM');
      group.signal('SIGKILL');
      await harness.pass(MOMENT);
      ensure(ends.length === 1 && !group.alive(), 'still gone');
    },
  },
];

function spawn(
  { spawner, programs }: SpawnerHarness,
  program: keyof ContractPrograms,
): { readonly ends: readonly ProcessEnd[]; readonly group: ProcessGroup } {
  const ends: ProcessEnd[] = [];
  const group = spawner.spawn({ argv: programs[program] }, (end) => ends.push(end));
  return { ends, group };
}

function describe(ends: readonly ProcessEnd[]): string {
  return ends
    .map((end) => {
      if (end.kind === 'exit') return `exit ${end.status}`;
      return end.kind === 'signal' ? `signal ${end.signal}` : `exec-error ${end.message}`;
    })
    .join(', ');
}
