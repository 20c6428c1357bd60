// Keeps program and libraries from being paged out (mlock2(2)). Not by mlockall(2): V8 hands memory back with madvise(2),
// which locked pages refuse, and V8 takes the refusal for a bug of its own and aborts the process.
import { readFileSync } from 'node:fs';

import { lockableRanges } from '../codec/memory-map.js';
import { OperationError } from '../operation-error.js';
import { nativeAddon } from './load.js';

/**
 * Locks what the process has mapped from files, its C heap and its main stack: the code whose eviction makes a quiet daemon
 * wake late. Pages are locked as they come into use. The JavaScript heap cannot be locked (see above); where that must not
 * be swapped either, take swap from the whole service (systemd: MemorySwapMax=0). Libraries loaded later are not locked.
 * @throws OperationError ERR_VRRP_MEMORY_LOCK (EPERM or ENOMEM without CAP_IPC_LOCK).
 */
export function lockMemory(): void {
  const addon = nativeAddon();
  for (const { start, end } of lockableRanges(memoryMap())) {
    const status = addon.lockMemory(start, end - start);
    if (status >= 0) continue;
    // Another thread may have unmapped it in the meantime.
    if (!lockableRanges(memoryMap()).some((range) => range.start <= start && end <= range.end)) continue;
    throw new OperationError({
      code: 'ERR_VRRP_MEMORY_LOCK',
      operation: 'lock memory',
      errno: -status,
      syscall: 'mlock2',
      advice: 'run as root, give the program CAP_IPC_LOCK, or raise its RLIMIT_MEMLOCK',
    });
  }
}

function memoryMap(): string {
  return readFileSync('/proc/self/maps', 'utf8');
}
