// A socket of any family as this package uses it: opened and configured step by step, each failing step an OperationError
// that names itself; batches out and in. The sockets of VRRP, frames, netlink and unix are thin layers above it.
import { OperationError } from '../operation-error.js';
import type { OperationErrorCode } from '../operation-error.js';
import type { ConstantName, NativeAddon, NativeSocket } from './addon.js';
import { SlotBatch } from './slot-batch.js';
import type { SlotShape } from './slot-batch.js';

const EPERM = 1;
const EACCES = 13;
/** Batches that one drain() reads at most, so that a flood cannot hold its caller for ever. */
const DRAIN_BATCHES = 256;

export interface SocketPurpose {
  readonly code: OperationErrorCode;
  /** What the socket is for, as it would follow "cannot": 'open a raw socket on eth0'. */
  readonly operation: string;
  readonly capability?: 'CAP_NET_RAW' | 'CAP_NET_ADMIN';
}

export interface ReceiveListener {
  /** Messages 0..count-1 of the batch hold what came. Valid only during the call. */
  onBatch(count: number, batch: SlotBatch): void;
  onError(error: OperationError): void;
}

export class DatagramSocket {
  readonly #addon: NativeAddon;
  readonly #purpose: SocketPurpose;
  readonly #socket: NativeSocket;
  #receiving: { readonly batch: SlotBatch; readonly listener: ReceiveListener } | undefined;
  #delivering = false;
  #sending: SlotBatch | undefined;

  constructor(addon: NativeAddon, purpose: SocketPurpose, domain: number, type: number, protocol: number) {
    this.#addon = addon;
    this.#purpose = purpose;
    this.#socket = new addon.Socket();
    this.#check(this.#socket.open(domain, type, protocol), 'socket');
  }

  /** Sets a socket option; a number is written as a C int. */
  set(level: ConstantName, name: ConstantName, value: number | Uint8Array): void {
    this.#check(this.trySet(level, name, value), `setsockopt ${name}`);
  }

  /** As `set`, but hands back 0 or a negative errno. */
  trySet(level: ConstantName, name: ConstantName | number, value: number | Uint8Array): number {
    const bytes = typeof value === 'number' ? new Uint8Array(Int32Array.of(value).buffer) : value;
    const option = typeof name === 'number' ? name : this.#addon.constants[name];
    return this.#socket.setOption(this.#addon.constants[level], option, bytes);
  }

  /** Asks for this much kernel memory for waiting datagrams: beyond the system's limit where allowed, else up to it. */
  setReceiveBuffer(bytes: number): void {
    if (this.trySet('SOL_SOCKET', 'SO_RCVBUFFORCE', bytes) < 0) this.set('SOL_SOCKET', 'SO_RCVBUF', bytes);
  }

  attachFilter(program: Uint8Array): void {
    this.#check(this.#socket.attachFilter(program), 'setsockopt SO_ATTACH_FILTER');
  }

  bind(address: Uint8Array): void {
    this.#check(this.#socket.bind(address), 'bind');
  }

  /** Makes the memory that `sendBatch` fills; once, before the first send. */
  prepareSending(shape: SlotShape): SlotBatch {
    this.#sending = new SlotBatch(this.#addon, shape);
    return this.#sending;
  }

  /** Sends the first `count` slots of the batch of `prepareSending`; each slot's result is 0 or a positive errno. */
  sendBatch(count: number, flags = 0): void {
    if (this.#sending === undefined) throw new TypeError('prepareSending() comes first');
    this.#socket.send(this.#sending.native, count, flags);
  }

  /** Throws away what waits: what came before the socket was bound to its link. */
  discardWaiting(shape: SlotShape): void {
    const batch = new SlotBatch(this.#addon, shape);
    for (let i = 0; i < DRAIN_BATCHES && this.#socket.receive(batch.native) > 0; i++);
  }

  /** From here on every datagram, those that wait already included, goes to the listener. */
  receive(shape: SlotShape, listener: ReceiveListener): void {
    const batch = new SlotBatch(this.#addon, shape);
    this.#receiving = { batch, listener };
    this.#check(
      this.#socket.start(batch.native, (received) => this.#deliver(received)),
      'epoll_ctl',
    );
  }

  /** Reads what waits now, through the listener; the number of datagrams. From inside the listener it reads nothing. */
  drain(): number {
    const receiving = this.#receiving;
    if (receiving === undefined || this.#delivering) return 0;
    let total = 0;
    for (let i = 0; i < DRAIN_BATCHES && this.#receiving !== undefined; i++) {
      const received = this.#socket.receive(receiving.batch.native);
      if (received === 0) break;
      this.#deliver(received);
      if (received > 0) total += received;
    }
    return total;
  }

  ref(): void {
    this.#socket.ref();
  }

  unref(): void {
    this.#socket.unref();
  }

  /** Idempotent. The listener is not called any more; what is sent afterwards fails with EBADF. */
  close(): void {
    this.#receiving = undefined;
    this.#socket.close();
  }

  #deliver(received: number): void {
    const receiving = this.#receiving;
    if (receiving === undefined) return;
    if (received < 0) {
      receiving.listener.onError(this.#failure(-received, 'recvmmsg'));
      return;
    }
    this.#delivering = true;
    try {
      receiving.listener.onBatch(received, receiving.batch);
    } finally {
      this.#delivering = false;
    }
  }

  #check(status: number, syscall: string): void {
    if (status >= 0) return;
    this.#socket.close();
    throw this.#failure(-status, syscall);
  }

  #failure(errno: number, syscall: string): OperationError {
    const { code, operation, capability } = this.#purpose;
    const refused = (errno === EPERM || errno === EACCES) && capability !== undefined;
    const advice = refused ? { advice: `run as root or give the program ${capability}` } : {};
    return new OperationError({ code, operation, errno, syscall, ...advice });
  }
}
