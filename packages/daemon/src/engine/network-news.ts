// News of the network, from the kernel's events and from whole readings: the mirror follows, and those who live by what
// changed are told.
import { objectKey, type Address, type Link, type NetworkEvent } from '@vrrp/netlink-native';
import { usesLink, type DesiredAddress } from '../plan/desired.js';
import { objectOf } from '../reconcile/desired-object.js';
import type { ObjectKeeper } from '../reconcile/object-keeper.js';
import type { ObservedNetwork } from '../reconcile/observed.js';
import type { Announcer } from './announcer.js';
import type { Drift } from './drift.js';
import type { HeldChange, LinkWatch } from './link-watch.js';
import type { EngineReport, Untimed } from './messages.js';
import type { NetworkFacts } from './network-facts.js';
import type { Resync } from './resync.js';
import type { Roster } from './roster.js';
import type { VirtualRouter } from './virtual-router.js';

export interface NetworkNewsPorts {
  readonly network: ObservedNetwork;
  readonly links: LinkWatch;
  readonly facts: NetworkFacts;
  readonly roster: Roster;
  readonly drift: Drift;
  readonly keeper: ObjectKeeper<VirtualRouter>;
  readonly announcer: Announcer<VirtualRouter>;
  readonly resync: Resync;
  now(): number;
  report(report: Untimed<EngineReport>): void;
}

type Change = Exclude<NetworkEvent, { readonly kind: 'resync' }>;

export class NetworkNews {
  readonly #ports: NetworkNewsPorts;

  constructor(ports: NetworkNewsPorts) {
    this.#ports = ports;
  }

  heard(event: NetworkEvent): void {
    if (event.kind === 'resync') this.#ports.resync.ask();
    else if (event.object.kind === 'link') this.#linkChanged(event, event.object);
    else if (event.object.kind === 'address') this.#addressChanged(event, event.object);
  }

  /** The mirror was read anew: everybody is told everything, and what is missing is missed. */
  readAnew(): void {
    const { links, roster, facts, drift, now } = this.#ports;
    this.linksSeen(links.seeAll(now()));
    for (const router of roster.all) facts.tell(router);
    drift.compare();
  }

  /** A link counts as up or down from now on. */
  linkSettled(name: string, wasUp: boolean, seenBy: 'netlink' | 'linkbeat' = 'netlink'): void {
    const { links, roster, facts, keeper, now, report } = this.#ports;
    const up = links.isUp(name);
    if (up !== wasUp) report({ kind: 'link', link: name, up, seenBy });
    keeper.linkChanged(name, now());
    for (const router of roster.all) if (usesLink(router.desired, name)) facts.tell(router);
  }

  /** What was held back has stood for its time. */
  linkExpired(name: string): void {
    this.linkSettled(name, !this.#ports.links.isUp(name));
  }

  /** A change that has to stand for a while first is looked at again when it has. */
  linksSeen(held: readonly HeldChange[]): void {
    for (const change of held) this.#ports.report({ kind: 'link-change-held', ...change });
  }

  /** Whether the kernel has this address. */
  readonly isPresent = (desired: DesiredAddress): boolean => {
    const { network } = this.#ports;
    const object = objectOf(desired, (name) => network.linkNamed(name)?.index);
    return object !== undefined && network.has(objectKey(object));
  };

  #linkChanged(event: Change, link: Link): void {
    const { network, links, announcer, now } = this.#ports;
    const before = network.linkAt(link.index);
    const names = new Set([link.name, ...(before === undefined ? [] : [before.name])]);
    const wasUp = new Map([...names].map((name) => [name, links.isUp(name)]));
    network.apply(event);
    if (event.kind === 'removed') announcer.forget(link.index);
    // A link that was renamed is gone under its old name, and there under the new one.
    for (const name of names) {
      this.linksSeen(links.see(name, now()));
      this.linkSettled(name, wasUp.get(name) ?? false);
    }
    if (event.kind === 'changed' && before !== undefined && before.mac !== link.mac) this.#announceOn(link.name);
  }

  /** Its link has another MAC address: whoever asks the old one is not heard any more. */
  #announceOn(link: string): void {
    const { roster, keeper } = this.#ports;
    for (const router of roster.all) {
      const { addresses, config } = router.desired;
      if (router.isMaster) {
        const there = addresses.filter((address) => address.link === link);
        keeper.announce(router, there, config.announcements.repeat);
      }
    }
  }

  #addressChanged(event: Change, address: Address): void {
    const { network, facts, roster, drift } = this.#ports;
    network.apply(event);
    drift.heard(event);
    // Our own addresses come by the hundred: nobody's facts change with them.
    if (!facts.mayBeSource(address.address)) return;
    const link = network.linkAt(address.linkIndex)?.name;
    for (const router of roster.all) {
      const { channel } = router.desired;
      if (channel.link === link || channel.source === address.address) facts.tell(router);
    }
  }
}
