// A FIFO (mkfifo(3)), which Node.js cannot make: without a program to be started for it.
import { OperationError } from '../operation-error.js';
import { nativeAddon } from './load.js';

/**
 * Makes a FIFO; its mode is less the umask.
 * @throws OperationError ERR_VRRP_FILE (EEXIST: something is there; ENOENT: no such folder), ERR_VRRP_NATIVE_MISSING.
 */
export function makeFifo(path: string, mode: number): void {
  const status = nativeAddon().makeFifo(path, mode);
  if (status >= 0) return;
  const operation = `make the FIFO ${path}`;
  throw new OperationError({ code: 'ERR_VRRP_FILE', operation, errno: -status, syscall: 'mkfifo' });
}
