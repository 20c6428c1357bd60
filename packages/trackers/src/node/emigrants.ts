// Processes that a program started and that left its process group (setsid): found by parentage while their parents live.
// One whose parents had ended before anybody looked belongs to nobody any more: that is how daemons are made, and a check
// that starts a service again must not take it down with it.

import { readdirSync } from 'node:fs';
import { readProcessFile, readProcessStat } from './process-stat.js';

/** More are not followed: a program that forks faster than it is looked at. */
const FOUND_MAX = 1_000;

export class Emigrants {
  readonly #leader: number;
  /** Start times by pid: a pid that has another one belongs to a stranger. */
  readonly #found = new Map<number, string>();

  /** @param leader the first process of the group, whose pid is the group's number. */
  constructor(leader: number) {
    this.#leader = leader;
  }

  /** Takes note of those there are now. */
  look(): void {
    const ahead = [this.#leader, ...this.#living()];
    const seen = new Set(ahead);
    for (let pid = ahead.pop(); pid !== undefined && seen.size < FOUND_MAX; pid = ahead.pop()) {
      for (const child of childrenOf(pid)) {
        if (seen.has(child)) continue;
        seen.add(child);
        ahead.push(child);
        const stat = readProcessStat(child);
        if (stat !== undefined && stat.group !== this.#leader) this.#found.set(child, stat.startTime);
      }
    }
  }

  signal(signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const pid of this.#living()) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended just now, or is a user's that we may not signal.
      }
    }
  }

  alive(): boolean {
    return this.#living().length > 0;
  }

  #living(): readonly number[] {
    return [...this.#found].flatMap(([pid, startTime]) => {
      const stat = readProcessStat(pid);
      return stat?.startTime === startTime && !stat.zombie ? [pid] : [];
    });
  }
}

/** Of all its threads; none where the kernel does not say (CONFIG_PROC_CHILDREN). */
function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readProcessFile(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
