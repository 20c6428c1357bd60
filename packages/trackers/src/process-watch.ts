// One watch of the machine's processes for any number of process trackers: kernel events (fork, exec, comm, exit) where
// they are to be had, a look at every process each second where they are not, or where they keep silent (a process
// namespace of its own). It matches nothing itself.

import { assertNever } from './assert-never.js';
import type { Cancel, Clock } from './clock.js';
import { SECOND } from './clock.js';
import type { ProcessFacts } from './process-match.js';
import type { ProcessChange } from './process-quorum.js';

/** What the kernel's process connector tells. */
export type ProcessEvent =
  | { readonly kind: 'fork'; readonly pid: number; readonly parent: number }
  | { readonly kind: 'exec' | 'comm' | 'exit'; readonly pid: number }
  /** Events were lost (ENOBUFS). */
  | { readonly kind: 'lost' }
  /** There are no events, or no more: no right, no such kernel. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Implemented over the kernel's process connector (netlink) by whoever owns such a socket, and by FakeProcesses. */
export interface ProcessEvents {
  /** Processes only, no threads. Never calls from within `subscribe`. Returns what ends it. */
  subscribe(listener: (event: ProcessEvent) => void): () => void;
}

/** Implemented by src/node/process-table.ts (/proc) and by FakeProcesses. */
export interface ProcessTable {
  /** Calls `onList` once with every process, never from within `list`. */
  list(onList: (processes: readonly ProcessFacts[]) => void): void;
  /** Undefined when it is not there any more. */
  facts(pid: number): ProcessFacts | undefined;
}

export interface ProcessPorts {
  readonly clock: Clock;
  readonly table: ProcessTable;
  /** Left out: every process is looked at each second. */
  readonly events?: ProcessEvents;
  /** Told, once for all trackers, when there are no events and every process is looked at each second instead. */
  readonly onPolling?: (reason: string) => void;
}

export interface ProcessWatch {
  /** The first thing heard is a snapshot. Never calls from within `subscribe`. Returns what ends it. */
  subscribe(listener: (change: ProcessChange) => void): () => void;
}

/** Between two looks at every process without events, and at least between two after lost ones. */
export const LOOK_INTERVAL = SECOND;
/** Between two looks at every process with events: they may be silent, and what went wrong is put right. */
export const VERIFY_INTERVAL = 5 * SECOND;
/** Events kept back while a list is on its way; more count as lost. */
const HELD_MAX = 10_000;

/** Costs nothing until somebody subscribes and after the last one has gone. */
export function createProcessWatch(ports: ProcessPorts): ProcessWatch {
  return new SharedWatch(ports);
}

class SharedWatch implements ProcessWatch {
  readonly #ports: ProcessPorts;
  readonly #listeners = new Set<(change: ProcessChange) => void>();
  #unsubscribe: () => void = () => undefined;
  #nextLook: { readonly at: number; readonly cancel: Cancel } | undefined;
  #polling = false;
  #eventsSinceList = 0;
  #listed: ReadonlySet<number> | undefined;
  /** A list is on its way: what happens until it is there happens after it. */
  #listing = false;
  #held: PassedEvent[] = [];
  /** Set anew by each first subscriber: a list asked for before belongs to nobody. */
  #era = 0;
  #lastList = Number.NEGATIVE_INFINITY;

  constructor(ports: ProcessPorts) {
    this.#ports = ports;
  }

  subscribe(listener: (change: ProcessChange) => void): () => void {
    // A function of its own: the same listener may subscribe twice.
    const own = (change: ProcessChange): void => listener(change);
    this.#listeners.add(own);
    if (this.#listeners.size === 1) this.#begin();
    else this.#list();
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.#end();
    };
  }

  #begin(): void {
    const { events } = this.#ports;
    this.#era += 1;
    this.#polling = events === undefined;
    // Events first, then the list: what happens in between is not lost.
    if (events !== undefined) this.#unsubscribe = events.subscribe((event) => this.#take(event));
    this.#list();
  }

  #end(): void {
    this.#unsubscribe();
    this.#unsubscribe = () => undefined;
    this.#nextLook?.cancel();
    this.#nextLook = undefined;
    this.#listing = false;
    this.#held = [];
    this.#listed = undefined;
  }

  #take(event: ProcessEvent): void {
    this.#eventsSinceList += 1;
    if (event.kind === 'unavailable') this.#poll(event.reason);
    else if (event.kind === 'lost' || this.#held.length === HELD_MAX) this.#lookAgain();
    else if (this.#listing) this.#held.push(event);
    else this.#pass(event);
  }

  #pass(event: PassedEvent): void {
    switch (event.kind) {
      case 'fork':
        this.#tell(event);
        return;
      case 'exit':
        this.#tell({ kind: 'exit', pid: event.pid });
        return;
      case 'exec':
      case 'comm': {
        const process = this.#ports.table.facts(event.pid);
        this.#tell(process === undefined ? { kind: 'exit', pid: event.pid } : { kind: 'renamed', process });
        return;
      }
      default:
        assertNever(event);
    }
  }

  #poll(reason: string): void {
    if (this.#polling) return;
    this.#polling = true;
    this.#ports.onPolling?.(reason);
    this.#lookAgain();
  }

  /** At most one list each second, however often events are lost. */
  #lookAgain(interval = LOOK_INTERVAL): void {
    const { clock } = this.#ports;
    const at = Math.max(this.#lastList + interval, clock.now());
    if (this.#nextLook !== undefined && this.#nextLook.at <= at) return;
    this.#nextLook?.cancel();
    const cancel = clock.schedule(at, () => {
      this.#nextLook = undefined;
      this.#list();
    });
    this.#nextLook = { at, cancel };
  }

  #list(): void {
    if (this.#listing) {
      this.#lookAgain();
      return;
    }
    const era = this.#era;
    this.#listing = true;
    this.#lastList = this.#ports.clock.now();
    const silent = this.#eventsSinceList === 0;
    this.#eventsSinceList = 0;
    this.#ports.table.list((processes) => {
      if (era !== this.#era || this.#listeners.size === 0) return;
      this.#listing = false;
      this.#verify(new Set(processes.map(({ pid }) => pid)), silent);
      this.#tell({ kind: 'snapshot', processes });
      const held = this.#held;
      this.#held = [];
      for (const event of held) this.#pass(event);
      this.#lookAgain(this.#polling ? LOOK_INTERVAL : VERIFY_INTERVAL);
    });
  }

  /** Other processes than at the last look, and not one event in between: the events are not ours to hear. */
  #verify(pids: ReadonlySet<number>, silent: boolean): void {
    const before = this.#listed;
    this.#listed = pids;
    if (before === undefined || !silent) return;
    if (before.size !== pids.size || [...pids].some((pid) => !before.has(pid)))
      this.#poll('process events do not come');
  }

  #tell(change: ProcessChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

type PassedEvent = Exclude<ProcessEvent, { readonly kind: 'lost' | 'unavailable' }>;
