// What of the state machine the random runs have reached: every cause of a transition, every way from role to role, every
// reason to discard an advertisement. The tables are exhaustive, so that a new cause or reason must be put in, and then be
// reached; what cannot be reached says why. A simulator that never goes there proves nothing about it.
import type { Cause, DiscardReason, Observation, Role, Statistics } from '@vrrp/state-machine';

/** `true`: random runs must reach it; a text: why they cannot. */
type Reach = true | string;

const CAUSES: Readonly<Record<Cause, Reach>> = {
  startup: true,
  shutdown: true,
  'address-owner': true,
  'master-down-timer': true,
  'priority-zero-timer': true,
  'higher-priority-advertisement': true,
  'equal-priority-higher-address': true,
  'address-lost': true,
  'route-lost': 'the engine has no routes yet: testdata/route-lost.txt of the state machine',
  'rule-lost': 'the engine has no rules yet: testdata/route-lost.txt of the state machine',
  'owner-conflict': true,
  'timer-expired': true,
  fault: true,
  'faults-cleared': true,
  'sync-group': true,
};

const DISCARDS: Readonly<Record<DiscardReason, Reach>> = {
  vrid: 'the engine gives a router only what carries its VRID: test/engine/unicast.test.ts counts the rest',
  'startup-delay': true,
  length: true,
  ttl: true,
  version: true,
  'auth-type-invalid': true,
  'auth-type-mismatch': true,
  'auth-failure': true,
  'advertisement-interval': true,
  type: true,
  checksum: true,
  'destination-kind': true,
  'owner-ignores': true,
  'unknown-peer': true,
  'peer-ttl': true,
  'foreign-addresses': true,
  role: true,
};

const ROLES: readonly Role[] = ['initialize', 'backup', 'master', 'fault'];
const IMPOSSIBLE: ReadonlySet<string> = new Set([
  // A router that recovers listens first, an owner too (as keepalived).
  'fault -> master',
]);

/** What there is to reach, as `cause startup`, `role backup -> master`, `discard ttl`. */
export const REACHABLE: readonly string[] = [
  ...reachable(CAUSES).map((cause) => `cause ${cause}`),
  ...ROLES.flatMap((from) => ROLES.filter((to) => to !== from).map((to) => `${from} -> ${to}`))
    .filter((way) => !IMPOSSIBLE.has(way))
    .map((way) => `role ${way}`),
  ...reachable(DISCARDS).map((reason) => `discard ${reason}`),
];

export class Coverage {
  readonly #reached = new Set<string>();

  /** What has been reached, sorted. */
  get reached(): readonly string[] {
    return [...this.#reached].toSorted();
  }

  /** What should have been, and was not. */
  get missing(): readonly string[] {
    return REACHABLE.filter((one) => !this.#reached.has(one));
  }

  observed(observation: Observation): void {
    if (observation.kind === 'transition') {
      this.#reached.add(`cause ${observation.cause}`);
      this.#reached.add(`role ${observation.from} -> ${observation.to}`);
    } else if (observation.kind === 'advertisement-discarded') this.#reached.add(`discard ${observation.reason}`);
  }

  /** Some discards are only counted. */
  counted({ discards }: Statistics): void {
    for (const [reason, count] of Object.entries(discards)) if (count > 0) this.#reached.add(`discard ${reason}`);
  }

  add(reached: readonly string[]): void {
    for (const one of reached) this.#reached.add(one);
  }
}

function reachable(table: Readonly<Record<string, Reach>>): readonly string[] {
  return Object.entries(table).flatMap(([name, reach]) => (reach === true ? [name] : []));
}
