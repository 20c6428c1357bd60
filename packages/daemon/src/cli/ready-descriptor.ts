// How a daemon in the background tells whoever started it that it runs: a word through a descriptor that the environment
// names (detach.ts waits at the other end). Programs that the daemon starts hear nothing of it.
import { closeSync, writeSync } from 'node:fs';

const VARIABLE = 'VRRPD_READY_DESCRIPTOR';
/** The first that is no standard one. */
export const READY_DESCRIPTOR = 3;

export function readyEnvironment(): Readonly<Record<string, string>> {
  return { [VARIABLE]: String(READY_DESCRIPTOR) };
}

function isAwaited(): boolean {
  return process.env[VARIABLE] === String(READY_DESCRIPTOR);
}

/** What a process that starts anew keeps of it. */
export function readyHandover(): {
  readonly environment?: Readonly<Record<string, string>>;
  readonly descriptors?: readonly number[];
} {
  return isAwaited() ? { environment: readyEnvironment(), descriptors: [READY_DESCRIPTOR] } : {};
}

/** Tells it, once, where somebody waits. */
export function readySignal(): () => void {
  const awaited = isAwaited();
  delete process.env[VARIABLE];
  return () => {
    if (!awaited) return;
    try {
      writeSync(READY_DESCRIPTOR, 'ready');
      closeSync(READY_DESCRIPTOR);
    } catch {
      // Nobody waits any more.
    }
  };
}
