// Independent judges of a run: they look at a cluster from outside (views.ts) and share no code with the machines. No split
// brain; addresses exactly where the Master is; and, when faults are over, one Master, the best one. README.md states them.
import type { Micros } from '../types.js';
import { healthyPriority, OWNER, overlapLimit, understandEachOther } from './bounds.js';
import { OverlapWatch, type MasterPair } from './overlap-watch.js';
import type { AddressView, ClusterView, RouterView } from './views.js';

/** Enough to see what went wrong. */
export const VIOLATIONS_MAX = 20;
/** A new Master has its addresses by then: advertisements go before addresses, also those of others. */
export const PLACEMENT_MAX: Micros = 25_000;
/** A virtual address that somebody removes is back by then. */
export const REPAIR_MAX: Micros = 200_000;

interface Misplaced {
  readonly since: Micros;
  readonly limit: Micros;
}

export class Judges {
  readonly #view: ClusterView;
  readonly #violations: string[] = [];
  readonly #complaints = new Set<string>();
  readonly #overlaps = new OverlapWatch();
  #seenChanges = -1;
  #pairs: readonly MasterPair[] = [];
  /** Addresses that are where they should not be, or are not where they should be, by place. */
  #misplaced = new Map<string, Misplaced>();

  constructor(view: ClusterView) {
    this.#view = view;
  }

  get violations(): readonly string[] {
    return this.#violations;
  }

  /** To be called whenever every router is at rest. */
  look(): void {
    const changes = this.#view.changes();
    const isNew = changes !== this.#seenChanges;
    this.#seenChanges = changes;
    if (isNew || this.#misplaced.size > 0) this.#lookAtAddresses();
    if (isNew) this.#pairs = this.#masterPairs();
    for (const { name, limit } of this.#overlaps.look(this.#pairs, this.#view.now())) {
      this.report(`${name} are both Master and hear each other for more than ${limit} µs`);
    }
  }

  /** Of the routers that can be Master there is one that is, and none that should take its place. */
  checkSettled(): void {
    const ready = this.#view.routers().filter(({ role }) => role === 'backup' || role === 'master');
    for (const [id, routers] of grouped(ready)) this.#checkMaster(id, routers);
  }

  /** When everything was repaired: every router that is configured can be Master, with the priority it is to have. */
  checkRecovered(): void {
    const routers = new Map(this.#view.routers().map((router) => [`${router.id} ${router.node}`, router]));
    for (const { id, node, config } of this.#view.members()) {
      const router = routers.get(`${id} ${node}`);
      const role = router?.role ?? 'not running';
      if (router === undefined || (role !== 'master' && role !== 'backup')) {
        this.report(`${id}: ${node} is ${role} although every fault is over`);
      } else if (config.priority !== OWNER && router.priority !== healthyPriority(config)) {
        this.report(`${id}: ${node} has priority ${router.priority}, not ${healthyPriority(config)}`);
      }
    }
    this.checkSettled();
  }

  /** A rule of somebody else's is broken. What is broken is broken again every instant: said once. */
  report(message: string): void {
    if (this.#complaints.has(message) || this.#violations.length >= VIOLATIONS_MAX) return;
    this.#complaints.add(message);
    this.#violations.push(`${this.#view.now()} µs: ${message}`);
  }

  #checkMaster(id: string, ready: readonly RouterView[]): void {
    const masters = ready.filter(({ role }) => role === 'master');
    const [master] = masters;
    if (master === undefined || masters.length > 1) {
      this.report(`${id}: ${masters.length} Masters among ${names(ready)} after everything settled`);
      return;
    }
    const better = ready.filter(({ config, priority }) => config.preempt && priority > master.priority);
    if (better.length > 0) this.report(`${id}: ${master.node} is Master although ${names(better)} should preempt`);
  }

  /** Virtual addresses are held exactly by Masters. */
  #lookAtAddresses(): void {
    const before = this.#misplaced;
    const now = this.#view.now();
    this.#misplaced = new Map();
    for (const router of this.#view.routers()) {
      if (!this.#view.hasKernel(router.node)) continue;
      const isMaster = router.role === 'master';
      for (const address of router.addresses) {
        if (address.isPresent === isMaster) continue;
        const place = `${router.id} ${router.node} ${address.address} ${isMaster}`;
        const { since, limit } = before.get(place) ?? { since: now, limit: limitOf(address, isMaster) };
        this.#misplaced.set(place, { since, limit });
        if (now - since > limit) this.report(`${router.node} ${misplacement(address, isMaster)}`);
      }
    }
  }

  /** Two Masters that hear each other and understand what they hear. */
  #masterPairs(): readonly MasterPair[] {
    const masters = this.#view.routers().filter(({ role }) => role === 'master');
    return masters.flatMap((a) =>
      masters.flatMap((b) => {
        if (a.node >= b.node || a.id !== b.id || !understandEachOther(a.config, b.config)) return [];
        const latency = this.#view.latency(a, b);
        if (latency === undefined) return [];
        return [{ name: `${a.id}: ${a.node} and ${b.node}`, limit: overlapLimit([a.config, b.config], latency) }];
      }),
    );
  }
}

/** What is wrong for a moment only is on its way: a host still has to ask its kernel. Who is no Master gives away at once. */
function limitOf({ takenAt }: AddressView, isMaster: boolean): Micros {
  if (!isMaster) return 0;
  return takenAt === undefined ? PLACEMENT_MAX : REPAIR_MAX;
}

function misplacement({ address, takenAt }: AddressView, isMaster: boolean): string {
  if (!isMaster) return `holds ${address} but is no Master`;
  return takenAt === undefined ? `is Master without ${address}` : `is Master without ${address}, which was removed`;
}

function grouped(routers: readonly RouterView[]): ReadonlyMap<string, readonly RouterView[]> {
  const groups = new Map<string, RouterView[]>();
  for (const router of routers) groups.set(router.id, [...(groups.get(router.id) ?? []), router]);
  return groups;
}

function names(routers: readonly RouterView[]): string {
  return routers.map(({ node }) => node).join(', ');
}
