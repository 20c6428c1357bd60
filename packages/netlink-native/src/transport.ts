// The seam below rtnetlink: datagrams to and from the kernel. The real one is a netlink socket (./native/netlink-transport.ts);
// tests put a scripted kernel in its place.
import type { OperationError } from './operation-error.js';

/** The longest datagram that `send` takes. */
export const DATAGRAM_BYTES_MAX = 16 * 1024;

export interface DatagramListener {
  /** The bytes are valid only during the call. */
  onDatagram(bytes: Uint8Array): void;
  /** Receiving failed; `errno` ENOBUFS means that datagrams were lost. The transport goes on. */
  onError(error: OperationError): void;
}

export interface DatagramTransport {
  /** Sends one datagram. @throws OperationError when the kernel does not take it. */
  send(bytes: Uint8Array): void;
  /** Once: from here on everything that comes goes to the listener. */
  listen(listener: DatagramListener): void;
  /** Reads what waits now, through the listener, before returning. */
  drain(): void;
  /** Begins and ends hearing a multicast group. @throws OperationError */
  joinGroup(group: number): void;
  leaveGroup(group: number): void;
  /** Whether it keeps the process alive; it does not until told to. */
  ref(): void;
  unref(): void;
  close(): void;
}
