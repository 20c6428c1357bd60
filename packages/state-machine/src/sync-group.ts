// The sync group: a second pure machine above its members. It is Master only when every member is, and in fault when any
// is. Level-triggered like the faults: what to order is worked out from how the members stand now.
// keepalived.conf(5), "vrrp_sync_group"; RFC 9568 has no groups. What an order does to a member: sync-group-member.ts.
import type { VirtualRouterState } from './state.js';
import type { GroupOrder, Role } from './types.js';

export interface SyncGroupState {
  readonly name: string;
  /** Names of the virtual routers, in the order of the configuration. */
  readonly members: readonly string[];
  /** What the group was last reported to be. */
  readonly role: Role;
}

/** The orders that follow from how the members stand; `announce` is one member's word to the others. */
type StandingOrder = Exclude<GroupOrder, 'announce'>;

/** An event `{ kind: 'group', group, order, member }` for the member `to`. */
export interface MemberOrder {
  readonly to: string;
  readonly order: StandingOrder;
  /** The member that is the reason. */
  readonly member: string;
}

export type GroupObservation =
  /** The members begin to follow one of them. */
  | { readonly kind: 'group-syncing'; readonly group: string; readonly to: Role; readonly member: string }
  /** They all got there. */
  | { readonly kind: 'group-transition'; readonly group: string; readonly from: Role; readonly to: Role };

export interface Coordination {
  readonly group: SyncGroupState;
  /** To be carried out in this order; then ask again. */
  readonly orders: readonly MemberOrder[];
  readonly observations: readonly GroupObservation[];
}

/** Asking again comes to an end: each round moves members one way, into fault, out of it, to Master or to Backup. */
export const COORDINATION_ROUNDS_MAX = 16;

/** @throws RangeError when there are no members, or one is named twice. */
export function createSyncGroup(name: string, members: readonly string[]): SyncGroupState {
  if (members.length === 0 || new Set(members).size !== members.length) {
    throw new RangeError(`sync group ${name} needs members, each named once`);
  }
  return { name, members, role: 'initialize' };
}

/**
 * What the group makes of a step that one of its members took. The host carries the orders out as `group` events of the
 * same moment and asks again until there are none (at most `COORDINATION_ROUNDS_MAX` times).
 * @param states every member by name
 * @param changed the member that took the step: first in the orders, as keepalived notifies it first
 * @throws RangeError when a member has no state.
 */
export function coordinate(
  group: SyncGroupState,
  states: ReadonlyMap<string, VirtualRouterState>,
  changed: string,
): Coordination {
  const members = group.members.map((name) => memberOf(group, states, name));
  const orders = faultOrders(members);
  if (orders.length === 0) orders.push(...roleOrders(members, changed));
  const role = orders.length === 0 ? roleOfGroup(members) : group.role;
  const observations: GroupObservation[] = [];
  const [first] = orders;
  if (first !== undefined && first.order !== 'release') {
    observations.push({
      kind: 'group-syncing',
      group: group.name,
      to: DESTINATIONS[first.order],
      member: first.member,
    });
  }
  if (role !== group.role)
    observations.push({ kind: 'group-transition', group: group.name, from: group.role, to: role });
  return { group: role === group.role ? group : { ...group, role }, orders, observations };
}

interface Member {
  readonly name: string;
  readonly state: VirtualRouterState;
  /** Something is wrong with it itself, not only with another member. */
  readonly isFaulty: boolean;
}

const DESTINATIONS: Readonly<Record<Exclude<StandingOrder, 'release'>, Role>> = {
  master: 'master',
  backup: 'backup',
  hold: 'fault',
};

function memberOf(group: SyncGroupState, states: ReadonlyMap<string, VirtualRouterState>, name: string): Member {
  const state = states.get(name);
  if (state === undefined) throw new RangeError(`sync group ${group.name}: there is no member ${name}`);
  // A member that only waits for first results holds nobody: it has not begun, and the group waits for it anyway.
  const isFaulty = state.role === 'fault' && state.faults.some((fault) => fault.kind !== 'group-member');
  return { name, state, isFaulty };
}

/** One member in fault holds the others; the last fault that clears releases all. */
function faultOrders(members: readonly Member[]): MemberOrder[] {
  return members.map((member) => faultOrder(member, members)).filter((order) => order !== undefined);
}

function faultOrder({ name, state }: Member, members: readonly Member[]): MemberOrder | undefined {
  const { heldBy } = state.facts;
  const faulty = members.filter((other) => other.isFaulty && other.name !== name);
  const [holder] = faulty;
  if (holder === undefined) return heldBy === undefined ? undefined : { to: name, order: 'release', member: heldBy };
  const isHeld = faulty.some((other) => other.name === heldBy);
  return isHeld ? undefined : { to: name, order: 'hold', member: holder.name };
}

/** Master together or not at all. */
function roleOrders(members: readonly Member[], changed: string): readonly MemberOrder[] {
  const waiting = members.filter(({ state }) => state.waitingForGroup);
  const masters = members.filter(({ state }) => state.role === 'master');
  if (waiting.length + masters.length === members.length) {
    return triggerFirst(waiting, changed).map(({ name }) => ({ to: name, order: 'master', member: changed }));
  }
  const holdout = members.find(({ state }) => state.role === 'backup' && !state.waitingForGroup);
  if (holdout === undefined) return [];
  // Masters follow the one that lost; owners that waited since the start learn that not everybody is an owner.
  const followers = [...masters, ...waiting.filter(({ state }) => state.role === 'initialize')];
  return followers.map(({ name }) => ({ to: name, order: 'backup', member: holdout.name }));
}

function triggerFirst(members: readonly Member[], changed: string): readonly Member[] {
  return [...members.filter(({ name }) => name === changed), ...members.filter(({ name }) => name !== changed)];
}

function roleOfGroup(members: readonly Member[]): Role {
  const roles = new Set(members.map(({ state }) => state.role));
  if (roles.has('fault')) return 'fault';
  if (roles.has('initialize')) return 'initialize';
  return roles.has('backup') ? 'backup' : 'master';
}
