// A raw ICMP socket (raw(7), icmp(7)): echo requests out, echo replies in, for any number of pings at once.
// It knows no ICMP beyond the type of an echo reply, which the kernel filters by: everything else stays in the kernel.
import { parseIp } from '@vrrp/wire/ip';

import { encodeInetAddress, SOCKET_ADDRESS_BYTES } from '../codec/socket-address.js';
import { AddressTextCache } from '../codec/address-text-cache.js';
import { IPV4_SOURCE, readIpv4Extent } from '../codec/ipv4-header.js';
import { encodeSocketFilter } from '../codec/socket-filter.js';
import type { Instruction } from '../codec/socket-filter.js';
import { errnoName } from '../operation-error.js';
import type { Referenced } from '../sockets.js';
import { DatagramSocket } from './datagram-socket.js';
import { nativeAddon } from './load.js';
import type { SlotBatch } from './slot-batch.js';

/** IANA protocol numbers. */
const ICMP = { 4: 1, 6: 58 } as const;
/** Bytes of a message that are read: echo replies are as short as their requests. */
const MESSAGE_BYTES = 2048;
const RECEIVE_SLOTS = 32;
/** Bytes before the address in sockaddr_in6. */
const SOCKADDR_IN6_ADDRESS = 8;

export interface IcmpSocket extends Referenced {
  readonly family: 4 | 6;
  /** Sends one ICMP message; what went wrong otherwise, in a few words. Over IPv6 the kernel fills in the checksum. */
  send(address: string, message: Uint8Array): string | undefined;
  /** Hears every echo reply that comes in, without its IP header, valid only during the call; and from whom. Once. */
  receive(listener: (message: Uint8Array, source: string) => void): void;
  close(): void;
}

/**
 * Keeps the process alive until close() or unref().
 * @throws OperationError ERR_VRRP_SOCKET (EPERM without CAP_NET_RAW), ERR_VRRP_NATIVE_MISSING.
 */
export function openIcmpSocket(family: 4 | 6): IcmpSocket {
  return new RawIcmpSocket(family);
}

class RawIcmpSocket implements IcmpSocket {
  readonly family: 4 | 6;
  readonly #socket: DatagramSocket;
  readonly #outgoing: SlotBatch;
  readonly #texts = new AddressTextCache();

  constructor(family: 4 | 6) {
    this.family = family;
    const addon = nativeAddon();
    const { AF_INET, AF_INET6, SOCK_RAW } = addon.constants;
    const purpose = {
      code: 'ERR_VRRP_SOCKET',
      operation: `open a raw ICMP socket for IPv${family}`,
      capability: 'CAP_NET_RAW',
    } as const;
    this.#socket = new DatagramSocket(addon, purpose, family === 4 ? AF_INET : AF_INET6, SOCK_RAW, ICMP[family]);
    this.#socket.attachFilter(onlyEchoReplies(family));
    const nameBytes = SOCKET_ADDRESS_BYTES;
    this.#outgoing = this.#socket.prepareSending({ slots: 1, nameBytes, controlBytes: 0, payloadBytes: MESSAGE_BYTES });
  }

  send(address: string, message: Uint8Array): string | undefined {
    const ip = parseIp(address);
    if (ip?.length !== (this.family === 4 ? 4 : 16)) return `not an IPv${this.family} address`;
    this.#outgoing.put(0, message, encodeInetAddress(ip));
    this.#socket.sendBatch(1);
    const errno = this.#outgoing.result(0);
    return errno === 0 ? undefined : errnoName(errno);
  }

  receive(listener: (message: Uint8Array, source: string) => void): void {
    const shape = {
      slots: RECEIVE_SLOTS,
      nameBytes: SOCKET_ADDRESS_BYTES,
      controlBytes: 0,
      payloadBytes: MESSAGE_BYTES,
    };
    this.#socket.receive(shape, {
      onBatch: (count, batch) => {
        for (let slot = 0; slot < count; slot++) {
          const message = this.#messageIn(batch, slot);
          if (message !== undefined) listener(message, this.#sourceOf(batch, slot));
        }
      },
      // A raw socket that is not connected is told of no error but a full queue: a reply that is lost is a timeout.
      onError: () => undefined,
    });
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

  /** In the IPv4 header, and in sockaddr_in6 behind family, port and flow information. */
  #sourceOf(batch: SlotBatch, slot: number): string {
    if (this.family === 4) return this.#texts.textAt(batch.slab, batch.payloadOffset(slot) + IPV4_SOURCE, 4);
    return this.#texts.textAt(batch.slab, batch.nameOffset(slot) + SOCKADDR_IN6_ADDRESS, 16);
  }

  /** IPv4 comes with its header, IPv6 without. */
  #messageIn(batch: SlotBatch, slot: number): Uint8Array | undefined {
    if (this.family === 6) return batch.payload(slot);
    const extent = { start: 0, end: 0 };
    const whole = readIpv4Extent(batch.slab, batch.payloadOffset(slot), batch.payloadLength(slot), extent);
    return whole ? batch.slab.subarray(extent.start, extent.end) : undefined;
  }
}

/** Classic BPF (bpf(4)) over what the socket is given: the ICMP type decides. */
function onlyEchoReplies(family: 4 | 6): Uint8Array {
  const ECHO_REPLY = { 4: 0, 6: 129 } as const;
  const load: readonly Instruction[] =
    family === 4
      ? [
          [0xb1, 0, 0, 0], // x = length of the IPv4 header at 0
          [0x50, 0, 0, 0], // a = byte at x
        ]
      : [[0x30, 0, 0, 0]]; // a = byte at 0
  const program: readonly Instruction[] = [
    ...load,
    [0x15, 0, 1, ECHO_REPLY[family]], // if a is not that, skip one
    [0x06, 0, 0, 0xffff_ffff], // take it
    [0x06, 0, 0, 0], // drop it
  ];
  return encodeSocketFilter(program);
}
