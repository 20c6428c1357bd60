// A local network in memory: what one node sends, every other attached node hears after a while, unless a fault of the
// network prevents it. Seeded: the same sends in the same order meet the same fate. Carries any bytes; knows neither
// VRRP nor addresses: every port hears everything, as behind a hub, and picks what is meant for it.
import type { Micros } from '../types.js';
import { createRandom } from './random.js';
import type { Random } from './random.js';
import type { VirtualClock } from './virtual-clock.js';

/** What travels: an IP datagram without its header's bytes. */
export interface LanDatagram {
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit. */
  readonly ttl: number;
  readonly payload: Uint8Array;
}

/** How the network behaves now. */
export interface LanConditions {
  /** Every delivery takes this long ... */
  readonly delay: Micros;
  /** ... plus up to this much. */
  readonly jitter: Micros;
  /** Probability that one receiver does not get a datagram. */
  readonly loss: number;
  /** Probability that one receiver gets it twice. */
  readonly duplication: number;
  /** Probability that one receiver gets it damaged: a byte, its length or its TTL is another. */
  readonly corruption: number;
  /** Whether a datagram may overtake an earlier one on the same way. */
  readonly reorder: boolean;
}

export const PERFECT_LAN: LanConditions = {
  delay: 100,
  jitter: 0,
  loss: 0,
  duplication: 0,
  corruption: 0,
  reorder: false,
};
const BYTE_MAX = 0xff;

export interface LanPort {
  /** Sends to every other node. The bytes are copied. Nothing happens while the link is down or the port is closed. */
  send(datagram: LanDatagram): void;
  close(): void;
}

interface Port {
  readonly listener: (datagram: LanDatagram, from: string) => void;
  up: boolean;
}

export class Lan {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #conditions: LanConditions;
  readonly #ports = new Map<string, Port>();
  /** One-way cuts, as `from -> to`. */
  readonly #cuts = new Set<string>();
  /** When the last datagram on each way arrives. */
  readonly #lastArrival = new Map<string, Micros>();

  constructor(options: {
    readonly clock: VirtualClock;
    readonly seed: number;
    readonly conditions?: Partial<LanConditions>;
  }) {
    this.#clock = options.clock;
    this.#random = createRandom(options.seed);
    this.#conditions = { ...PERFECT_LAN, ...options.conditions };
  }

  /** @throws RangeError when a node of that name is attached. */
  attach(name: string, listener: (datagram: LanDatagram, from: string) => void): LanPort {
    if (this.#ports.has(name)) throw new RangeError(`${name} is attached already`);
    const port: Port = { listener, up: true };
    this.#ports.set(name, port);
    return {
      send: (datagram) => {
        if (this.#ports.get(name) === port && port.up) this.#broadcast(name, datagram);
      },
      close: () => {
        if (this.#ports.get(name) === port) this.#ports.delete(name);
      },
    };
  }

  get conditions(): LanConditions {
    return this.#conditions;
  }

  setConditions(changes: Partial<LanConditions>): void {
    this.#conditions = { ...this.#conditions, ...changes };
  }

  /** The link of a node: while it is down, the node neither sends nor hears. */
  setLink(name: string, up: boolean): void {
    const port = this.#ports.get(name);
    if (port === undefined) throw new RangeError(`${name} is not attached`);
    port.up = up;
  }

  /** From now on `to` hears nothing from `from`. The other direction is another cut. */
  partition(from: string, to: string): void {
    this.#cuts.add(way(from, to));
  }

  /** Removes one cut, or all of them. */
  heal(from?: string, to?: string): void {
    if (from !== undefined && to !== undefined) this.#cuts.delete(way(from, to));
    else this.#cuts.clear();
  }

  /** Whether what `from` sends now can reach `to`, loss apart. */
  isConnected(from: string, to: string): boolean {
    return this.#isUp(from) && this.#isUp(to) && !this.#cuts.has(way(from, to));
  }

  #isUp(name: string): boolean {
    return this.#ports.get(name)?.up === true;
  }

  #broadcast(from: string, datagram: LanDatagram): void {
    const copy: LanDatagram = { ...datagram, payload: datagram.payload.slice() };
    for (const to of this.#ports.keys()) {
      if (to === from) continue;
      const { loss, duplication, corruption } = this.#conditions;
      const isLost = this.#random.chance(loss);
      const copies = this.#random.chance(duplication) ? 2 : 1;
      const arrives = this.#random.chance(corruption) ? this.#damaged(copy) : copy;
      if (isLost || this.#cuts.has(way(from, to))) continue;
      for (let i = 0; i < copies; i += 1) this.#deliver(from, to, arrives);
    }
  }

  /** One byte, the TTL or the length is another; the rest is as it was sent. */
  #damaged(datagram: LanDatagram): LanDatagram {
    const random = this.#random;
    const what = random.pick(['byte', 'byte', 'byte', 'length', 'ttl']);
    if (what === 'ttl') return { ...datagram, ttl: random.integer(0, BYTE_MAX) };
    const { length } = datagram.payload;
    if (what === 'length') return { ...datagram, payload: datagram.payload.slice(0, random.integer(0, length)) };
    const payload = datagram.payload.slice();
    payload[random.integer(0, Math.max(0, length - 1))] = random.integer(0, BYTE_MAX);
    return { ...datagram, payload };
  }

  #deliver(from: string, to: string, datagram: LanDatagram): void {
    const { delay, jitter, reorder } = this.#conditions;
    let arrival = this.#clock.now() + delay + (jitter === 0 ? 0 : this.#random.integer(0, jitter));
    const key = way(from, to);
    if (!reorder) arrival = Math.max(arrival, this.#lastArrival.get(key) ?? 0);
    this.#lastArrival.set(key, arrival);
    this.#clock.schedule(arrival, () => {
      // What was cut or unplugged meanwhile is lost on the way.
      const port = this.#ports.get(to);
      if (port?.up === true && !this.#cuts.has(key)) port.listener(datagram, from);
    });
  }
}

function way(from: string, to: string): string {
  return `${from} -> ${to}`;
}
