// This process becomes another program (execve(2)): same pid, same environment, standard input and output as they are.
import { errnoName } from '../operation-error.js';
import { nativeAddon } from './load.js';

const STANDARD_DESCRIPTORS = [0, 1, 2];

/** What the new program finds beside its arguments. */
export interface Inheritance {
  /** Open descriptors beside the standard ones. */
  readonly descriptors?: readonly number[];
  /** Signals that are lost on the way, by number. */
  readonly ignored?: readonly number[];
  /** Signals that wait until the new program lets them in. What else comes has its default effect. */
  readonly blocked?: readonly number[];
}

/**
 * Does not return when all is well: nothing is closed or flushed, no listener is called. What the kernel refuses is the
 * result, as Node.js would say it. `argv` begins with the name the program sees as its own.
 * @throws OperationError ERR_VRRP_NATIVE_MISSING.
 */
export function replaceProgram(program: string, argv: readonly string[], inheritance: Inheritance = {}): string {
  const { descriptors = [], ignored = [], blocked = [] } = inheritance;
  const kept = [...STANDARD_DESCRIPTORS, ...descriptors];
  const status = nativeAddon().replaceProgram(program, argv, ignored, blocked, kept);
  return `execve ${program} ${errnoName(-status)}`;
}
