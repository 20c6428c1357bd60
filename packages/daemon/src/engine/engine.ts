// The engine: runs every virtual router of one host over a World. One queue of deadlines, one timer, one mirror of the
// network; it parses nothing, formats nothing and logs nothing. The same code runs in the worker thread and in the simulator.
import { VRRP_PROTOCOL, type Address, type DeadlineTimer, type Link, type NetworkEvent } from '@vrrp/netlink-native';
import {
  trackedInterfaces,
  usesLink,
  type Desired,
  type DesiredAddress,
  type DesiredVirtualRouter,
} from '../plan/desired.js';
import { missingAddresses } from '../reconcile/diff.js';
import { addressKey, ObservedNetwork } from '../reconcile/observed.js';
import { primaryAddress } from '../reconcile/primary-address.js';
import { AddressKeeper } from './address-keeper.js';
import { Announcer, type Announced } from './announcer.js';
import { Channels } from './channels.js';
import { DeadlineQueue } from './deadline-queue.js';
import { Lateness } from './lateness.js';
import { removeLeftovers } from './leftovers.js';
import { LinkWatch, type HeldChange } from './link-watch.js';
import {
  failureText,
  type EngineCounts,
  type EngineReport,
  type Leftovers,
  type RouterSnapshot,
  type RouterStanding,
  type TrackerNews,
  type Untimed,
} from './messages.js';
import { rehearseTakeover } from './rehearsal.js';
import { SyncGroups } from './sync-groups.js';
import { VirtualRouter, type VirtualRouterPorts } from './virtual-router.js';
import type { World } from './world.js';

/** Waking later than this is worth a line: the protocol's shortest interval is 10 ms. */
const STALL_REPORT_MICROS = 100_000;

/** 255 at once take 4 ms, and as much again to be handed over: an advertisement would wait for that. */
const STANDINGS_PER_TURN = 16;

export interface Engine {
  /** Makes the running set of virtual routers the desired one: the start, and every reload. */
  configure(desired: Desired, leftovers: Leftovers): Promise<void>;
  /** What a tracker says now; remembered for virtual routers that come later. */
  track(news: TrackerNews): void;
  /** Whether a link has its beat, when it is polled; before that, and without polling, it counts as having it. */
  linkbeat(link: string, up: boolean): void;
  snapshot(): readonly RouterSnapshot[];
  /**
   * Everything a person may want to know, a turn's worth at a time: deadlines have precedence, so whoever asks for the
   * next part lets them pass first.
   */
  standing(): Generator<readonly RouterStanding[], EngineCounts>;
  /** Priority 0, addresses away, sockets closed. */
  stop(): Promise<void>;
}

/** @param world what the engine may touch; it is closed by whoever made it. */
export function createEngine(world: World): Engine {
  return new RunningEngine(world);
}

class RunningEngine implements Engine {
  readonly #world: World;
  readonly #network = new ObservedNetwork();
  readonly #links: LinkWatch;
  readonly #routers = new Map<string, VirtualRouter>();
  readonly #trackers = new Map<string, TrackerNews>();
  readonly #deadlines = new DeadlineQueue<VirtualRouter>();
  readonly #channels: Channels<VirtualRouter>;
  readonly #announcer: Announcer<VirtualRouter>;
  readonly #groups: SyncGroups;
  readonly #timer: DeadlineTimer;
  readonly #lateness = new Lateness();
  /** Where the timer stands; a deadline that moved later leaves it, and one early wake-up corrects it. */
  #armed: number | undefined;
  /** Addresses that are never a source, because they move. */
  #virtualAddresses: ReadonlySet<string> = new Set();
  #unwatch: (() => void) | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#links = new LinkWatch((name) => this.#network.linkNamed(name));
    this.#channels = new Channels(
      world,
      (router, datagram) => router.receive(datagram),
      (router, datagram) => router.isPartnerOf(datagram),
    );
    this.#announcer = new Announcer(
      world,
      (router, error) => this.#failed(router, 'announce addresses', error),
      (router) => (router.announcementsSent += 1),
    );
    this.#groups = new SyncGroups((observation) => this.#report({ kind: 'group-observation', observation }));
    this.#timer = world.openTimer(() => this.#wake());
  }

  async configure(desired: Desired, leftovers: Leftovers): Promise<void> {
    this.#virtualAddresses = new Set(
      desired.virtualRouters.flatMap(({ addresses }) => addresses.map((one) => one.address)),
    );
    this.#links.configure(desired.linkDelays ?? [], desired.linkbeats ?? []);
    if (this.#unwatch === undefined) {
      // Watching starts before reading, so that nothing falls between the two.
      this.#unwatch = this.#world.kernel.watch((event) => this.#networkChanged(event));
      await this.#readNetwork();
      await removeLeftovers(
        { network: this.#network, kernel: this.#world.kernel, read: () => this.#readNetwork() },
        desired,
        leftovers,
        (report) => this.#report(report),
      );
    } else this.#linksSeen(this.#links.seeAll(this.#world.now()));
    const [first] = desired.virtualRouters;
    if (first !== undefined && this.#routers.size === 0) rehearseTakeover(first);
    this.#groups.suspend();
    await this.#removeVanished(desired);
    this.#forgetTrackers(desired);
    this.#report({ kind: 'starting' });
    const added = this.#addRouters(desired);
    // A group looks at all its members, so they all exist before the first one moves.
    this.#groups.configure(desired.syncGroups, this.#routersByName(desired));
    for (const one of desired.virtualRouters) {
      const router = this.#routers.get(one.key);
      if (router === undefined) continue;
      if (added.has(router)) this.#start(router);
      else {
        router.reconfigure(one);
        this.#tellFacts(router);
        // It may track since now what others have tracked all along.
        this.#tellTrackers(router);
      }
    }
    this.#report({ kind: 'started' });
  }

  track(news: TrackerNews): void {
    this.#trackers.set(trackerKey(news), news);
    for (const router of this.#routers.values()) {
      if (tracks(router.desired, news)) router.deliver({ kind: 'tracker', ...news });
    }
  }

  linkbeat(link: string, up: boolean): void {
    const wasUp = this.#links.isUp(link);
    this.#links.hearBeat(link, up);
    this.#linkSettled(link, wasUp, 'linkbeat');
  }

  snapshot(): readonly RouterSnapshot[] {
    return [...this.#routers.values()].map((router) => router.snapshot());
  }

  *standing(): Generator<readonly RouterStanding[], EngineCounts> {
    const present = new Set(this.#network.addresses().map(addressKey));
    const isPresent = (address: DesiredAddress): boolean => present.has(this.#key(address) ?? '');
    const routers = [...this.#routers.values()];
    while (routers.length > 0) {
      yield routers.splice(0, STANDINGS_PER_TURN).map((router) => router.standing(isPresent));
    }
    return { syncGroups: this.#groups.groups, lateness: this.#lateness.counts };
  }

  async stop(): Promise<void> {
    this.#groups.suspend();
    const routers = [...this.#routers.values()];
    for (const router of routers) router.deliver({ kind: 'shutdown' });
    await Promise.all(routers.map((router) => router.keeper.settled()));
    for (const router of routers) router.disconnect();
    this.#routers.clear();
    this.#unwatch?.();
    this.#timer.close();
    this.#announcer.close();
    this.#report({ kind: 'stopped' });
  }

  #addRouters(desired: Desired): ReadonlySet<VirtualRouter> {
    const added = new Set<VirtualRouter>();
    for (const one of desired.virtualRouters) {
      if (this.#routers.has(one.key)) continue;
      const router = new VirtualRouter(one, this.#ports());
      this.#routers.set(one.key, router);
      added.add(router);
    }
    return added;
  }

  /** By the names of the new configuration: a reload may have given a running virtual router another one. */
  #routersByName(desired: Desired): ReadonlyMap<string, VirtualRouter> {
    const named = new Map<string, VirtualRouter>();
    for (const { key, config } of desired.virtualRouters) {
      const router = this.#routers.get(key);
      if (router !== undefined) named.set(config.name, router);
    }
    return named;
  }

  #start(router: VirtualRouter): void {
    this.#tellFacts(router);
    this.#tellTrackers(router);
    router.deliver({ kind: 'startup' });
  }

  #tellTrackers(router: VirtualRouter): void {
    for (const news of this.#trackers.values()) {
      if (tracks(router.desired, news)) router.deliver({ kind: 'tracker', ...news });
    }
  }

  /** What a tracker said before it was taken out of the configuration says nothing about one of the same name later. */
  #forgetTrackers({ virtualRouters }: Desired): void {
    for (const [key, news] of this.#trackers) {
      if (!virtualRouters.some((router) => tracks(router, news))) this.#trackers.delete(key);
    }
  }

  async #removeVanished(desired: Desired): Promise<void> {
    const wanted = new Set(desired.virtualRouters.map((one) => one.key));
    const vanished = [...this.#routers.values()].filter((router) => !wanted.has(router.desired.key));
    for (const router of vanished) router.deliver({ kind: 'shutdown' });
    await Promise.all(vanished.map((router) => router.keeper.settled()));
    for (const router of vanished) {
      router.disconnect();
      this.#deadlines.set(router, undefined);
      this.#routers.delete(router.desired.key);
    }
  }

  /** Tells a router what is true of the network now: its links, its source address, its tracked interfaces. */
  #tellFacts(router: VirtualRouter): void {
    const { config, channel, addresses } = router.desired;
    const link = this.#network.linkNamed(channel.link);
    const source = link === undefined ? undefined : this.#primaryAddress(router.desired, link);
    router.connect(link, source);
    router.deliver({ kind: 'link', up: this.#links.isUp(channel.link) });
    const others = new Set(addresses.filter((address) => address.tracked).map((address) => address.link));
    others.delete(channel.link);
    for (const name of others) {
      router.deliver({ kind: 'link', interface: name, up: this.#links.isUp(name) });
    }
    // Without a socket a Master would be mute and deaf: it must not become one.
    router.deliver({ kind: 'primary-address', address: router.isConnected ? source : undefined });
    for (const { name } of trackedInterfaces(config)) {
      const status = this.#links.isUp(name) ? 'up' : 'down';
      router.deliver({ kind: 'tracker', tracker: name, trackerKind: 'interface', status });
    }
  }

  #primaryAddress(desired: DesiredVirtualRouter, link: Link): string | undefined {
    const onLink = this.#network.addressesOn(link.index);
    const { source, sourceMustExist } = desired.channel;
    if (sourceMustExist === true && !this.#network.addresses().some(({ address }) => address === source))
      return undefined;
    return primaryAddress(onLink, desired.config.family, this.#virtualAddresses, source);
  }

  #networkChanged(event: NetworkEvent): void {
    if (event.kind === 'resync') {
      this.#resync().catch((error: unknown) => this.#failed(undefined, 'read the network anew', error));
      return;
    }
    const { kind, object } = event;
    const wasUp = object.kind === 'link' && this.#links.isUp(object.name);
    this.#network.apply(event);
    if (object.kind === 'link') this.#linkChanged(object, kind, wasUp);
    else this.#addressChanged(object, kind);
  }

  #linkChanged({ name, index }: Link, change: 'changed' | 'removed', wasUp: boolean): void {
    if (change === 'removed') this.#announcer.forget(index);
    this.#linksSeen(this.#links.see(name, this.#world.now()));
    this.#linkSettled(name, wasUp);
  }

  /** A change that has to stand for a while first is looked at again when it has. */
  #linksSeen(held: readonly HeldChange[]): void {
    for (const change of held) this.#report({ kind: 'link-change-held', ...change });
    this.#arm(this.#links.next());
  }

  #linkSettled(name: string, wasUp: boolean, seenBy: 'netlink' | 'linkbeat' = 'netlink'): void {
    const up = this.#links.isUp(name);
    if (up !== wasUp) this.#report({ kind: 'link', link: name, up, seenBy });
    for (const router of this.#routers.values()) if (usesLink(router.desired, name)) this.#tellFacts(router);
  }

  #addressChanged(address: Address, change: 'changed' | 'removed'): void {
    if (!this.#virtualAddresses.has(address.address)) {
      const name = this.#network.linkAt(address.linkIndex)?.name;
      for (const router of this.#routers.values()) {
        const { link, source } = router.desired.channel;
        if (link === name || source === address.address) this.#tellFacts(router);
      }
    } else if (change === 'removed') this.#addressRemoved(addressKey(address));
  }

  #addressRemoved(key: string): void {
    for (const router of this.#routers.values()) {
      if (router.keeper.claimsRemoval(key) || !router.isMaster) continue;
      const lost = router.desired.addresses.find((address) => address.tracked && this.#key(address) === key);
      if (lost === undefined) continue;
      this.#confirmLoss(router, lost).catch((error: unknown) => this.#failed(router, 'look for a lost address', error));
    }
  }

  /**
   * The news of a removal may be older than our own change: removing a primary address makes Linux remove the others of
   * its subnet, which we then add again. What the kernel has after our changes is what counts.
   */
  async #confirmLoss(router: VirtualRouter, lost: DesiredAddress): Promise<void> {
    await router.keeper.settled();
    const observed = await this.#world.kernel.read('address');
    if (!router.isMaster || missingAddresses([lost], observed, this.#linkIndexes).length === 0) return;
    router.deliver({ kind: 'address-lost', address: lost.address, interface: lost.link });
  }

  async #resync(): Promise<void> {
    await this.#readNetwork();
    for (const router of this.#routers.values()) {
      this.#tellFacts(router);
      if (!router.isMaster || !router.keeper.idle) continue;
      router.keeper.forgetRemovals();
      const tracked = router.desired.addresses.filter((address) => address.tracked);
      const [lost] = missingAddresses(tracked, this.#network.addresses(), this.#linkIndexes);
      if (lost !== undefined) router.deliver({ kind: 'address-lost', address: lost.address, interface: lost.link });
    }
  }

  async #readNetwork(): Promise<void> {
    const { kernel } = this.#world;
    this.#network.reset(await kernel.read('link'), await kernel.read('address'));
    this.#linksSeen(this.#links.seeAll(this.#world.now()));
  }

  #wake(): void {
    this.#armed = undefined;
    const now = this.#world.now();
    const due = this.#deadlines.next();
    const lateness = now - (due ?? now);
    if (due !== undefined && lateness >= 0) this.#lateness.add(lateness);
    if (lateness > STALL_REPORT_MICROS) this.#report({ kind: 'stalled', lateness });
    for (const name of this.#links.expire(now)) this.#linkSettled(name, !this.#links.isUp(name));
    // What was already heard comes before what was not: only then is a deadline believed.
    for (const router of this.#deadlines.due(now)) router.drain();
    for (const router of this.#deadlines.due(now)) router.deliver({ kind: 'time' });
    if (!this.#announcer.idle) this.#announcer.flush();
    this.#arm(this.#deadlines.next());
    this.#arm(this.#links.next());
    if (!this.#announcer.idle) this.#arm(now);
  }

  #arm(at: number | undefined): void {
    if (at === undefined || (this.#armed !== undefined && this.#armed <= at)) return;
    this.#armed = at;
    this.#timer.set(at);
  }

  #ports(): VirtualRouterPorts {
    return {
      now: () => this.#world.now(),
      report: (report) => this.#report(report),
      observe: (report) => this.#world.report(report),
      schedule: (router, deadline) => {
        this.#deadlines.set(router, deadline);
        this.#arm(deadline);
      },
      join: (options, vrid, router) => this.#channels.join(options, vrid, router),
      leave: (channel, vrid, router) => this.#channels.leave(channel, vrid, router),
      keeper: (router) => this.#keeperFor(router),
      announce: (router, address) => this.#announce(router, [address], 1),
      announceGroup: (router) => this.#groups.announce(router),
      stepped: (router) => this.#groups.stepped(router),
    };
  }

  #keeperFor(router: VirtualRouter): AddressKeeper {
    return new AddressKeeper({
      kernel: this.#world.kernel,
      linkIndexes: this.#linkIndexes,
      protocol: VRRP_PROTOCOL,
      added: (done) => this.#report({ kind: 'addresses-set', router: router.desired.key, addresses: texts(done) }),
      removed: (done) => {
        this.#announcer.cancel(router);
        this.#report({ kind: 'addresses-removed', router: router.desired.key, addresses: texts(done) });
      },
      announce: (addresses, times) => this.#announce(router, addresses, times),
      failed: (operation, address, error) => {
        this.#failed(router, `${operation} ${address}`, error);
        router.deliver({ kind: 'action-failed', action: operation, reason: failureText(error).message });
      },
    });
  }

  #announce(router: VirtualRouter, addresses: readonly Announced[], times: number): void {
    const targets = this.#announcer.announce(router, addresses, times, (name) => this.#network.linkNamed(name));
    this.#report({ kind: 'announced', router: router.desired.key, targets, times });
    if (!this.#announcer.idle) this.#arm(this.#world.now());
  }

  readonly #linkIndexes = (name: string): number | undefined => this.#network.linkNamed(name)?.index;

  #key(address: DesiredAddress): string | undefined {
    const linkIndex = this.#linkIndexes(address.link);
    return linkIndex === undefined ? undefined : addressKey({ ...address, linkIndex });
  }

  #failed(router: VirtualRouter | undefined, operation: string, error: unknown): void {
    this.#report({ kind: 'operation-failed', router: router?.desired.key, operation, error: failureText(error) });
  }

  #report(report: Untimed<EngineReport>): void {
    this.#world.report({ ...report, at: this.#world.now() });
  }
}

function trackerKey(news: TrackerNews): string {
  return `${news.trackerKind}:${news.tracker}`;
}

function tracks(desired: DesiredVirtualRouter, news: TrackerNews): boolean {
  return desired.config.trackedObjects.some(
    (object) => object.kind === news.trackerKind && object.name === news.tracker,
  );
}

function texts(addresses: readonly DesiredAddress[]): readonly string[] {
  return addresses.map((address) => address.address);
}
