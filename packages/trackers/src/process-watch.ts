// One watch of the machine's processes for any number of process trackers: kernel events (fork, exec, comm, exit) where
// they are to be had, a look at every process each second where they are not. It matches nothing itself.

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
  #cancelLook: Cancel | undefined;
  #polling = false;
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
    this.#cancelLook?.();
    this.#cancelLook = undefined;
    this.#listing = false;
    this.#held = [];
  }

  #take(event: ProcessEvent): void {
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
  #lookAgain(): void {
    const { clock } = this.#ports;
    const at = Math.max(this.#lastList + LOOK_INTERVAL, clock.now());
    this.#cancelLook ??= clock.schedule(at, () => {
      this.#cancelLook = undefined;
      this.#list();
    });
  }

  #list(): void {
    if (this.#listing) {
      this.#lookAgain();
      return;
    }
    const era = this.#era;
    this.#listing = true;
    this.#lastList = this.#ports.clock.now();
    this.#ports.table.list((processes) => {
      if (era !== this.#era || this.#listeners.size === 0) return;
      this.#listing = false;
      this.#tell({ kind: 'snapshot', processes });
      const held = this.#held;
      this.#held = [];
      for (const event of held) this.#pass(event);
      if (this.#polling) this.#lookAgain();
    });
  }

  #tell(change: ProcessChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

type PassedEvent = Exclude<ProcessEvent, { readonly kind: 'lost' | 'unavailable' }>;
