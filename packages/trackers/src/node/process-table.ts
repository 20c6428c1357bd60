// The real process table: /proc/PID/stat and /proc/PID/cmdline. Threads are not listed there, kernel threads are.

import { readdir, readFileSync } from 'node:fs';
import type { ProcessFacts } from '../process-match.js';
import type { ProcessTable } from '../process-watch.js';

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

/** proc(5), /proc/PID/stat: `PID (comm) STATE …`; comm may itself hold blanks and parentheses. */
function readFacts(pid: number): ProcessFacts | undefined {
  const stat = readOf(pid, 'stat');
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open === -1 || close < open) return undefined;
  const state = stat.slice(close + 2, close + 3);
  return {
    pid,
    comm: stat.slice(open + 1, close),
    zombie: state === 'Z' || state === 'X',
    argv: () => readOf(pid, 'cmdline').split('\0').slice(0, -1),
  };
}

/** '' for a process that is not there any more. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
