// A host for one sync group: after every step of a member it asks what the group makes of it and carries the orders out.
// The members' own host is router.ts.
import type { VirtualRouterState } from '../state.js';
import { coordinate, COORDINATION_ROUNDS_MAX, createSyncGroup } from '../sync-group.js';
import type { GroupObservation, SyncGroupState } from '../sync-group.js';
import type { SimulatedRouter } from './router.js';

export class SimulatedGroup {
  readonly #routers: readonly SimulatedRouter[];
  readonly #onObservation: (observation: GroupObservation) => void;
  #state: SyncGroupState;
  #isCoordinating = false;

  constructor(
    name: string,
    routers: readonly SimulatedRouter[],
    onObservation: (observation: GroupObservation) => void,
  ) {
    this.#routers = routers;
    this.#onObservation = onObservation;
    this.#state = createSyncGroup(
      name,
      routers.map((router) => router.name),
    );
  }

  get state(): SyncGroupState {
    return this.#state;
  }

  /** To be called after each step of a member. Nothing while a member does not run. */
  follow(changed: SimulatedRouter): void {
    // The orders themselves are steps of members: the loop below asks again after them.
    if (this.#isCoordinating) return;
    this.#isCoordinating = true;
    for (let round = 0; round < COORDINATION_ROUNDS_MAX; round += 1) {
      const states = this.#states();
      if (states === undefined) break;
      const { group, orders, observations } = coordinate(this.#state, states, changed.name);
      this.#state = group;
      for (const observation of observations) this.#onObservation(observation);
      if (orders.length === 0) break;
      for (const { to, order, member } of orders) {
        this.#routers.find((router) => router.name === to)?.handle({ kind: 'group', group: group.name, order, member });
      }
    }
    this.#isCoordinating = false;
  }

  /** One member, a Master, heard a lower priority: the others announce too. */
  announce(from: SimulatedRouter): void {
    const { name: group } = this.#state;
    for (const router of this.#routers) {
      if (router !== from) router.handle({ kind: 'group', group, order: 'announce', member: from.name });
    }
  }

  #states(): ReadonlyMap<string, VirtualRouterState> | undefined {
    const states = new Map<string, VirtualRouterState>();
    for (const { name, state } of this.#routers) if (state !== undefined) states.set(name, state);
    return states.size === this.#routers.length ? states : undefined;
  }
}
