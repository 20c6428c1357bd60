// Writes lines to a descriptor that somebody else reads, or does not: a full pipe never stops the daemon. Nothing waits here,
// so nothing is buffered either: a line that does not fit is the caller's to count.
import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** True when the line was taken. A line longer than PIPE_BUF may be taken in parts; the rest goes before the next one. */
export type LineWriter = (text: string) => boolean;

export function createLineWriter(descriptor: number): LineWriter {
  const target = withoutWaiting(descriptor);
  let rest: Uint8Array = new Uint8Array(0);
  /** What is left of these bytes; undefined when nothing can be written now. */
  const put = (bytes: Uint8Array): Uint8Array | undefined => {
    try {
      return bytes.subarray(writeSync(target, bytes));
    } catch {
      // Full, or closed: a router that holds addresses does not end for its log.
      return undefined;
    }
  };
  return (text) => {
    if (rest.length > 0) rest = put(rest) ?? rest;
    if (rest.length > 0) return false;
    const left = put(new TextEncoder().encode(text));
    rest = left ?? rest;
    return left !== undefined;
  };
}

/**
 * A descriptor of the same thing that never blocks. A pipe or a terminal is opened anew, because whoever shares it must go on
 * waiting when it wants to; a socket (systemd's journal) is ours alone. A file never blocks.
 */
function withoutWaiting(descriptor: number): number {
  try {
    const kind = fstatSync(descriptor);
    if (kind.isFIFO() || kind.isCharacterDevice()) {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
      return openSync(`/proc/self/fd/${descriptor}`, flags);
    }
    if (kind.isSocket()) makeNonBlocking(descriptor);
  } catch {
    // No /proc, a terminal of somebody else, nobody who reads: it is used as it is.
  }
  return descriptor;
}

/** libuv sets O_NONBLOCK on what it is given. */
function makeNonBlocking(descriptor: number): void {
  const socket = new Socket({ fd: descriptor, readable: false, writable: true });
  socket.on('error', () => undefined);
  socket.unref();
}
