// Keeps sync groups in step: after every step of a member the group machine is asked what the others have to do, until
// it has no more orders. Which orders, and why, is @vrrp/state-machine's.
import {
  coordinate,
  COORDINATION_ROUNDS_MAX,
  createSyncGroup,
  type GroupObservation,
  type SyncGroupState,
  type VirtualRouterState,
} from '@vrrp/state-machine';
import type { DesiredSyncGroup } from '../plan/desired.js';
import type { VirtualRouter } from './virtual-router.js';

export class SyncGroups {
  readonly #observe: (observation: GroupObservation) => void;
  #groups = new Map<string, SyncGroupState>();
  #members: ReadonlyMap<string, VirtualRouter> = new Map();
  #busy = false;

  constructor(observe: (observation: GroupObservation) => void) {
    this.#observe = observe;
  }

  get groups(): readonly SyncGroupState[] {
    return [...this.#groups.values()];
  }

  /** From now on members go their own ways: their end is no business of the others. Until `configure`. */
  suspend(): void {
    this.#busy = true;
  }

  /** The groups of now. A group whose members are the same keeps its state. Every member must be in `routers`, by name. */
  configure(groups: readonly DesiredSyncGroup[], routers: ReadonlyMap<string, VirtualRouter>): void {
    this.#busy = false;
    this.#members = routers;
    const before = this.#groups;
    this.#groups = new Map(
      groups.map(({ name, members }) => {
        const known = before.get(name);
        const same = known !== undefined && known.members.join('\n') === members.join('\n');
        return [name, same ? known : createSyncGroup(name, members)];
      }),
    );
  }

  /** A virtual router took a step: the members of its group follow. */
  stepped(router: VirtualRouter): void {
    const name = router.desired.config.syncGroup;
    // The steps that our own orders cause are looked at by the round that gave them.
    if (name === undefined || this.#busy || !this.#groups.has(name)) return;
    this.#busy = true;
    try {
      this.#settle(name, router.desired.config.name);
    } finally {
      this.#busy = false;
    }
  }

  /** The other members of its group announce their addresses too. */
  announce(router: VirtualRouter): void {
    const { syncGroup, name: member } = router.desired.config;
    const group = syncGroup === undefined ? undefined : this.#groups.get(syncGroup);
    if (group === undefined) return;
    for (const name of group.members) {
      if (name === member) continue;
      this.#members.get(name)?.deliver({ kind: 'group', group: group.name, order: 'announce', member });
    }
  }

  #settle(name: string, changed: string): void {
    for (let round = 0; round < COORDINATION_ROUNDS_MAX; round += 1) {
      const group = this.#groups.get(name);
      if (group === undefined) return;
      const result = coordinate(group, this.#states(group), changed);
      this.#groups.set(name, result.group);
      for (const observation of result.observations) this.#observe(observation);
      for (const { to, order, member } of result.orders) {
        this.#members.get(to)?.deliver({ kind: 'group', group: name, order, member });
      }
      if (result.orders.length === 0) return;
    }
  }

  #states(group: SyncGroupState): ReadonlyMap<string, VirtualRouterState> {
    return new Map(
      group.members.flatMap((name) => {
        const router = this.#members.get(name);
        return router === undefined ? [] : [[name, router.state] as const];
      }),
    );
  }
}
