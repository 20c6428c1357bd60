// This process becomes another program (execve(2)): same pid, same environment, standard input and output as they are.
import { errnoName } from '../operation-error.js';
import { nativeAddon } from './load.js';

/**
 * Does not return when all is well: nothing is closed or flushed, no listener is called. What the kernel refuses is the
 * result, as Node.js would say it. `argv` begins with the name the program sees as its own.
 * @throws OperationError ERR_VRRP_NATIVE_MISSING.
 */
export function replaceProgram(program: string, argv: readonly string[]): string {
  const status = nativeAddon().replaceProgram(program, argv);
  return `execve ${program} ${errnoName(-status)}`;
}
