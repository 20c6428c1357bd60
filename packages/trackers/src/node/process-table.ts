// The real process table: /proc/PID/stat and /proc/PID/cmdline. Threads are not listed there, kernel threads are.

import { readdir } from 'node:fs';
import type { ProcessFacts } from '../process-match.js';
import type { ProcessTable } from '../process-watch.js';
import { readProcessFile, readProcessStat } from './process-stat.js';

/** Processes read between two turns of the event loop: about 3 ms. */
const READ_AT_ONCE = 200;

export const nodeProcessTable: ProcessTable = {
  list(onList) {
    readdir('/proc', (error, names) => {
      const pids = (error === null ? names : []).map(Number).filter((pid) => Number.isInteger(pid));
      readOn(pids, [], onList);
    });
  },
  facts: readFacts,
};

function readOn(
  pids: readonly number[],
  found: readonly ProcessFacts[],
  onList: (processes: readonly ProcessFacts[]) => void,
): void {
  const some = pids.slice(0, READ_AT_ONCE).map((pid) => readFacts(pid));
  const all = [...found, ...some.filter((facts) => facts !== undefined)];
  if (pids.length > READ_AT_ONCE) setImmediate(() => readOn(pids.slice(READ_AT_ONCE), all, onList));
  else onList(all);
}

function readFacts(pid: number): ProcessFacts | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined) return undefined;
  const argv = (): readonly string[] => readProcessFile(pid, 'cmdline').split('\0').slice(0, -1);
  return { pid, comm: stat.comm, zombie: stat.zombie, argv };
}
