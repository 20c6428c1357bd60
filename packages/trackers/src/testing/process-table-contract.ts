// What every ProcessTable does: FakeProcesses and the one over /proc pass these cases.

import type { ProcessFacts } from '../process-match.js';
import type { ProcessTable } from '../process-watch.js';
import { ensure, until } from './contract.js';
import type { ContractCase, Passage } from './contract.js';

export interface ProcessTableHarness extends Passage {
  readonly table: ProcessTable;
  /** Starts a process of this world: its number and its command line. */
  run(): { readonly pid: number; readonly argv: readonly string[]; readonly comm: string };
  /** Ends it; resolves when it is gone. */
  end(pid: number): Promise<void>;
}

export const processTableContract: readonly ContractCase<ProcessTableHarness>[] = [
  {
    name: 'a running process is listed with its name and command line, and not after its end',
    run: async (harness) => {
      const { pid, argv, comm } = harness.run();
      const facts = await listed(harness, pid);
      ensure(facts?.comm === comm, `its name is ${comm}, not ${facts?.comm}`);
      ensure(!facts.zombie, 'it lives');
      ensure(JSON.stringify(facts.argv()) === JSON.stringify(argv), `its arguments are ${argv.join(' ')}`);
      await harness.end(pid);
      ensure((await listed(harness, pid)) === undefined, 'it is gone');
    },
  },
  {
    name: 'the facts of one process, and none for one that is gone',
    run: async (harness) => {
      const { table } = harness;
      const { pid, comm } = harness.run();
      const facts = table.facts(pid);
      ensure(facts?.comm === comm, 'its facts');
      await harness.end(pid);
      ensure(table.facts(pid) === undefined, 'it is gone');
    },
  },
];

async function listed(harness: ProcessTableHarness, pid: number): Promise<ProcessFacts | undefined> {
  const lists: (readonly ProcessFacts[])[] = [];
  harness.table.list((processes) => lists.push(processes));
  ensure(lists.length === 0, 'not from within list');
  await until(harness, () => lists.length > 0, 'a list');
  return lists[0]?.find((facts) => facts.pid === pid);
}
