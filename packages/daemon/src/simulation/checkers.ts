// Independent judges of a simulation: they look at the kernels, the wires and the roles from outside and share nothing
// with engine or state machine. Addresses exactly where the Masters are; no two Masters that hear each other for longer
// than an advertisement takes; and, when faults have been over for long enough, one Master, the best.
import {
  overlapLimit,
  OverlapWatch,
  settleTime,
  VIOLATIONS_MAX,
  type LanConditions,
  type MasterPair,
} from '@vrrp/state-machine/sim';
import type { RouterSnapshot } from '../engine/messages.js';
import type { DesiredVirtualRouter } from '../plan/desired.js';
import type { SimulatedNode } from './simulated-node.js';
import type { Simulation } from './simulation.js';

/** One instance on one node. */
interface Seen {
  readonly node: SimulatedNode;
  readonly desired: DesiredVirtualRouter;
  readonly snapshot: RouterSnapshot;
}

/** An address that somebody removed is back within so many microseconds. */
const REPAIR_LIMIT = 200_000;

export class Checkers {
  readonly #simulation: Simulation;
  readonly #violations: string[] = [];
  readonly #complaints = new Set<string>();
  readonly #overlaps = new OverlapWatch();

  /** Since when an address is where it should not be, or is not where it should be. */
  #misplaced = new Map<string, number>();
  /** The same, as the look before this one left it. */
  #misplacedBefore: ReadonlyMap<string, number> = this.#misplaced;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  get violations(): readonly string[] {
    return this.#violations;
  }

  /** To be called whenever every engine is at rest. */
  look(): void {
    const seen = this.#seen();
    this.#misplacedBefore = this.#misplaced;
    this.#misplaced = new Map();
    for (const one of seen) this.#checkAddresses(one);
    this.#checkSplitBrain(seen.filter(({ snapshot }) => snapshot.role === 'master'));
  }

  /** To be called when faults have been over for `settleMicros`. */
  checkSettled(): void {
    const ready = this.#seen().filter(({ snapshot }) => snapshot.role === 'backup' || snapshot.role === 'master');
    const ids = new Set(ready.map(({ desired }) => routerId(desired)));
    for (const id of ids)
      this.#checkMaster(
        id,
        ready.filter(({ desired }) => routerId(desired) === id),
      );
  }

  #checkMaster(id: string, ready: readonly Seen[]): void {
    const masters = ready.filter(({ snapshot }) => snapshot.role === 'master');
    const [master] = masters;
    if (master === undefined || masters.length > 1) {
      this.#report(`${id}: ${masters.length} Masters among ${names(ready)} after everything settled`);
      return;
    }
    const better = ready.filter(
      ({ desired, snapshot }) => desired.config.preempt && snapshot.priority > master.snapshot.priority,
    );
    if (better.length > 0)
      this.#report(`${id}: ${master.node.name} is Master although ${names(better)} should preempt`);
  }

  /** What runs now and is awake; the kernel of a machine that is off, or behind a process that is gone, says nothing. */
  #seen(): readonly Seen[] {
    return this.#simulation.nodes.filter((node) => node.isActive).flatMap(routersOf);
  }

  #checkAddresses({ node, desired, snapshot }: Seen): void {
    const isMaster = snapshot.role === 'master';
    const { links, addresses } = node.host.kernel.snapshot();
    const linkIndex = new Map(links.map(({ name, index }) => [name, index]));
    for (const wanted of desired.addresses) {
      if (!wanted.tracked) continue;
      const held = addresses.some(
        (one) => one.address === wanted.address && one.linkIndex === linkIndex.get(wanted.link),
      );
      const what = isMaster ? `is Master without ${wanted.address}` : `holds ${wanted.address} but is no Master`;
      const place = `${desired.key} ${node.name} ${wanted.address}`;
      if (held !== isMaster && this.#isOverdue(place, isMaster ? REPAIR_LIMIT : 0))
        this.#report(`${node.name} ${what}`);
    }
  }

  /** A process that has just woken still has to ask its kernel: what is wrong is wrong when it lasts. */
  #isOverdue(place: string, limit: number): boolean {
    const now = this.#simulation.clock.now();
    const since = this.#misplacedBefore.get(place) ?? now;
    this.#misplaced.set(place, since);
    return now > since + limit;
  }

  #checkSplitBrain(masters: readonly Seen[]): void {
    for (const { name, limit } of this.#overlaps.look(this.#masterPairs(masters), this.#simulation.clock.now()))
      this.#report(`${name} are both Master and hear each other for more than ${limit} µs`);
  }

  #masterPairs(masters: readonly Seen[]): readonly MasterPair[] {
    const pairs: MasterPair[] = [];
    for (const a of masters) {
      for (const b of masters) {
        if (a.node.name >= b.node.name || routerId(a.desired) !== routerId(b.desired)) continue;
        const conditions = this.#hearEachOther(a, b);
        if (conditions === undefined) continue;
        const name = `${routerId(a.desired)}: ${a.node.name} and ${b.node.name}`;
        pairs.push({ name, limit: overlapLimit([a.desired.config, b.desired.config], conditions) });
      }
    }
    return pairs;
  }

  /** The conditions of the wire between them, if nothing is lost on it in either direction. */
  #hearEachOther({ node: a, desired }: Seen, { node: b }: Seen): LanConditions | undefined {
    const { link } = desired.channel;
    const conditions = this.#simulation.wires.get(link)?.datagrams.conditions;
    if (conditions === undefined || conditions.loss > 0) return undefined;
    const both =
      this.#simulation.isConnected(link, a.name, b.name) && this.#simulation.isConnected(link, b.name, a.name);
    return both ? conditions : undefined;
  }

  /** A rule that is broken is broken again every instant: said once. */
  #report(message: string): void {
    if (this.#complaints.has(message) || this.#violations.length >= VIOLATIONS_MAX) return;
    this.#complaints.add(message);
    this.#violations.push(`${this.#simulation.clock.now()} µs: ${message}`);
  }
}

/** How long after the last fault the best routers must be Master at the latest, in microseconds. */
export function settleMicros(simulation: Simulation): number {
  const configs = simulation.nodes.flatMap((node) => node.desired.virtualRouters.map(({ config }) => config));
  const times = [...simulation.wires.values()].map((wire) => settleTime(configs, wire.datagrams.conditions));
  return Math.max(0, ...times);
}

function routersOf(node: SimulatedNode): readonly Seen[] {
  const byKey = new Map(node.desired.virtualRouters.map((desired) => [desired.key, desired]));
  return node.host.engine.snapshot().flatMap((snapshot) => {
    const desired = byKey.get(snapshot.key);
    return desired === undefined ? [] : [{ node, desired, snapshot }];
  });
}

function routerId({ config }: DesiredVirtualRouter): string {
  return `${config.interface}/${config.family}/${config.vrid}`;
}

function names(seen: readonly Seen[]): string {
  return seen.map(({ node }) => node.name).join(', ');
}
