// The loop that every host of a sync group has, over a port: after each step of a member, ask what the group makes of it,
// carry the orders out, ask again. The daemon's engine and the simulator run this very code; the orders and their reasons
// are sync-group.ts's.
import type { VirtualRouterState } from '../state.js';
import { coordinate, COORDINATION_ROUNDS_MAX, createSyncGroup } from '../sync-group.js';
import type { GroupObservation, SyncGroupState } from '../sync-group.js';
import type { EventBody } from '../types.js';

export type GroupEvent = EventBody & { readonly kind: 'group' };

/** What a sync group needs of its host. */
export interface SyncGroupPort {
  /** `undefined` while the member does not run: the group waits for it. */
  stateOf(member: string): VirtualRouterState | undefined;
  deliver(member: string, event: GroupEvent): void;
  observe(observation: GroupObservation): void;
}

export class SyncGroupDriver {
  readonly #port: SyncGroupPort;
  #state: SyncGroupState;
  /** While it gives orders: the steps that these cause are looked at by the round that gave them. */
  #isOrdering = false;

  /** @throws RangeError when there are no members, or one is named twice. */
  constructor(name: string, members: readonly string[], port: SyncGroupPort) {
    this.#port = port;
    this.#state = createSyncGroup(name, members);
  }

  get state(): SyncGroupState {
    return this.#state;
  }

  /** To be called after each step of a member: the others follow. */
  stepped(member: string): void {
    if (this.#isOrdering) return;
    this.#ordering(() => {
      for (let round = 0; round < COORDINATION_ROUNDS_MAX; round += 1) if (!this.#round(member)) return;
    });
  }

  /** A member, a Master, heard a lower priority (`announce-group`): the others announce their addresses too. */
  announce(member: string): void {
    const { name: group, members } = this.#state;
    this.#ordering(() => {
      for (const other of members) {
        if (other !== member) this.#port.deliver(other, { kind: 'group', group, order: 'announce', member });
      }
    });
  }

  /** Whether there were orders: then the group has to be asked again. */
  #round(changed: string): boolean {
    const states = this.#states();
    if (states === undefined) return false;
    const { group, orders, observations } = coordinate(this.#state, states, changed);
    this.#state = group;
    for (const observation of observations) this.#port.observe(observation);
    for (const { to, order, member } of orders) {
      this.#port.deliver(to, { kind: 'group', group: group.name, order, member });
    }
    return orders.length > 0;
  }

  #states(): ReadonlyMap<string, VirtualRouterState> | undefined {
    const states = new Map<string, VirtualRouterState>();
    for (const member of this.#state.members) {
      const state = this.#port.stateOf(member);
      if (state === undefined) return undefined;
      states.set(member, state);
    }
    return states;
  }

  #ordering(action: () => void): void {
    const before = this.#isOrdering;
    this.#isOrdering = true;
    try {
      action();
    } finally {
      this.#isOrdering = before;
    }
  }
}
