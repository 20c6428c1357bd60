// Which links count as up: what the kernel says, held back by the delays of interface_up_down_delays.
// It keeps no timer: the engine asks for the next time and says when it has come.
import { expireLink, seeLink, type LinkStatus } from '@vrrp/trackers/link-status';
import type { Link } from '@vrrp/netlink-native';
import type { DesiredLinkDelays } from '../plan/desired.js';
import { isUsable } from '../reconcile/observed.js';

interface Watched {
  delays: DesiredLinkDelays;
  status: LinkStatus | undefined;
}

export class LinkWatch {
  /** Links with delays, by name; the others count as they are. */
  readonly #watched = new Map<string, Watched>();

  /** A link whose delays stay or change keeps what was seen of it. */
  configure(all: readonly DesiredLinkDelays[]): void {
    const names = new Set(all.map(({ link }) => link));
    for (const name of this.#watched.keys()) if (!names.has(name)) this.#watched.delete(name);
    for (const delays of all) {
      const known = this.#watched.get(delays.link);
      if (known === undefined) this.#watched.set(delays.link, { delays, status: undefined });
      else known.delays = delays;
    }
  }

  get names(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Takes what is true of a link at `now`; the change that now waits, if one has begun to. */
  see(name: string, link: Link | undefined, now: number): { readonly up: boolean; readonly delay: number } | undefined {
    const watched = this.#watched.get(name);
    if (watched === undefined) return undefined;
    const before = watched.status?.up.pending;
    watched.status = seeLink(watched.status, conditionOf(link), watched.delays, now);
    const { pending } = watched.status.up;
    return pending === undefined || pending === before ? undefined : { up: pending.value, delay: pending.at - now };
  }

  /** @param link what the kernel has of it: what counts for a link without delays. */
  isUp(name: string, link: Link | undefined): boolean {
    return this.#watched.get(name)?.status?.up.current ?? isUsable(link);
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
