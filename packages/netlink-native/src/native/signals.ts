// Signals beyond what Node.js offers: those that came while the program started, and those that have no name there.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { OperationError } from '../operation-error.js';
import { addonCandidates, nativeAddon } from './load.js';

const LIBRARY = 'vrrp_hold_signals.so';

/**
 * The library that a program to be started is given with LD_PRELOAD (ld.so(8)): it notes the signals that would end a
 * program without handlers, until `releasedSignals()` is called. Undefined where it was not built.
 */
export function signalHoldingLibrary(): string | undefined {
  return addonCandidates()
    .map((addon) => join(dirname(addon), LIBRARY))
    .find((file) => existsSync(file));
}

/**
 * The signals that were held while this process started, by number. The first call ends the hold: handlers count from then
 * on; one that comes before they are installed is in the answer of a later call. None without the library.
 * @throws OperationError ERR_VRRP_NATIVE_MISSING.
 */
export function releasedSignals(): readonly number[] {
  return numbersIn(nativeAddon().releasedSignals());
}

/**
 * These signals (below 32, by number) are only noted from now on, for `notedSignals()`; handlers of Node.js hear nothing of
 * them until they are installed anew. `replaceProgram` does not replace a program that one has come to. The result is a
 * descriptor for the program that replaces this one: what comes in the last moment is a byte there each, its number.
 * @throws OperationError ERR_VRRP_NATIVE_MISSING, ERR_VRRP_FILE when there is no descriptor left.
 */
export function noteSignals(numbers: readonly number[]): number {
  const descriptor = nativeAddon().noteSignals(numbers);
  if (descriptor >= 0) return descriptor;
  const operation = 'make a pipe for signals';
  throw new OperationError({ code: 'ERR_VRRP_FILE', operation, errno: -descriptor, syscall: 'pipe2' });
}

/** Those that came since the last call. @throws OperationError ERR_VRRP_NATIVE_MISSING. */
export function notedSignals(): readonly number[] {
  return numbersIn(nativeAddon().notedSignals());
}

/** These signals (signal(7), by number) do nothing to this process from now on. @throws OperationError ERR_VRRP_NATIVE_MISSING. */
export function ignoreSignals(numbers: readonly number[]): void {
  nativeAddon().ignoreSignals(numbers);
}

function numbersIn(bits: number): readonly number[] {
  return Array.from({ length: 31 }, (_, index) => index + 1).filter((number) => (bits & (1 << number)) !== 0);
}
