// Looks for the beats of links, all of them once a second (keepalived.conf(5), linkbeat_interfaces). What a lost beat means
// for a virtual router is not decided here.

import type { Cancel, Clock } from './clock.js';
import { SECOND } from './clock.js';
import { lookForBeat } from './linkbeat.js';
import type { Beat, BeatMethod, BeatReading } from './linkbeat.js';
import { nextTick } from './schedule.js';

/** Between two looks at a link (seen on keepalived 2.2.7). */
export const LINKBEAT_INTERVAL = SECOND;

/** Implemented over ioctl(2) by whoever can (@vrrp/netlink-native, readLinkBeat), and by FakeBeats. */
export interface BeatProbe {
  /** Asks now, and waits for the answer. */
  read(link: string, method: BeatMethod): BeatReading;
}

export interface WatchedBeat {
  readonly link: string;
  /** Tried before the others. */
  readonly method?: BeatMethod;
}

export type BeatObservation =
  /** The way in which a link is looked at, when it is seen for the first time; `wanted` when that is another one. */
  | { readonly kind: 'method'; readonly link: string; readonly method: BeatMethod; readonly wanted?: BeatMethod }
  /** At the first look, and at every change. Without a link there is no beat, and nothing is told. */
  | { readonly kind: 'beat'; readonly link: string; readonly up: boolean }
  /** The driver no longer answers; told once until it does. Only the flags of the interface count meanwhile. */
  | { readonly kind: 'silent'; readonly link: string; readonly method: BeatMethod };

export interface LinkbeatPorts {
  readonly clock: Clock;
  readonly probe: BeatProbe;
}

export class LinkbeatWatch {
  readonly #ports: LinkbeatPorts;
  readonly #listener: (observation: BeatObservation) => void;
  readonly #links = new Map<string, { readonly wanted: BeatMethod | undefined; seen: Beat | undefined }>();
  #started = 0;
  #cancel: Cancel | undefined;

  constructor(ports: LinkbeatPorts, listener: (observation: BeatObservation) => void) {
    this.#ports = ports;
    this.#listener = listener;
  }

  /** The links of now; a new one is looked at before this returns, one that stays keeps what was seen of it. */
  configure(links: readonly WatchedBeat[]): void {
    const before = new Map(this.#links);
    this.#links.clear();
    for (const { link, method: wanted } of links) {
      const known = before.get(link);
      const same = known !== undefined && known.wanted === wanted;
      this.#links.set(link, same ? known : { wanted, seen: undefined });
      if (!same) this.#look(link);
    }
    if (this.#links.size === 0) this.close();
    else if (this.#cancel === undefined) {
      this.#started = this.#ports.clock.now();
      this.#schedule();
    }
  }

  close(): void {
    this.#links.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    const { clock } = this.#ports;
    this.#cancel = clock.schedule(nextTick(this.#started, LINKBEAT_INTERVAL, clock.now()), () => {
      for (const link of this.#links.keys()) this.#look(link);
      this.#schedule();
    });
  }

  #look(link: string): void {
    const watched = this.#links.get(link);
    if (watched === undefined) return;
    const { seen: before, wanted } = watched;
    const seen = lookForBeat(before?.method, wanted, (method) => this.#ports.probe.read(link, method));
    watched.seen = seen;
    if (seen === undefined) return;
    const { method, up, answered } = seen;
    if (before === undefined) {
      const other = wanted === undefined || wanted === method ? {} : { wanted };
      this.#listener({ kind: 'method', link, method, ...other });
    }
    if (!answered && before?.answered !== false) this.#listener({ kind: 'silent', link, method });
    if (before?.up !== up) this.#listener({ kind: 'beat', link, up });
  }
}
