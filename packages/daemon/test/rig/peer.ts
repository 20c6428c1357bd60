// A VRRP daemon under test, whichever it is: its log, its end by the book and its end by SIGKILL. What differs between
// daemons is in keepalived-peer.ts and vrrpd-peer.ts; suites use only this interface.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { Feed, withDeadline } from './deadline.js';

export interface LogLine {
  /** Microseconds since the epoch at which we read it: later than it was written, never earlier. */
  readonly at: number;
  readonly text: string;
}

export interface Peer {
  readonly kind: 'keepalived' | 'vrrpd';
  readonly namespace: string;
  readonly pid: number;
  /** What it has said so far. */
  readonly log: readonly LogLine[];
  /** The first line that matches, from index `from` of the log on; rejects after `within` milliseconds. */
  waitForLog(pattern: RegExp, options?: { readonly from?: number; readonly within?: number }): Promise<LogLine>;
  /** SIGTERM, and resolves with its exit status: the end by the book. */
  stop(): Promise<number>;
  /** SIGKILL to all its processes at once: none of them does anything more. */
  crash(): Promise<void>;
}

/** How many of its last lines are shown when it did not say what was waited for. */
const SHOWN_LINES_MAX = 30;

export class PeerProcess implements Peer {
  readonly kind: Peer['kind'];
  readonly namespace: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines = new Feed<LogLine>();
  readonly #ended: Promise<void>;
  readonly #crashWith: () => readonly number[];

  /**
   * `child` writes its log to standard error. `crashWith` names the processes that have to be killed before the child
   * itself, so that they cannot act on its death.
   */
  constructor(
    kind: Peer['kind'],
    namespace: string,
    child: ChildProcess,
    crashWith: () => readonly number[] = () => [],
  ) {
    if (child.pid === undefined || child.stderr === null) throw new Error(`${kind} could not be started`);
    this.kind = kind;
    this.namespace = namespace;
    this.pid = child.pid;
    this.#child = child;
    this.#crashWith = crashWith;
    this.#ended = once(child, 'close').then(() => undefined);
    const reader = createInterface({ input: child.stderr });
    reader.on('line', (text) => this.#lines.push({ at: Date.now() * 1000, text }));
  }

  get log(): readonly LogLine[] {
    return this.#lines.entries;
  }

  waitForLog(pattern: RegExp, options: { readonly from?: number; readonly within?: number } = {}): Promise<LogLine> {
    return this.#lines.waitFor({
      ...options,
      what: `${this.kind} in ${this.namespace} says ${pattern}`,
      satisfies: ({ text }) => pattern.test(text),
      context: () => this.#tail(),
    });
  }

  async stop(): Promise<number> {
    this.#child.kill('SIGTERM');
    await withDeadline(`${this.kind} ends after SIGTERM`, this.#ended);
    return this.#child.exitCode ?? -1;
  }

  async crash(): Promise<void> {
    for (const pid of this.#crashWith()) process.kill(pid, 'SIGKILL');
    this.#child.kill('SIGKILL');
    await withDeadline(`${this.kind} ends after SIGKILL`, this.#ended);
  }

  #tail(): string {
    const lines = this.log.slice(-SHOWN_LINES_MAX).map(({ text }) => `  ${text}`);
    return [`its last lines (exit ${this.#child.exitCode ?? 'none yet'}):`, ...lines].join('\n');
  }
}
