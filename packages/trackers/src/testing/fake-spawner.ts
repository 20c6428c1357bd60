// Programs that exist only in memory and virtual time. Passes the same contract as the real spawner (spawnerContract).
// A group is its first process and that one's children; each ends by itself or by a signal.

import type { Clock } from '../clock.js';
import type { GroupSignal, ProcessEnd, ProcessGroup, SpawnRequest, Spawner } from '../spawner.js';

export interface FakeProcess {
  /** µs it runs; for ever when left out. */
  readonly runs?: number;
  readonly ignoresTerm?: boolean;
}

export interface FakeProgram extends FakeProcess {
  /** How it ends when it is left alone; `exit 0` when left out. */
  readonly end?: ProcessEnd;
  /** Processes it leaves in its group. */
  readonly children?: readonly FakeProcess[];
}

interface Living {
  readonly cancel: () => void;
  readonly ignoresTerm: boolean;
  readonly dies: (signal: GroupSignal) => void;
}

export class FakeSpawner implements Spawner {
  readonly #clock: Clock;
  readonly #programs = new Map<string, FakeProgram>();
  readonly #requests: SpawnRequest[] = [];
  readonly #groups: Set<Living>[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What was asked for, first to last. */
  get requests(): readonly SpawnRequest[] {
    return this.#requests;
  }

  /** How many processes live now, children included. */
  get living(): number {
    return this.#groups.reduce((sum, group) => sum + group.size, 0);
  }

  /** From now on `path` runs this program; without one it cannot be run at all. */
  install(path: string, program: FakeProgram | undefined): void {
    if (program === undefined) this.#programs.delete(path);
    else this.#programs.set(path, program);
  }

  spawn(request: SpawnRequest, onEnd: (end: ProcessEnd) => void): ProcessGroup {
    this.#requests.push(request);
    const group = new Set<Living>();
    this.#groups.push(group);
    const [path = ''] = request.argv;
    const program = this.#programs.get(path);
    if (program === undefined) {
      this.#soon(() => onEnd({ kind: 'exec-error', message: `spawn ${path} ENOENT` }));
    } else {
      this.#live(group, program, program.end ?? { kind: 'exit', status: 0 }, onEnd);
      for (const child of program.children ?? [])
        this.#live(group, child, { kind: 'exit', status: 0 }, () => undefined);
    }
    return {
      alive: () => group.size > 0,
      signal: (signal) => {
        for (const living of group) if (signal === 'SIGKILL' || !living.ignoresTerm) living.dies(signal);
      },
    };
  }

  #live(group: Set<Living>, process: FakeProcess, end: ProcessEnd, onEnd: (end: ProcessEnd) => void): void {
    const dies = (how: ProcessEnd): void => {
      living.cancel();
      if (group.delete(living)) onEnd(how);
    };
    const { runs, ignoresTerm = false } = process;
    const cancel =
      runs === undefined ? () => undefined : this.#clock.schedule(this.#clock.now() + runs, () => dies(end));
    const living: Living = {
      cancel,
      ignoresTerm,
      dies: (signal) => this.#soon(() => dies({ kind: 'signal', signal })),
    };
    group.add(living);
  }

  #soon(callback: () => void): void {
    this.#clock.schedule(this.#clock.now(), callback);
  }
}
