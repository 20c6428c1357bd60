// One datagram to a unix socket, as sd_notify(3) and syslog want it: Node.js has stream sockets only.
import { encodeUnixAddress, UNIX_PATH_MAX } from '../codec/socket-address.js';
import { OperationError } from '../operation-error.js';
import { DatagramSocket } from './datagram-socket.js';
import { nativeAddon } from './load.js';

/** Longest datagram, in bytes: well above a status line or a log entry. */
const DATAGRAM_BYTES = 64 * 1024;
/** sockaddr_un with its longest path, rounded up to the batch's alignment. */
const ADDRESS_BYTES = Math.ceil((2 + UNIX_PATH_MAX + 1) / 8) * 8;

/**
 * Sends one datagram to the socket at `path`; a leading '@' means the abstract namespace. Never blocks.
 * @throws OperationError ERR_VRRP_UNIX_DATAGRAM (ENOENT, ECONNREFUSED: nobody there; EAGAIN: its queue is full);
 *   RangeError for a path or datagram that is too long.
 */
export function sendUnixDatagram(path: string, bytes: Uint8Array): void {
  const name = encodeUnixAddress(path);
  if (bytes.length > DATAGRAM_BYTES) throw new RangeError(`a datagram has at most ${DATAGRAM_BYTES} bytes`);
  const addon = nativeAddon();
  const { AF_UNIX, SOCK_DGRAM } = addon.constants;
  const purpose = { code: 'ERR_VRRP_UNIX_DATAGRAM', operation: `send a datagram to ${path}` } as const;
  const socket = new DatagramSocket(addon, purpose, AF_UNIX, SOCK_DGRAM, 0);
  try {
    const payloadBytes = Math.max(8, Math.ceil(bytes.length / 8) * 8);
    const batch = socket.prepareSending({ slots: 1, nameBytes: ADDRESS_BYTES, controlBytes: 0, payloadBytes });
    batch.put(0, bytes, name);
    socket.sendBatch(1);
    const errno = batch.result(0);
    if (errno !== 0) throw new OperationError({ ...purpose, errno, syscall: 'sendmmsg' });
  } finally {
    socket.close();
  }
}
