// The raw IP sockets of VRRP on one link (raw(7), ip(7), ipv6(7); RFC 9568 §5.1): one that receives, one that sends.
// Two, because a kernel that fills in IPv6 checksums also drops what arrives with a bad one, and such packets are to be
// counted, not lost. Judges nothing: TTL, checksum and destination of what is heard are the state machine's business.
import { parseIp } from '@vrrp/wire/ip';

import { AddressTextCache } from '../codec/address-text-cache.js';
import { arrivalTime } from '../codec/arrival-time.js';
import { encodeIpv6Source, IPV4_CONTROL_BYTES, IPV6_CONTROL_BYTES, readControl } from '../codec/control-message.js';
import { IPV4_DESTINATION, IPV4_SOURCE, IPV4_TTL, readIpv4Extent } from '../codec/ipv4-header.js';
import {
  encodeGroupRequest,
  encodeInetAddress,
  encodeMulticastLink,
  SOCKET_ADDRESS_BYTES,
} from '../codec/socket-address.js';
import type { OperationError } from '../operation-error.js';
import type { OutgoingDatagram, ReceivedDatagram, Referenced, VrrpSocket, VrrpSocketOptions } from '../sockets.js';
import { DatagramSocket } from './datagram-socket.js';
import type { SocketPurpose } from './datagram-socket.js';
import { nativeAddon } from './load.js';
import type { SlotBatch, SlotShape } from './slot-batch.js';

/** IANA protocol number of VRRP. */
const VRRP_PROTOCOL = 112;
const VRRP_HOP_LIMIT = 255;
/** RFC 9568 §5.2.8: the checksum's place in the message. */
const VRRP_CHECKSUM_OFFSET = 6;
/** Internetwork control (RFC 791 §3.1, DSCP CS6). IPv4 headers arrive with theirs made. */
const TRAFFIC_CLASS = 0xc0;
/** The highest socket priority that needs no privilege: TC_PRIO_INTERACTIVE. */
const SOCKET_PRIORITY = 6;
/** About 1,000 waiting advertisements with the kernel's bookkeeping: what 10 s without the processor may bring. */
const RECEIVE_BUFFER_BYTES = 1 << 20;
/** An advertisement of 255 IPv6 addresses has 4,088 bytes. */
const DATAGRAM_BYTES = 4608;
const RECEIVE_SLOTS = 32;
const SEND_SLOTS = 32;
/** Destinations whose socket address is kept; beyond it the table starts anew. */
const DESTINATIONS_KEPT = 1024;
const EINVAL = 22;
const EADDRNOTAVAIL = 99;
/** Classic BPF, one instruction, "return 0": nothing is let in. */
const DROP_EVERYTHING = new Uint8Array([0x06, 0, 0, 0, 0, 0, 0, 0]);

/**
 * Opens raw sockets for VRRP on one link. Datagrams that arrive from this call on reach `listener`, one call per wake-up;
 * payloads are views that are valid only during the call. `onError` hears failures of receiving (a vanished link, say);
 * the socket stays open and goes on. The sockets keep the process alive until close() or unref().
 * @throws OperationError ERR_VRRP_SOCKET (EPERM without CAP_NET_RAW, ENODEV for a link that is not there),
 *   ERR_VRRP_NATIVE_MISSING; RangeError for an option that is no address of the family.
 */
export function openVrrpSocket(
  options: VrrpSocketOptions,
  listener: (batch: readonly ReceivedDatagram[]) => void,
  onError: (error: OperationError) => void,
): VrrpSocket & Referenced {
  return new RawVrrpSocket(options, listener, onError);
}

class RawVrrpSocket implements VrrpSocket, Referenced {
  readonly #options: VrrpSocketOptions;
  readonly #incoming: DatagramSocket;
  readonly #outgoing: DatagramSocket;
  readonly #batch: SlotBatch;
  readonly #control: Uint8Array | undefined;
  readonly #destinations = new Map<string, Uint8Array>();
  readonly #texts = new AddressTextCache();
  readonly #extent = { start: 0, end: 0 };
  readonly #information = { stamp: -1, destinationOffset: -1, linkIndex: 0, hopLimit: -1 };
  /** Of this wake-up. */
  #now = 0;
  #realtimeOffset = 0;

  constructor(
    options: VrrpSocketOptions,
    listener: (batch: readonly ReceivedDatagram[]) => void,
    onError: (error: OperationError) => void,
  ) {
    this.#options = options;
    const group =
      options.multicastGroup === undefined ? undefined : addressBytes(options.multicastGroup, options.family);
    this.#control =
      options.source === undefined || options.family === 4
        ? undefined
        : encodeIpv6Source(addressBytes(options.source, 6), options.linkIndex);
    const purpose: SocketPurpose = {
      code: 'ERR_VRRP_SOCKET',
      operation: `open a raw IPv${options.family} socket on ${options.linkName}`,
      capability: 'CAP_NET_RAW',
    };
    this.#outgoing = openOutgoing(options, purpose);
    this.#batch = this.#outgoing.prepareSending({
      slots: SEND_SLOTS,
      nameBytes: SOCKET_ADDRESS_BYTES,
      controlBytes: IPV6_CONTROL_BYTES,
      payloadBytes: DATAGRAM_BYTES,
    });
    try {
      this.#incoming = openIncoming(options, purpose, group);
      const decode = options.family === 4 ? this.#decodeIpv4 : this.#decodeIpv6;
      this.#incoming.receive(receiveShape(options.family), {
        onBatch: (count, batch) => {
          this.#readClocks();
          const datagrams: ReceivedDatagram[] = [];
          for (let slot = 0; slot < count; slot++) {
            const datagram = decode(slot, batch);
            if (datagram !== undefined) datagrams.push(datagram);
          }
          if (datagrams.length > 0) listener(datagrams);
        },
        onError,
      });
    } catch (error) {
      this.#outgoing.close();
      throw error;
    }
  }

  send(datagrams: readonly OutgoingDatagram[]): readonly number[] {
    const results: number[] = [];
    for (let start = 0; start < datagrams.length; start += SEND_SLOTS) {
      const part = datagrams.slice(start, start + SEND_SLOTS);
      for (const [slot, { bytes, destination }] of part.entries()) {
        this.#batch.put(slot, bytes, this.#socketAddress(destination), this.#control);
      }
      this.#outgoing.sendBatch(part.length);
      for (let slot = 0; slot < part.length; slot++) results.push(this.#sendResult(slot));
    }
    return results;
  }

  drain(): number {
    return this.#incoming.drain();
  }

  ref(): void {
    this.#incoming.ref();
  }

  unref(): void {
    this.#incoming.unref();
  }

  close(): void {
    this.#incoming.close();
    this.#outgoing.close();
  }

  /** Once a batch, after it was read: a stamp is compared with a clock that nobody had the time to set. */
  #readClocks(): void {
    const addon = nativeAddon();
    this.#realtimeOffset = addon.realtimeOffsetMicros();
    this.#now = addon.monotonicMicros();
  }

  #sendResult(slot: number): number {
    const errno = this.#batch.result(slot);
    // With a source in the control message the kernel says EINVAL where bind() would say the source is not there.
    return errno === EINVAL && this.#control !== undefined ? EADDRNOTAVAIL : errno;
  }

  #socketAddress(destination: string): Uint8Array {
    const known = this.#destinations.get(destination);
    if (known !== undefined) return known;
    if (this.#destinations.size >= DESTINATIONS_KEPT) this.#destinations.clear();
    const { family, linkIndex } = this.#options;
    const encoded = encodeInetAddress(addressBytes(destination, family), linkIndex);
    this.#destinations.set(destination, encoded);
    return encoded;
  }

  readonly #decodeIpv4 = (slot: number, batch: SlotBatch): ReceivedDatagram | undefined => {
    const offset = batch.payloadOffset(slot);
    if (!readIpv4Extent(batch.slab, offset, batch.payloadLength(slot), this.#extent)) return undefined;
    readControl(batch.view, batch.controlOffset(slot), batch.controlLength(slot), this.#information);
    return {
      payload: batch.slab.subarray(this.#extent.start, this.#extent.end),
      source: this.#texts.textAt(batch.slab, offset + IPV4_SOURCE, 4),
      destination: this.#texts.textAt(batch.slab, offset + IPV4_DESTINATION, 4),
      ttl: batch.slab[offset + IPV4_TTL] ?? 0,
      linkIndex: this.#options.linkIndex,
      arrivedAt: arrivalTime(this.#information.stamp, this.#realtimeOffset, this.#now),
    };
  };

  readonly #decodeIpv6 = (slot: number, batch: SlotBatch): ReceivedDatagram | undefined => {
    const information = this.#information;
    readControl(batch.view, batch.controlOffset(slot), batch.controlLength(slot), information);
    if (information.destinationOffset < 0) return undefined;
    return {
      payload: batch.payload(slot),
      // sockaddr_in6: the address lies behind family, port and flow information.
      source: this.#texts.textAt(batch.slab, batch.nameOffset(slot) + 8, 16),
      destination: this.#texts.textAt(batch.slab, information.destinationOffset, 16),
      ttl: information.hopLimit,
      linkIndex: information.linkIndex,
      arrivedAt: arrivalTime(information.stamp, this.#realtimeOffset, this.#now),
    };
  };
}

function openIncoming(
  options: VrrpSocketOptions,
  purpose: SocketPurpose,
  group: Uint8Array | undefined,
): DatagramSocket {
  const socket = openRaw(options, purpose, options.protocol ?? VRRP_PROTOCOL);
  if (options.family === 6) {
    socket.set('IPPROTO_IPV6', 'IPV6_RECVPKTINFO', 1);
    socket.set('IPPROTO_IPV6', 'IPV6_RECVHOPLIMIT', 1);
  }
  socket.set('SOL_SOCKET', 'SO_TIMESTAMPNS', 1);
  // Between socket() and now it heard every link.
  socket.discardWaiting(receiveShape(options.family));
  socket.setReceiveBuffer(RECEIVE_BUFFER_BYTES);
  if (group !== undefined) {
    const level = options.family === 4 ? 'IPPROTO_IP' : 'IPPROTO_IPV6';
    socket.set(level, 'MCAST_JOIN_GROUP', encodeGroupRequest(options.linkIndex, group));
  }
  return socket;
}

function openOutgoing(options: VrrpSocketOptions, purpose: SocketPurpose): DatagramSocket {
  const protocol = options.protocol ?? VRRP_PROTOCOL;
  const socket = openRaw(options, purpose, protocol);
  // A raw socket of the protocol hears it too; this one is never read.
  socket.attachFilter(DROP_EVERYTHING);
  socket.set('SOL_SOCKET', 'SO_PRIORITY', SOCKET_PRIORITY);
  if (options.family === 4) {
    socket.set('IPPROTO_IP', 'IP_HDRINCL', 1);
    // Refused with EINVAL when the link of this name is no longer the one of this index.
    socket.set('IPPROTO_IP', 'IP_MULTICAST_IF', encodeMulticastLink(options.linkIndex));
    socket.set('IPPROTO_IP', 'IP_MULTICAST_LOOP', 0);
    return socket;
  }
  if (protocol === VRRP_PROTOCOL) socket.set('IPPROTO_IPV6', 'IPV6_CHECKSUM', VRRP_CHECKSUM_OFFSET);
  socket.set('IPPROTO_IPV6', 'IPV6_TCLASS', TRAFFIC_CLASS);
  socket.set('IPPROTO_IPV6', 'IPV6_MULTICAST_IF', options.linkIndex);
  socket.set('IPPROTO_IPV6', 'IPV6_MULTICAST_LOOP', 0);
  socket.set('IPPROTO_IPV6', 'IPV6_MULTICAST_HOPS', options.hopLimit ?? VRRP_HOP_LIMIT);
  socket.set('IPPROTO_IPV6', 'IPV6_UNICAST_HOPS', options.hopLimit ?? VRRP_HOP_LIMIT);
  return socket;
}

/** A raw socket tied to the link. */
function openRaw(options: VrrpSocketOptions, purpose: SocketPurpose, protocol: number): DatagramSocket {
  const addon = nativeAddon();
  const domain = options.family === 4 ? addon.constants.AF_INET : addon.constants.AF_INET6;
  const socket = new DatagramSocket(addon, purpose, domain, addon.constants.SOCK_RAW, protocol);
  socket.set('SOL_SOCKET', 'SO_BINDTODEVICE', new TextEncoder().encode(options.linkName));
  return socket;
}

function receiveShape(family: 4 | 6): SlotShape {
  return {
    slots: RECEIVE_SLOTS,
    nameBytes: SOCKET_ADDRESS_BYTES,
    controlBytes: family === 4 ? IPV4_CONTROL_BYTES : IPV6_CONTROL_BYTES,
    payloadBytes: DATAGRAM_BYTES,
  };
}

function addressBytes(text: string, family: 4 | 6): Uint8Array {
  const bytes = parseIp(text);
  if (bytes?.length !== (family === 4 ? 4 : 16)) throw new RangeError(`not an IPv${family} address: ${text}`);
  return bytes;
}
