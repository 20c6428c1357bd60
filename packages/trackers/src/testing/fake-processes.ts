// Processes that exist only in memory: both the kernel's events and the table. The table passes the same contract as
// /proc (processTableContract).

import type { Clock } from '../clock.js';
import type { ProcessFacts } from '../process-match.js';
import type { ProcessEvent, ProcessEvents, ProcessTable } from '../process-watch.js';

export class FakeProcesses implements ProcessEvents, ProcessTable {
  readonly #clock: Clock;
  readonly #processes = new Map<number, ProcessFacts>();
  readonly #listeners = new Set<(event: ProcessEvent) => void>();
  #lists = 0;
  #lastPid = 1;
  /** Changes bring no events while this is set. */
  silent = false;
  /** µs from `list` to its answer, which shows the processes at the time of the call. */
  listTakes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often every process was asked for. */
  get lists(): number {
    return this.#lists;
  }

  /** A process appears as the kernel tells of it: a fork of `parent`, then exec. Returns its number. */
  run(argv: readonly string[], parent = 1): number {
    const pid = this.fork(parent);
    this.exec(pid, argv);
    return pid;
  }

  /** A copy of `parent`, or an unnamed process where that is not known. */
  fork(parent: number): number {
    this.#lastPid += 1;
    const pid = this.#lastPid;
    const original = this.#processes.get(parent) ?? { comm: 'init', zombie: false, argv: () => ['init'] };
    this.#processes.set(pid, { ...original, pid });
    this.#tell({ kind: 'fork', pid, parent });
    return pid;
  }

  exec(pid: number, argv: readonly string[]): void {
    const comm = (argv[0] ?? '').split('/').at(-1) ?? '';
    this.#processes.set(pid, { pid, comm: comm.slice(0, 15), zombie: false, argv: () => argv });
    this.#tell({ kind: 'exec', pid });
  }

  end(pid: number): void {
    this.#processes.delete(pid);
    this.#tell({ kind: 'exit', pid });
  }

  /** Events got lost, or there are no more. */
  break(event: Extract<ProcessEvent, { readonly kind: 'lost' | 'unavailable' }>): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribe(listener: (event: ProcessEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(onList: (processes: readonly ProcessFacts[]) => void): void {
    this.#lists += 1;
    const processes = [...this.#processes.values()];
    this.#clock.schedule(this.#clock.now() + this.listTakes, () => onList(processes));
  }

  facts(pid: number): ProcessFacts | undefined {
    return this.#processes.get(pid);
  }

  #tell(event: ProcessEvent): void {
    if (this.silent) return;
    for (const listener of this.#listeners) listener(event);
  }
}
