// Which matching processes live and whether they are enough (keepalived.conf(5), vrrp_track_process: quorum, delays).
// Pure. A child inherits its parent's name, so a fork needs no look at the child.

import { assertNever } from './assert-never.js';
import { expireDebounced, observeDebounced } from './debounce.js';
import type { DebounceState } from './debounce.js';
import { matchesProcess } from './process-match.js';
import type { ProcessFacts, ProcessPattern } from './process-match.js';

export type ProcessChange =
  /** Every process there is. */
  | { readonly kind: 'snapshot'; readonly processes: readonly ProcessFacts[] }
  | { readonly kind: 'fork'; readonly pid: number; readonly parent: number }
  /** It has another program (exec) or another name (comm). */
  | { readonly kind: 'renamed'; readonly process: ProcessFacts }
  | { readonly kind: 'exit'; readonly pid: number };

export interface QuorumOptions extends ProcessPattern {
  /** Fewest processes that are enough, 0..65535. */
  readonly quorum: number;
  /** Most processes that are still fine; 0 means none may run. No limit when left out. */
  readonly quorumMax?: number;
  /** µs a change that came with a new process must stand before it counts. */
  readonly forkDelay: number;
  /** The same for a process that ended. */
  readonly terminateDelay: number;
}

export interface QuorumState {
  readonly pids: ReadonlySet<number>;
  /** Undefined before the first snapshot. */
  readonly quorum: DebounceState | undefined;
}

export const NO_PROCESSES: QuorumState = { pids: new Set(), quorum: undefined };

export function stepQuorum(
  state: QuorumState,
  change: ProcessChange,
  options: QuorumOptions,
  now: number,
): QuorumState {
  const pids = changedPids(state.pids, change, options);
  const enough = isEnough(pids.size, options);
  if (state.quorum === undefined) {
    return { pids, quorum: change.kind === 'snapshot' ? { current: enough } : undefined };
  }
  // A loss that waits is not hastened by a fork that does not make up for it, nor the other way round.
  if (state.quorum.pending?.value === enough) return { pids, quorum: state.quorum };
  const delay = delayOf(state.pids.size, pids.size, change, options);
  return { pids, quorum: observeDebounced(state.quorum, enough, delay, now) };
}

export function expireQuorum(state: QuorumState, now: number): QuorumState {
  return state.quorum === undefined ? state : { pids: state.pids, quorum: expireDebounced(state.quorum, now) };
}

function changedPids(pids: ReadonlySet<number>, change: ProcessChange, pattern: ProcessPattern): ReadonlySet<number> {
  switch (change.kind) {
    case 'snapshot':
      return new Set(change.processes.filter((facts) => matchesProcess(pattern, facts)).map(({ pid }) => pid));
    case 'fork':
      return pids.has(change.parent) ? new Set([...pids, change.pid]) : pids;
    case 'exit':
      return pids.has(change.pid) ? without(pids, change.pid) : pids;
    case 'renamed': {
      const { pid } = change.process;
      const matches = matchesProcess(pattern, change.process);
      if (matches === pids.has(pid)) return pids;
      return matches ? new Set([...pids, pid]) : without(pids, pid);
    }
    default:
      return assertNever(change);
  }
}

function without(pids: ReadonlySet<number>, pid: number): ReadonlySet<number> {
  return new Set([...pids].filter((other) => other !== pid));
}

function isEnough(count: number, { quorum, quorumMax }: QuorumOptions): boolean {
  return count >= quorum && count <= (quorumMax ?? Infinity);
}

/** Only forks and exits are delayed. What a snapshot shows came by one of them: more processes by fork, fewer by exit. */
function delayOf(before: number, after: number, change: ProcessChange, options: QuorumOptions): number {
  if (change.kind === 'renamed') return 0;
  return after >= before ? options.forkDelay : options.terminateDelay;
}
