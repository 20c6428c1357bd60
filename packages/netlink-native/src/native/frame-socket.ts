// An AF_PACKET socket (packet(7)) that sends ready-made Ethernet frames on one link: gratuitous ARP, unsolicited
// neighbour advertisements. It is bound without a protocol, so it receives nothing.
import { encodeLinkAddress } from '../codec/socket-address.js';
import type { FrameSocket } from '../sockets.js';
import { DatagramSocket } from './datagram-socket.js';
import { nativeAddon } from './load.js';
import type { SlotBatch } from './slot-batch.js';

/** Frames per system call. */
const SEND_SLOTS = 64;
/** A whole Ethernet frame without its check sequence, with one VLAN tag, rounded up. */
const FRAME_BYTES = 1520;
const SOCKET_PRIORITY = 6;

export interface FrameSocketOptions {
  readonly linkIndex: number;
}

/**
 * Opens a socket for ready-made frames on one link. It holds nothing open in the event loop.
 * @throws OperationError ERR_VRRP_SOCKET (EPERM without CAP_NET_RAW, ENODEV for a link that is not there).
 */
export function openFrameSocket(options: FrameSocketOptions): FrameSocket {
  return new PacketFrameSocket(options.linkIndex);
}

class PacketFrameSocket implements FrameSocket {
  readonly #socket: DatagramSocket;
  readonly #batch: SlotBatch;

  constructor(linkIndex: number) {
    const addon = nativeAddon();
    const { AF_PACKET, SOCK_RAW } = addon.constants;
    const operation = `open a frame socket on link ${linkIndex}`;
    const purpose = { code: 'ERR_VRRP_SOCKET', operation, capability: 'CAP_NET_RAW' } as const;
    this.#socket = new DatagramSocket(addon, purpose, AF_PACKET, SOCK_RAW, 0);
    this.#socket.set('SOL_SOCKET', 'SO_PRIORITY', SOCKET_PRIORITY);
    this.#socket.bind(encodeLinkAddress(linkIndex));
    this.#batch = this.#socket.prepareSending({
      slots: SEND_SLOTS,
      nameBytes: 0,
      controlBytes: 0,
      payloadBytes: FRAME_BYTES,
    });
  }

  send(frames: readonly Uint8Array[]): readonly number[] {
    const results: number[] = [];
    for (let start = 0; start < frames.length; start += SEND_SLOTS) {
      const part = frames.slice(start, start + SEND_SLOTS);
      for (const [slot, frame] of part.entries()) this.#batch.put(slot, frame);
      this.#socket.sendBatch(part.length);
      for (let slot = 0; slot < part.length; slot++) results.push(this.#batch.result(slot));
    }
    return results;
  }

  close(): void {
    this.#socket.close();
  }
}
