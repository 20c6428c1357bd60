// The virtual routers that run, by key, and what they share: the queue of deadlines and the sockets.
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import { Channels } from './channels.js';
import { DeadlineQueue } from './deadline-queue.js';
import { VirtualRouter, type VirtualRouterPorts } from './virtual-router.js';
import type { World } from './world.js';

export interface RosterPorts extends Omit<VirtualRouterPorts, 'now' | 'schedule' | 'join' | 'leave' | 'observe'> {
  readonly world: World;
  /** Datagrams came: a turn. */
  turn(body: () => void): void;
}

export class Roster {
  readonly #routers = new Map<string, VirtualRouter>();
  readonly #deadlines = new DeadlineQueue<VirtualRouter>();
  readonly #channels: Channels<VirtualRouter>;
  readonly #routerPorts: VirtualRouterPorts;

  constructor(ports: RosterPorts) {
    const { world } = ports;
    this.#channels = new Channels(world, {
      turn: ports.turn,
      receive: (router, datagram) => router.receive(datagram),
      isFor: (router, datagram) => router.isPartnerOf(datagram),
    });
    this.#routerPorts = {
      ...ports,
      now: () => world.now(),
      observe: (report) => world.report(report),
      schedule: (router, deadline) => this.#deadlines.set(router, deadline),
      join: (options, vrid, router) => this.#channels.join(options, vrid, router),
      leave: (channel, vrid, router) => this.#channels.leave(channel, vrid, router),
    };
  }

  /** keepalived.conf(5), "log_unknown_vrids". */
  tellUnknownVrids(tells: boolean): void {
    this.#channels.tellsUnknownVrids = tells;
  }

  get all(): readonly VirtualRouter[] {
    return [...this.#routers.values()];
  }

  get(key: string): VirtualRouter | undefined {
    return this.#routers.get(key);
  }

  /** By the names of the new configuration: a reload may have given a running virtual router another one. */
  byName({ virtualRouters }: Desired): ReadonlyMap<string, VirtualRouter> {
    const named = new Map<string, VirtualRouter>();
    for (const { key, config } of virtualRouters) {
      const router = this.#routers.get(key);
      if (router !== undefined) named.set(config.name, router);
    }
    return named;
  }

  create(desired: DesiredVirtualRouter): VirtualRouter {
    const router = new VirtualRouter(desired, this.#routerPorts);
    this.#routers.set(desired.key, router);
    return router;
  }

  /** It says that it stops, and is not run any more; its addresses go in the second lane. */
  retire(router: VirtualRouter): void {
    router.deliver({ kind: 'shutdown' });
    // Through its own socket, before that closes.
    this.#routerPorts.outbox.flush();
    router.disconnect();
    this.#deadlines.set(router, undefined);
    this.#routers.delete(router.desired.key);
  }

  nextDeadline(): number | undefined {
    return this.#deadlines.next();
  }

  /** What was heard before `now` comes before what was not: only then is a deadline believed. */
  passDeadlines(now: number): void {
    const sockets = new Set(this.#deadlines.due(now).map(({ socket }) => socket));
    for (const socket of sockets) socket?.drain();
    for (const router of this.#deadlines.due(now)) router.deliver({ kind: 'time' });
  }
}
