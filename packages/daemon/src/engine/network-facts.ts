// What is true of the network, told to the virtual routers that live by it: links, source addresses, sockets. Facts are told
// whole and again; a router that hears nothing new does nothing.
import type { Link } from '@vrrp/netlink-native';
import { OWNER_PRIORITY } from '@vrrp/state-machine';
import { trackedInterfaces, type Desired, type DesiredVirtualRouter } from '../plan/desired.js';
import type { ObservedNetwork } from '../reconcile/observed.js';
import { primaryAddress } from '../reconcile/primary-address.js';
import type { LinkWatch } from './link-watch.js';
import type { Outbox } from './outbox.js';
import { Retries } from './retries.js';
import type { VirtualRouter } from './virtual-router.js';

export class NetworkFacts {
  readonly #network: ObservedNetwork;
  readonly #links: LinkWatch;
  readonly #outbox: Outbox;
  readonly #now: () => number;
  readonly #retries = new Retries<VirtualRouter>();
  /** Addresses that are never a source, because they move. */
  #virtualAddresses: ReadonlySet<string> = new Set();
  #hasOwner = false;

  constructor(ports: { network: ObservedNetwork; links: LinkWatch; outbox: Outbox; now: () => number }) {
    this.#network = ports.network;
    this.#links = ports.links;
    this.#outbox = ports.outbox;
    this.#now = ports.now;
  }

  configure({ virtualRouters }: Desired): void {
    this.#hasOwner = virtualRouters.some(({ config }) => config.priority === OWNER_PRIORITY);
    this.#virtualAddresses = new Set(virtualRouters.flatMap(({ addresses }) => addresses.map((one) => one.address)));
  }

  /** Whether advertisements may be sent from it: a virtual address is no source but of its owner. */
  mayBeSource(address: string): boolean {
    return this.#hasOwner || !this.#virtualAddresses.has(address);
  }

  /** Everything there is to know, to one router. */
  tell(router: VirtualRouter): void {
    const { config, channel, addresses } = router.desired;
    const link = this.#network.linkNamed(channel.link);
    const source = link === undefined ? undefined : this.#source(router.desired, link);
    const problem = link === undefined || source === undefined ? undefined : this.#connect(router, link, source);
    router.deliver({ kind: 'link', up: this.#links.isUp(channel.link) });
    const others = new Set(addresses.filter((address) => address.tracked).map((address) => address.link));
    others.delete(channel.link);
    for (const name of others) router.deliver({ kind: 'link', interface: name, up: this.#links.isUp(name) });
    router.deliver({ kind: 'primary-address', address: source });
    // Without a socket a Master would be mute and deaf: it must not become one.
    router.deliver({ kind: 'socket', problem });
    for (const { name } of trackedInterfaces(config)) {
      const status = this.#links.isUp(name) ? 'up' : 'down';
      router.deliver({ kind: 'tracker', tracker: name, trackerKind: 'interface', status });
    }
    if (link !== undefined && source !== undefined) return;
    // Last: who must leave has said so through the socket it had.
    this.#outbox.flush();
    router.disconnect();
    this.#retries.succeeded(router);
  }

  forget(router: VirtualRouter): void {
    this.#retries.succeeded(router);
  }

  /** When a socket is tried again. */
  nextAt(): number | undefined {
    return this.#retries.next();
  }

  retry(now: number): void {
    for (const router of this.#retries.due(now)) this.tell(router);
  }

  #connect(router: VirtualRouter, link: Link, source: string): string | undefined {
    // What it has said already leaves through the socket it was said through.
    if (!router.isConnectedAs(link, source)) this.#outbox.flush();
    const problem = router.connect(link, source);
    if (problem === undefined) this.#retries.succeeded(router);
    else this.#retries.failed(router, this.#now());
    return problem;
  }

  #source(desired: DesiredVirtualRouter, link: Link): string | undefined {
    const { source, sourceMustExist } = desired.channel;
    if (sourceMustExist === true && !this.#network.addresses().some(({ address }) => address === source))
      return undefined;
    const { family, priority } = desired.config;
    const onLink = this.#network.addressesOn(link.index);
    return primaryAddress(onLink, family, {
      configured: source,
      virtual: this.#virtualAddresses,
      isOwner: priority === OWNER_PRIORITY,
    });
  }
}
