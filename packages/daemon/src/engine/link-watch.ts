// Which links count as up: what the kernel says, held back by the delays of interface_up_down_delays, and no more without
// a beat when that is polled.
// It keeps no timer: the engine asks for the next time and says when it has come.
import { expireLink, seeLink, type LinkStatus } from '@vrrp/trackers/link-status';
import type { Link } from '@vrrp/netlink-native';
import type { DesiredLinkbeat, DesiredLinkDelays } from '../plan/desired.js';
import { isUsable } from '../reconcile/observed.js';

interface Watched {
  delays: DesiredLinkDelays;
  status: LinkStatus | undefined;
}

/** A change that counts only when it has stood for `delay` microseconds. */
export interface HeldChange {
  readonly link: string;
  readonly up: boolean;
  readonly delay: number;
}

export class LinkWatch {
  /** Links with delays, by name; the others count as they are. */
  readonly #watched = new Map<string, Watched>();
  /** Polled links without a beat. */
  readonly #silent = new Set<string>();
  /** What the kernel has now. */
  readonly #linkNamed: (name: string) => Link | undefined;

  constructor(linkNamed: (name: string) => Link | undefined) {
    this.#linkNamed = linkNamed;
  }

  /** A link whose delays stay or change keeps what was seen of it. */
  configure(all: readonly DesiredLinkDelays[], polled: readonly DesiredLinkbeat[]): void {
    for (const name of this.#silent) if (!polled.some(({ link }) => link === name)) this.#silent.delete(name);
    const names = new Set(all.map(({ link }) => link));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name);
    for (const delays of all) {
      const known = this.#watched.get(delays.link);
      if (known === undefined) this.#watched.set(delays.link, { delays, status: undefined });
      else known.delays = delays;
    }
  }

  /** COMPAT: keepalived goes by the beat alone; here a link that the kernel has as down is so at once. */
  hearBeat(name: string, up: boolean): void {
    if (up) this.#silent.delete(name);
    else this.#silent.add(name);
  }

  /** Looks at a link at `now`: the change that waits from now on, if there is one. */
  see(name: string, now: number): readonly HeldChange[] {
    const watched = this.#watched.get(name);
    if (watched === undefined) return [];
    const before = watched.status?.up.pending;
    watched.status = seeLink(watched.status, conditionOf(this.#linkNamed(name)), watched.delays, now);
    const { pending } = watched.status.up;
    if (pending === undefined || pending === before) return [];
    return [{ link: name, up: pending.value, delay: pending.at - now }];
  }

  /** Looks at every link with delays. */
  seeAll(now: number): readonly HeldChange[] {
    return [...this.#watched.keys()].flatMap((name) => this.see(name, now));
  }

  /** A link without delays is what the kernel has of it; one without its beat is down. */
  isUp(name: string): boolean {
    if (this.#silent.has(name)) return false;
    return this.#watched.get(name)?.status?.up.current ?? isUsable(this.#linkNamed(name));
  }

  /** When the next change that waits will count. */
  next(): number | undefined {
    const times = [...this.#watched.values()].flatMap(({ status }) => status?.up.pending?.at ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The links whose change counts from `now` on. */
  expire(now: number): readonly string[] {
    const changed: string[] = [];
    for (const [name, watched] of this.#watched) {
      const { status } = watched;
      if (status === undefined || status.up.pending === undefined || status.up.pending.at > now) continue;
      watched.status = expireLink(status, now);
      changed.push(name);
    }
    return changed;
  }
}

function conditionOf(link: Link | undefined): 'up' | 'missing' | 'administratively-down' | 'no-carrier' {
  if (link === undefined) return 'missing';
  if (!link.adminUp) return 'administratively-down';
  return link.running ? 'up' : 'no-carrier';
}
