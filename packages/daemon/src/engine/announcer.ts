// Sends gratuitous ARP requests and unsolicited neighbour advertisements, a bounded number per turn, so that
// advertisements always have precedence over them.
import type { FrameSocket, Link } from '@vrrp/netlink-native';
import { encodeGratuitousArp, encodeNeighborAdvertisement } from '@vrrp/wire';
import type { DesiredAddress } from '../plan/desired.js';
import type { World } from './world.js';

/** Frames that may leave in one turn; the rest waits for the next one. */
const FRAMES_PER_TURN = 64;

interface Pending<Owner> {
  readonly owner: Owner;
  readonly link: Link;
  readonly frame: Uint8Array;
}

export interface AnnouncementTarget {
  readonly link: string;
  readonly address: string;
}

/** What there is to know about an address to announce it. */
export type Announced = Pick<DesiredAddress, 'family' | 'address' | 'link'>;

export class Announcer<Owner> {
  readonly #world: World;
  readonly #sockets = new Map<number, FrameSocket>();
  readonly #failed: (owner: Owner, error: Error) => void;
  readonly #sent: (owner: Owner) => void;
  #queue: Pending<Owner>[] = [];

  /** @param sent told of every frame that has left. */
  constructor(world: World, failed: (owner: Owner, error: Error) => void, sent: (owner: Owner) => void) {
    this.#world = world;
    this.#failed = failed;
    this.#sent = sent;
  }

  get idle(): boolean {
    return this.#queue.length === 0;
  }

  /** Queues the whole list `times` times, round robin as keepalived does, and returns what will be announced. */
  announce(
    owner: Owner,
    addresses: readonly Announced[],
    times: number,
    linkNamed: (name: string) => Link | undefined,
  ): readonly AnnouncementTarget[] {
    const frames = addresses.flatMap((address) => {
      const link = linkNamed(address.link);
      if (link === undefined || link.noArp || link.loopback || link.mac === '') return [];
      return [
        { owner, link, frame: this.#frame(address, link), target: { link: link.name, address: address.address } },
      ];
    });
    for (let round = 0; round < times; round += 1) this.#queue.push(...frames);
    this.flush();
    return frames.map(({ target }) => target);
  }

  /** Forgets what has not left yet, when its owner is no longer Master. */
  cancel(owner: Owner): void {
    this.#queue = this.#queue.filter((pending) => pending.owner !== owner);
  }

  /** Sends one turn's worth; call again while not `idle`. */
  flush(): void {
    const turn = this.#queue.splice(0, FRAMES_PER_TURN);
    for (const linkIndex of new Set(turn.map((pending) => pending.link.index))) {
      this.#sendOn(
        linkIndex,
        turn.filter((pending) => pending.link.index === linkIndex),
      );
    }
  }

  close(): void {
    this.#queue = [];
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  /** The link is gone: its socket is of no use, even if a link of that name comes back. */
  forget(linkIndex: number): void {
    this.#queue = this.#queue.filter((pending) => pending.link.index !== linkIndex);
    this.#sockets.get(linkIndex)?.close();
    this.#sockets.delete(linkIndex);
  }

  #sendOn(linkIndex: number, pending: readonly Pending<Owner>[]): void {
    const owner = pending[0]?.owner;
    if (owner === undefined) return;
    try {
      const socket = this.#sockets.get(linkIndex) ?? this.#world.openFrameSocket({ linkIndex });
      this.#sockets.set(linkIndex, socket);
      const results = socket.send(pending.map(({ frame }) => frame));
      for (const [index, one] of pending.entries()) if (results[index] === 0) this.#sent(one.owner);
      const errno = results.find((one) => one !== 0);
      if (errno !== undefined)
        this.#failed(owner, new Error(`announcement not sent on ${pending[0]?.link.name}: errno ${errno}`));
    } catch (error) {
      this.#failed(owner, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #frame(address: Announced, link: Link): Uint8Array {
    if (address.family === 4) return encodeGratuitousArp({ mac: link.mac, address: address.address });
    const router = this.#world.forwardsIpv6(link.name);
    return encodeNeighborAdvertisement({ mac: link.mac, address: address.address, router });
  }
}
