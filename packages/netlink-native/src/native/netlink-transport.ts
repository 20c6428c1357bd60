// A netlink socket (netlink(7)) as a DatagramTransport. Only the kernel is listened to.
import { encodeNetlinkAddress, SOCKET_ADDRESS_BYTES } from '../codec/socket-address.js';
import { HOST_LITTLE_ENDIAN } from '../codec/byte-order.js';
import { OperationError } from '../operation-error.js';
import { DATAGRAM_BYTES_MAX } from '../transport.js';
import type { DatagramListener, DatagramTransport } from '../transport.js';
import { DatagramSocket } from './datagram-socket.js';
import { nativeAddon } from './load.js';
import type { SlotBatch } from './slot-batch.js';

/** The kernel packs a dump into datagrams of at most 32 KiB. */
const RECEIVE_BYTES = 32 * 1024;
const RECEIVE_SLOTS = 8;
/** Thousands of events, or the acknowledgements of one batch many times over. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
/** sockaddr_nl: where the sender's port id lies. */
const SENDER_PORT = 4;
const EMSGSIZE = 90;
/** linux/netlink.h; the headers of older C libraries lack it. */
const NETLINK_GET_STRICT_CHK = 12;

/** @throws OperationError ERR_VRRP_NETLINK */
export function openNetlinkTransport(
  operation: string,
  protocol: 'NETLINK_ROUTE' | 'NETLINK_CONNECTOR' = 'NETLINK_ROUTE',
  filter?: Uint8Array,
): DatagramTransport {
  return new NetlinkTransport(operation, protocol, filter);
}

class NetlinkTransport implements DatagramTransport {
  readonly #operation: string;
  readonly #socket: DatagramSocket;
  readonly #batch: SlotBatch;
  readonly #kernelAddress = encodeNetlinkAddress();
  readonly #truncated: number;

  constructor(operation: string, protocol: 'NETLINK_ROUTE' | 'NETLINK_CONNECTOR', filter: Uint8Array | undefined) {
    this.#operation = operation;
    const addon = nativeAddon();
    const { AF_NETLINK, SOCK_RAW, MSG_TRUNC, [protocol]: number } = addon.constants;
    this.#truncated = MSG_TRUNC;
    this.#socket = new DatagramSocket(addon, { code: 'ERR_VRRP_NETLINK', operation }, AF_NETLINK, SOCK_RAW, number);
    this.#socket.setReceiveBuffer(RECEIVE_BUFFER_BYTES);
    // The kernel's words in refusals, without a copy of the request.
    this.#socket.set('SOL_NETLINK', 'NETLINK_EXT_ACK', 1);
    this.#socket.set('SOL_NETLINK', 'NETLINK_CAP_ACK', 1);
    // A dump is filtered by what its request says (Linux 4.20); an older kernel gives all.
    this.#socket.trySet('SOL_NETLINK', NETLINK_GET_STRICT_CHK, 1);
    if (filter !== undefined) this.#socket.attachFilter(filter);
    this.#socket.bind(encodeNetlinkAddress());
    this.#batch = this.#socket.prepareSending({
      slots: 1,
      nameBytes: SOCKET_ADDRESS_BYTES,
      controlBytes: 0,
      payloadBytes: DATAGRAM_BYTES_MAX,
    });
  }

  send(bytes: Uint8Array): void {
    this.#batch.put(0, bytes, this.#kernelAddress);
    this.#socket.sendBatch(1);
    const errno = this.#batch.result(0);
    if (errno !== 0) throw this.#failure(errno, 'sendmmsg');
  }

  listen(listener: DatagramListener): void {
    const shape = {
      slots: RECEIVE_SLOTS,
      nameBytes: SOCKET_ADDRESS_BYTES,
      controlBytes: 0,
      payloadBytes: RECEIVE_BYTES,
    };
    this.#socket.receive(shape, {
      onBatch: (count, batch) => {
        for (let slot = 0; slot < count; slot++) {
          const sender = batch.view.getUint32(batch.nameOffset(slot) + SENDER_PORT, HOST_LITTLE_ENDIAN);
          if (sender !== 0) continue;
          if ((batch.result(slot) & this.#truncated) === 0) listener.onDatagram(batch.payload(slot));
          else listener.onError(this.#failure(EMSGSIZE, 'recvmmsg'));
        }
      },
      onError: (error) => listener.onError(error),
    });
    this.#socket.unref();
  }

  drain(): void {
    this.#socket.drain();
  }

  joinGroup(group: number): void {
    const status = this.#socket.trySet('SOL_NETLINK', 'NETLINK_ADD_MEMBERSHIP', group);
    if (status < 0) throw this.#failure(-status, 'setsockopt NETLINK_ADD_MEMBERSHIP');
  }

  leaveGroup(group: number): void {
    const status = this.#socket.trySet('SOL_NETLINK', 'NETLINK_DROP_MEMBERSHIP', group);
    if (status < 0) throw this.#failure(-status, 'setsockopt NETLINK_DROP_MEMBERSHIP');
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#socket.close();
  }

  #failure(errno: number, syscall: string): OperationError {
    return new OperationError({ code: 'ERR_VRRP_NETLINK', operation: this.#operation, errno, syscall });
  }
}
