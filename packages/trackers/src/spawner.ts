// The port through which a tracker runs a program: in a process group of its own, with nothing on its descriptors.
// Implemented by src/node/spawner.ts and by FakeSpawner; both pass the same contract (./testing).

import type { Environment } from './environment.js';

/** Numeric: names are resolved where the configuration is read. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  /** Supplementary groups; none when left out. */
  readonly groups?: readonly number[];
}

export interface SpawnRequest {
  /** The program (a path, or a name looked for in PATH) and its arguments; no shell is involved. */
  readonly argv: readonly string[];
  /** The spawner's own user when left out. */
  readonly user?: RunAs;
  /** Laid over the spawner's own environment; undefined removes a name. */
  readonly environment?: Environment;
}

/** How the first process of a group ended, or why it never began. */
export type ProcessEnd =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'exec-error'; readonly message: string };

export type GroupSignal = 'SIGTERM' | 'SIGKILL';

export interface ProcessGroup {
  /**
   * Sends to every process of the group, and to those that left it (setsid) while the process that started them lives.
   * Does nothing when none is left.
   */
  signal(signal: GroupSignal): void;
  /** Whether any process of the group is left, its first one or one of that one's children, or one that was signalled outside of it. */
  alive(): boolean;
}

export interface Spawner {
  /**
   * Starts a program. `onEnd` is called exactly once, never from within `spawn` or `signal`, also when the program
   * cannot be run at all: `spawn` itself does not throw for anything the program, its file or its user may be.
   */
  spawn(request: SpawnRequest, onEnd: (end: ProcessEnd) => void): ProcessGroup;
}
