// What Node.js cannot do with files: make a FIFO (mkfifo(3)), and write without waiting to a descriptor that others share.
import { OperationError } from '../operation-error.js';
import { nativeAddon } from './load.js';

const EAGAIN = 11;

/**
 * Makes a FIFO; its mode is less the umask.
 * @throws OperationError ERR_VRRP_FILE (EEXIST: something is there; ENOENT: no such folder), ERR_VRRP_NATIVE_MISSING.
 */
export function makeFifo(path: string, mode: number): void {
  check(nativeAddon().makeFifo(path, mode), `make the FIFO ${path}`, 'mkfifo');
}

/**
 * Writes what the descriptor takes at once and returns how many bytes that were: 0 when it takes none now. The descriptor's
 * flags stay as they are, because other processes may have it, too.
 * @throws OperationError ERR_VRRP_FILE (EPIPE: nobody reads any more), ERR_VRRP_NATIVE_MISSING.
 */
export function writeReady(descriptor: number, bytes: Uint8Array): number {
  const written = nativeAddon().writeReady(descriptor, bytes);
  return written === -EAGAIN ? 0 : check(written, `write to descriptor ${descriptor}`, 'write');
}

function check(status: number, operation: string, syscall: string): number {
  if (status >= 0) return status;
  throw new OperationError({ code: 'ERR_VRRP_FILE', operation, errno: -status, syscall });
}
