// The sync groups of the running routers: one driver for each group. Which orders a group gives, and why, is
// @vrrp/state-machine's.
import { SyncGroupDriver, type GroupObservation, type SyncGroupState } from '@vrrp/state-machine';
import type { DesiredSyncGroup } from '../plan/desired.js';
import type { VirtualRouter } from './virtual-router.js';

export class SyncGroups {
  readonly #observe: (observation: GroupObservation) => void;
  #groups = new Map<string, SyncGroupDriver>();
  #members: ReadonlyMap<string, VirtualRouter> = new Map();
  #isSuspended = false;

  constructor(observe: (observation: GroupObservation) => void) {
    this.#observe = observe;
  }

  get groups(): readonly SyncGroupState[] {
    return [...this.#groups.values()].map(({ state }) => state);
  }

  /** From now on members go their own ways: their end is no business of the others. Until `configure`. */
  suspend(): void {
    this.#isSuspended = true;
  }

  /** The groups of now. A group whose members are the same keeps its state. Every member must be in `routers`, by name. */
  configure(groups: readonly DesiredSyncGroup[], routers: ReadonlyMap<string, VirtualRouter>): void {
    this.#isSuspended = false;
    this.#members = routers;
    const before = this.#groups;
    this.#groups = new Map(
      groups.map(({ name, members }) => {
        const known = before.get(name);
        const isSame = known?.state.members.join('\n') === members.join('\n');
        return [name, known !== undefined && isSame ? known : this.#driver(name, members)];
      }),
    );
  }

  /** A virtual router took a step: the members of its group follow. */
  stepped(router: VirtualRouter): void {
    this.#groupOf(router)?.stepped(router.desired.config.name);
  }

  /** The other members of its group announce their addresses too. */
  announce(router: VirtualRouter): void {
    this.#groupOf(router)?.announce(router.desired.config.name);
  }

  #groupOf({ desired: { config } }: VirtualRouter): SyncGroupDriver | undefined {
    return this.#isSuspended || config.syncGroup === undefined ? undefined : this.#groups.get(config.syncGroup);
  }

  #driver(name: string, members: readonly string[]): SyncGroupDriver {
    return new SyncGroupDriver(name, members, {
      stateOf: (member) => this.#members.get(member)?.state,
      deliver: (member, event) => this.#members.get(member)?.deliver(event),
      observe: (observation) => this.#observe(observation),
    });
  }
}
