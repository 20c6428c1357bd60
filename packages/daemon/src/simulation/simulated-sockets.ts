// The sockets of a simulated host over its wires. Datagrams wait in bounded queues while the process is not scheduled; the
// network may refuse what is sent and drop what arrives. They pass the contracts of VrrpSocket and FrameSocket.
import {
  OperationError,
  type FrameSocket,
  type OutgoingDatagram,
  type ReceivedDatagram,
  type VrrpSocket,
  type VrrpSocketOptions,
} from '@vrrp/netlink-native';
import type { LanDatagram, VirtualClock } from '@vrrp/state-machine/sim';
import { decodeIpv4Datagram, ipFamily, isMulticastText } from '@vrrp/wire';
import type { Plug } from './simulated-network.js';
import { Spell } from './spell.js';

type Listener = (batch: readonly ReceivedDatagram[]) => void;

/** What the sockets need of their host. */
export interface SocketHost {
  readonly clock: VirtualClock;
  readonly plugAt: (linkIndex: number) => Plug | undefined;
  /** Whether the link is administratively up. */
  readonly isUp: (linkIndex: number) => boolean;
  readonly holds: (address: string) => boolean;
  readonly isStalled: () => boolean;
}

interface OpenSocket {
  readonly options: VrrpSocketOptions;
  readonly listener: Listener;
  readonly plug: Plug;
  /** What came while the host was stalled. */
  readonly waiting: ReceivedDatagram[];
  isReading: boolean;
}

/** Datagrams that wait for a process that is not scheduled: what a receive buffer of 1 MiB holds, about. */
export const RECEIVE_QUEUE_MAX = 1_000;
const HOP_LIMIT = 255;
/** Of Ethernet: datagrams whose header the sender made are not fragmented, nor are frames. */
const MTU = 1_500;
const SHORTEST_FRAME = 14;
const FRAME_HEADER = 14;
const LONGEST_FRAME = 1_520;
const EBADF = 9;
const ENODEV = 19;
const EINVAL = 22;
const EMSGSIZE = 90;
const EADDRNOTAVAIL = 99;
const ENETDOWN = 100;

export class SimulatedSockets {
  readonly #host: SocketHost;
  readonly #open = new Set<OpenSocket>();
  readonly #refusal: Spell<number>;
  readonly #overflow: Spell<true>;
  readonly #ahead: Spell<number>;

  constructor(host: SocketHost) {
    this.#host = host;
    this.#refusal = new Spell(host.clock);
    this.#overflow = new Spell(host.clock);
    this.#ahead = new Spell(host.clock);
  }

  /** Whether nothing is refused and nothing dropped. */
  get areWell(): boolean {
    return this.#refusal.value === undefined && this.#overflow.value === undefined;
  }

  /** The kernel refuses what is sent with this errno, or with 0 takes it again. */
  refuse(errno: number, duration?: number): void {
    if (errno === 0) this.#refusal.end();
    else this.#refusal.begin(errno, duration);
  }

  /** What arrives is dropped: the queues are full. */
  overflow(duration: number): void {
    this.#overflow.begin(true, duration);
  }

  /** What arrives looks older than it is by `ahead` microseconds (ReceivedDatagram.arrivedAt). */
  misdate(ahead: number, duration?: number): void {
    this.#ahead.begin(ahead, duration);
  }

  /** @throws OperationError, RangeError as openVrrpSocket. */
  openVrrp(options: VrrpSocketOptions, listener: Listener): VrrpSocket {
    const plug = this.#host.plugAt(options.linkIndex);
    checkOptions(options, plug);
    const socket: OpenSocket = { options, listener, plug, waiting: [], isReading: false };
    this.#open.add(socket);
    return {
      send: (datagrams) => datagrams.map((datagram) => this.#send(socket, datagram)),
      drain: () => (this.#open.has(socket) ? this.#drain(socket) : 0),
      close: () => {
        this.#open.delete(socket);
      },
    };
  }

  /** @throws OperationError for a link that is not there. */
  openFrames(linkIndex: number, from: string): FrameSocket {
    const port = this.#host.plugAt(linkIndex)?.framePort;
    if (port === undefined) throw noSuchLink(`open a frame socket on link ${linkIndex}`);
    let isOpen = true;
    return {
      send: (frames) =>
        frames.map((payload) => {
          if (payload.length > LONGEST_FRAME) throw new RangeError(`a frame of ${payload.length} bytes is too long`);
          if (!isOpen) return EBADF;
          if (!this.#host.isUp(linkIndex)) return ENETDOWN;
          if (payload.length < SHORTEST_FRAME) return EINVAL;
          if (payload.length - FRAME_HEADER > MTU) return EMSGSIZE;
          port.send({ source: from, destination: '', ttl: HOP_LIMIT, payload });
          return 0;
        }),
      close: () => {
        isOpen = false;
      },
    };
  }

  /** The process is gone, and its sockets with it. */
  closeAll(): void {
    this.#open.clear();
  }

  /** A datagram comes over a wire. */
  receive(plug: Plug, datagram: LanDatagram): void {
    const multicast = isMulticastText(datagram.destination);
    if (!multicast && !this.#host.holds(datagram.destination)) return;
    if (this.#overflow.value !== undefined) return;
    // A raw socket hears every group that somebody on its host has joined (IP_MULTICAST_ALL, ip(7)).
    if (multicast && !this.#hasJoined(plug, datagram.destination)) return;
    const family = datagram.destination.includes(':') ? 6 : 4;
    for (const socket of this.#open) {
      const { options, waiting, plug: own } = socket;
      if (own !== plug || family !== options.family) continue;
      if (waiting.length >= RECEIVE_QUEUE_MAX) continue;
      const arrivedAt = this.#host.clock.now() - (this.#ahead.value ?? 0);
      waiting.push({ ...datagram, linkIndex: options.linkIndex, arrivedAt });
      if (!this.#host.isStalled()) this.#drain(socket);
    }
  }

  /** The process is scheduled again: it reads what waits. */
  drainAll(): void {
    for (const socket of this.#open) this.#drain(socket);
  }

  #hasJoined(plug: Plug, group: string): boolean {
    for (const { options, plug: own } of this.#open) if (own === plug && options.multicastGroup === group) return true;
    return false;
  }

  #drain(socket: OpenSocket): number {
    if (socket.isReading) return 0;
    socket.isReading = true;
    const batch = socket.waiting.splice(0);
    if (batch.length > 0) socket.listener(batch);
    socket.isReading = false;
    return batch.length;
  }

  #send(socket: OpenSocket, { bytes, destination }: OutgoingDatagram): number {
    const { options, plug } = socket;
    if (!this.#open.has(socket)) return EBADF;
    const errno = this.#refusal.value;
    if (errno !== undefined) return errno;
    if (options.family === 4 && bytes.length > MTU) return EMSGSIZE;
    if (options.source !== undefined && options.family === 6 && !this.#host.holds(options.source)) return EADDRNOTAVAIL;
    plug.port.send(toLan(options, bytes, destination));
    return 0;
  }
}

function checkOptions(options: VrrpSocketOptions, plug: Plug | undefined): asserts plug is Plug {
  const { family, linkName, multicastGroup, source } = options;
  for (const address of [multicastGroup, source]) {
    if (address !== undefined && ipFamily(address) !== family)
      throw new RangeError(`not an IPv${family} address: ${address}`);
  }
  const operation = `open a raw IPv${family} socket on ${linkName}`;
  if (plug === undefined) throw noSuchLink(operation);
  if (multicastGroup === undefined || isMulticastText(multicastGroup)) return;
  throw new OperationError({
    code: 'ERR_VRRP_SOCKET',
    operation,
    errno: EINVAL,
    syscall: 'setsockopt MCAST_JOIN_GROUP',
  });
}

function noSuchLink(operation: string): OperationError {
  return new OperationError({ code: 'ERR_VRRP_SOCKET', operation, errno: ENODEV });
}

/** IPv4 sockets are given whole datagrams, IPv6 sockets the message (VrrpSocket's contract). */
function toLan(options: VrrpSocketOptions, bytes: Uint8Array, destination: string): LanDatagram {
  if (options.family === 6) {
    return { source: options.source ?? '::', destination, ttl: options.hopLimit ?? HOP_LIMIT, payload: bytes };
  }
  const decoded = decodeIpv4Datagram(bytes);
  if (!decoded.ok) throw new TypeError(`the engine sent something that is no IPv4 datagram: ${decoded.issue.kind}`);
  return { source: decoded.value.source, destination, ttl: decoded.value.ttl, payload: decoded.value.payload };
}
