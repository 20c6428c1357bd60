// Sends gratuitous ARP requests and unsolicited neighbour advertisements: the last thing of a turn, and a bounded number, so
// that everything else has precedence. What is asked for again while it waits is one thing, not two.
import type { FrameSocket, Link } from '@vrrp/netlink-native';
import { encodeGratuitousArp, encodeNeighborAdvertisement } from '@vrrp/wire';
import type { DesiredAddress } from '../plan/desired.js';
import type { World } from './world.js';

/** Frames that may leave in one turn; the rest waits for the next one. */
const FRAMES_PER_TURN = 64;
/** How often one address is announced on one order at most, whatever the configuration says: more is a flood. */
export const ROUNDS_MAX = 1_000;

/** There is at most one for each address on each link, so their number is that of the addresses. */
interface Target<Owner> {
  readonly owner: Owner;
  readonly link: Link;
  readonly frame: Uint8Array;
  /** How often it is still to be sent. */
  rounds: number;
}

export interface AnnouncementTarget {
  readonly link: string;
  readonly address: string;
}

/** What there is to know about an address to announce it. */
export type Announced = Pick<DesiredAddress, 'family' | 'address' | 'link'>;

export interface AnnouncerListener<Owner> {
  failed(owner: Owner, error: Error): void;
  /** A frame has left. */
  sent(owner: Owner): void;
}

export class Announcer<Owner> {
  readonly #world: World;
  readonly #listener: AnnouncerListener<Owner>;
  readonly #sockets = new Map<number, FrameSocket>();
  /** In the order in which they are due. */
  readonly #queue = new Map<string, Target<Owner>>();

  constructor(world: World, listener: AnnouncerListener<Owner>) {
    this.#world = world;
    this.#listener = listener;
  }

  get isIdle(): boolean {
    return this.#queue.size === 0;
  }

  /** Queues the whole list `times` times, round robin as keepalived does, and returns what will be announced. */
  announce(
    owner: Owner,
    addresses: readonly Announced[],
    times: number,
    linkNamed: (name: string) => Link | undefined,
  ): readonly AnnouncementTarget[] {
    return addresses.flatMap((address) => {
      const link = linkNamed(address.link);
      if (link === undefined || link.noArp || link.loopback || link.mac === '') return [];
      const key = `${link.index} ${address.address}`;
      const waiting = this.#queue.get(key)?.rounds ?? 0;
      const rounds = Math.min(Math.max(times, waiting), ROUNDS_MAX);
      if (rounds > 0) this.#queue.set(key, { owner, link, frame: this.#frame(address, link), rounds });
      return [{ link: link.name, address: address.address }];
    });
  }

  /** Forgets what has not left yet, when its owner is no longer Master. */
  cancel(owner: Owner): void {
    for (const [key, target] of this.#queue) if (target.owner === owner) this.#queue.delete(key);
  }

  /** Sends one turn's worth; call again while not `isIdle`. */
  flush(): void {
    const byLink = new Map<number, Target<Owner>[]>();
    let frames = 0;
    // What goes back to the end of the queue is met again there: round robin.
    for (const [key, target] of this.#queue) {
      if (frames >= FRAMES_PER_TURN) break;
      frames += 1;
      target.rounds -= 1;
      this.#queue.delete(key);
      if (target.rounds > 0) this.#queue.set(key, target);
      const turn = byLink.get(target.link.index);
      if (turn === undefined) byLink.set(target.link.index, [target]);
      else turn.push(target);
    }
    for (const [linkIndex, targets] of byLink) this.#sendOn(linkIndex, targets);
  }

  close(): void {
    this.#queue.clear();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  /** The link is gone: its socket is of no use, even if a link of that name comes back. */
  forget(linkIndex: number): void {
    for (const [key, target] of this.#queue) if (target.link.index === linkIndex) this.#queue.delete(key);
    this.#sockets.get(linkIndex)?.close();
    this.#sockets.delete(linkIndex);
  }

  #sendOn(linkIndex: number, targets: readonly Target<Owner>[]): void {
    const [first] = targets;
    if (first === undefined) return;
    try {
      const socket = this.#sockets.get(linkIndex) ?? this.#world.openFrameSocket({ linkIndex });
      this.#sockets.set(linkIndex, socket);
      const results = socket.send(targets.map(({ frame }) => frame));
      for (const [index, { owner }] of targets.entries()) if (results[index] === 0) this.#listener.sent(owner);
      const errno = results.find((one) => one !== 0);
      if (errno !== undefined)
        this.#listener.failed(first.owner, new Error(`announcement not sent on ${first.link.name}: errno ${errno}`));
    } catch (error) {
      this.#listener.failed(first.owner, error instanceof Error ? error : new Error(String(error)));
    }
  }

  #frame(address: Announced, link: Link): Uint8Array {
    if (address.family === 4) return encodeGratuitousArp({ mac: link.mac, address: address.address });
    const router = this.#world.forwardsIpv6(link.name);
    return encodeNeighborAdvertisement({ mac: link.mac, address: address.address, router });
  }
}
