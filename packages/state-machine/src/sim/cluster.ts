// Several simulated routers on one LAN and one clock, and a trace of everything they did. Faults are cluster-faults.ts's;
// what is right or wrong about a run is judged elsewhere (judges.ts).
import type { VirtualRouterConfig } from '../config.js';
import { formatAction } from '../describe.js';
import { SyncGroupDriver } from '../host/sync-group-driver.js';
import type { GroupObservation } from '../sync-group.js';
import type { Action, Micros } from '../types.js';
import { Lan } from './lan.js';
import type { LanConditions } from './lan.js';
import { SimulatedRouter } from './router.js';
import { VirtualClock } from './virtual-clock.js';

/** One action of one router. */
export interface TraceEntry {
  readonly at: Micros;
  /** Name of the router, or of the sync group. */
  readonly router: string;
  readonly action: Action | GroupObservation;
  /** As one line, see `formatAction`. */
  readonly text: string;
}

export interface ClusterOptions {
  readonly seed: number;
  readonly conditions?: Partial<LanConditions>;
  /** Hears every action after it was traced. */
  readonly onAction?: (router: SimulatedRouter, action: Action) => void;
}

export class Cluster {
  readonly clock = new VirtualClock();
  readonly lan: Lan;
  readonly #routers = new Map<string, SimulatedRouter>();
  readonly #groups: SyncGroupDriver[] = [];
  readonly #trace: TraceEntry[] = [];
  #changes = 0;
  readonly #onAction: ((router: SimulatedRouter, action: Action) => void) | undefined;

  constructor(options: ClusterOptions) {
    const { seed, conditions = {} } = options;
    this.lan = new Lan({ clock: this.clock, seed, conditions });
    this.#onAction = options.onAction;
  }

  /** Adds a router that does not run yet. @throws RangeError when the name is taken. */
  add(name: string, config: VirtualRouterConfig, address: string): SimulatedRouter {
    const { clock, lan } = this;
    const onAction = (router: SimulatedRouter, action: Action): void => this.#record(router, action);
    const onStep = (router: SimulatedRouter): void => this.#follow(router);
    const router = new SimulatedRouter({ name, clock, lan, config, address, onAction, onStep });
    this.#routers.set(name, router);
    return router;
  }

  /** Joins routers of one host to a sync group; their configurations name it. */
  addGroup(name: string, members: readonly string[]): SyncGroupDriver {
    const routers = new Map(members.map((member) => [member, this.router(member)]));
    const group = new SyncGroupDriver(name, members, {
      stateOf: (member) => routers.get(member)?.state,
      deliver: (member, event) => routers.get(member)?.handle(event),
      observe: (observation) => {
        this.#trace.push({ at: this.clock.now(), router: name, action: observation, text: formatGroup(observation) });
      },
    });
    this.#groups.push(group);
    return group;
  }

  /** @throws RangeError when there is no router of that name. */
  router(name: string): SimulatedRouter {
    const router = this.#routers.get(name);
    if (router === undefined) throw new RangeError(`there is no router ${name}`);
    return router;
  }

  get routers(): readonly SimulatedRouter[] {
    return [...this.#routers.values()];
  }

  /** Names of the routers that are Master now. */
  get masters(): readonly string[] {
    return this.routers.filter((router) => router.state?.role === 'master').map((router) => router.name);
  }

  get trace(): readonly TraceEntry[] {
    return this.#trace;
  }

  /** Runs everything due up to and including `time`; `afterTask` runs after each task, when every router is at rest. */
  runUntil(time: Micros, afterTask?: () => void): void {
    const { clock } = this;
    for (let next = clock.nextAt(); next !== undefined && next <= time; next = clock.nextAt()) {
      clock.runNext();
      afterTask?.();
    }
    clock.runUntil(time);
  }

  /** Grows with everything that happens. */
  get changes(): number {
    return this.#changes;
  }

  /** Something was done to a router or to the network. */
  touch(): void {
    this.#changes += 1;
  }

  #follow(router: SimulatedRouter): void {
    this.touch();
    this.#groupOf(router)?.stepped(router.name);
  }

  #groupOf(router: SimulatedRouter): SyncGroupDriver | undefined {
    return this.#groups.find((group) => group.state.members.includes(router.name));
  }

  #record(router: SimulatedRouter, action: Action): void {
    const text = formatAction(action, router.config);
    this.#trace.push({ at: this.clock.now(), router: router.name, action, text });
    this.#onAction?.(router, action);
    if (action.kind === 'announce-group') this.#groupOf(router)?.announce(router.name);
  }
}

function formatGroup(observation: GroupObservation): string {
  return observation.kind === 'group-syncing'
    ? `${observation.kind} to=${observation.to} member=${observation.member}`
    : `${observation.from} -> ${observation.to}`;
}
