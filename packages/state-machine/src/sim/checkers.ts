// Independent judges of a run: they look at the cluster from outside and share nothing with the machines. No split brain,
// addresses exactly where the Master is, and, when faults are over, one Master, the best one. Each is stated in README.md.
import type { VirtualRouterConfig } from '../config.js';
import { OWNER_PRIORITY } from '../priority.js';
import { masterDownInterval } from '../timing.js';
import type { Micros } from '../types.js';
import type { Cluster } from './cluster.js';
import type { LanConditions } from './lan.js';
import { OverlapWatch, type MasterPair } from './overlap-watch.js';
import type { SimulatedRouter } from './router.js';

/** Enough to see what went wrong; a broken rule breaks again every instant. */
export const VIOLATIONS_MAX = 20;
/** Datagrams on the way when faults end, and the last ones of a router that gives up. */
const DELIVERIES_TO_SETTLE = 4;
/** In this many intervals an owner is sure that another does not give way: 1 to hear of it, 1.2 of patience, 1 to hear it. */
const DEAF_OWNER_INTERVALS = 3.2;

export class Checkers {
  readonly #cluster: Cluster;
  readonly #violations: string[] = [];
  readonly #overlaps = new OverlapWatch();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get violations(): readonly string[] {
    return this.#violations;
  }

  /** To be called whenever every router is at rest. */
  look(): void {
    for (const router of this.#cluster.routers) this.#checkAddresses(router);
    this.#checkSplitBrain();
  }

  /** To be called when faults have been over for `settleTime`. */
  checkSettled(): void {
    const ready = this.#cluster.routers.filter((router) => isReady(router));
    if (ready.length === 0) return;
    const masters = ready.filter((router) => router.state?.role === 'master');
    const [master] = masters;
    if (master === undefined || masters.length > 1) {
      this.#report(`${masters.length} masters among ${names(ready)} after everything settled`);
      return;
    }
    const better = ready.filter((router) => router.config.preempt && priorityOf(router) > priorityOf(master));
    if (better.length > 0) this.#report(`${master.name} is master although ${names(better)} should preempt it`);
  }

  /** Virtual addresses are held exactly by Masters. */
  #checkAddresses(router: SimulatedRouter): void {
    const isMaster = router.state?.role === 'master';
    if (router.holdsAddresses === isMaster) return;
    this.#report(
      `${router.name} ${isMaster ? 'is master without the addresses' : 'holds addresses but is not master'}`,
    );
  }

  /** Two Masters that hear each other stay so no longer than `overlapLimit`. */
  #checkSplitBrain(): void {
    for (const { name, limit } of this.#overlaps.look(this.#masterPairs(), this.#cluster.clock.now()))
      this.#report(`${name} are both master for more than ${limit} µs`);
  }

  #masterPairs(): readonly MasterPair[] {
    const { lan, routers } = this.#cluster;
    if (lan.conditions.loss > 0) return [];
    const masters = routers.filter(({ state, isStalled }) => state?.role === 'master' && !isStalled);
    return masters.flatMap((a) =>
      masters
        .filter((b) => a.name < b.name && lan.isConnected(a.name, b.name) && lan.isConnected(b.name, a.name))
        .map((b) => ({ name: `${a.name} and ${b.name}`, limit: overlapLimit([a.config, b.config], lan.conditions) })),
    );
  }

  #report(message: string): void {
    if (this.#violations.length < VIOLATIONS_MAX) this.#violations.push(`${this.#cluster.clock.now()} µs: ${message}`);
  }
}

/**
 * How long two Masters may hear each other: an advertisement of either ends it. One that listens to nobody
 * (owner_ignore_adverts) makes the other one wait to be sure of that.
 */
export function overlapLimit(configs: readonly VirtualRouterConfig[], conditions: LanConditions): Micros {
  const patience = configs.some((config) => isDeafOwner(config)) ? DEAF_OWNER_INTERVALS : 1;
  return Math.ceil(patience * longestInterval(configs)) + DELIVERIES_TO_SETTLE * longestDelivery(conditions);
}

/** How long after the last fault the best router must be Master at the latest. */
export function settleTime(configs: readonly VirtualRouterConfig[], conditions: LanConditions): Micros {
  const interval = longestInterval(configs);
  const waits = configs.map(({ version, downTimerAdverts, preemptDelay, startupDelay }) => {
    const down = masterDownInterval({ version, downTimerAdverts, priority: 1, masterAdvertisementInterval: interval });
    // A preempt delay begins only when somebody less fit is Master, and ends with a full wait for its silence.
    return startupDelay + down + (preemptDelay === 0 ? 0 : preemptDelay + down);
  });
  return Math.max(0, ...waits) + 2 * interval + DELIVERIES_TO_SETTLE * longestDelivery(conditions);
}

function isReady({ state, isStalled }: SimulatedRouter): boolean {
  return state !== undefined && !isStalled && (state.role === 'backup' || state.role === 'master');
}

/** It never gives way. */
function isDeafOwner(config: VirtualRouterConfig): boolean {
  return config.ownerIgnoresAdvertisements === true && config.priority === OWNER_PRIORITY;
}

function priorityOf(router: SimulatedRouter): number {
  return router.state?.priority ?? 0;
}

function longestInterval(configs: readonly VirtualRouterConfig[]): Micros {
  return Math.max(0, ...configs.map((config) => config.advertisementInterval));
}

function longestDelivery({ delay, jitter }: LanConditions): Micros {
  return delay + jitter;
}

function names(routers: readonly SimulatedRouter[]): string {
  return routers.map((router) => router.name).join(', ');
}
