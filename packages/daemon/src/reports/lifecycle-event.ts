// What happens to the daemon as a whole: its start, reloads and their outcomes, its end. A history of the daemon needs these
// as much as what the engine did.
import type { FailureText } from '../engine/messages.js';

export type LifecycleEvent = StartEvent | RunEvent | StopEvent;

export type StartEvent =
  | {
      readonly kind: 'starting';
      readonly version: string;
      /** Release of the kernel. */
      readonly kernel: string;
      readonly commandLine: readonly string[];
    }
  /** The daemon ends: what it is told to run is not possible here. */
  | { readonly kind: 'namespace-refused'; readonly namespace: string; readonly reason: string }
  | { readonly kind: 'start-refused'; readonly why: StartObstacle; readonly reasons: readonly string[] }
  /** -d: the configuration as the parser has it, without secrets. */
  | { readonly kind: 'configuration-dumped'; readonly text: string }
  /** It is about to run; `startupDelay` in microseconds. */
  | { readonly kind: 'configuration-taken'; readonly virtualRouters: number; readonly startupDelay: number }
  /** An instance that the engine cannot run; the others begin. */
  | { readonly kind: 'instance-refused'; readonly reason: string }
  | { readonly kind: 'start-complete' }
  | { readonly kind: 'start-failed'; readonly reason: string };

export type StartObstacle = 'configuration' | 'another-daemon' | 'rights' | 'pid-file';

export type RunEvent =
  /** What was found in the file, as lines with their places: at the start and at each reload. */
  | { readonly kind: 'configuration-judged'; readonly findings: readonly string[] }
  | { readonly kind: 'reloading' }
  | { readonly kind: 'reload-complete' }
  | { readonly kind: 'reload-refused'; readonly reason: string }
  | { readonly kind: 'processes-polled'; readonly reason: string }
  | { readonly kind: 'journal-not-written'; readonly path: string; readonly error: FailureText }
  | { readonly kind: 'signal-unsupported'; readonly signal: 'SIGUSR1' | 'SIGUSR2' }
  /** A defect: the daemon ends. */
  | { readonly kind: 'crashed'; readonly reason: string };

export type StopEvent =
  | { readonly kind: 'stopping' }
  /** The engine did not stop in time (milliseconds), and is ended. */
  | { readonly kind: 'engine-stuck'; readonly limit: number }
  /** What was taken away in its place, and what could not be. */
  | { readonly kind: 'addresses-released'; readonly removed: readonly string[]; readonly kept: readonly string[] }
  | { readonly kind: 'release-failed'; readonly error: FailureText }
  | { readonly kind: 'stopped'; readonly version: string };
