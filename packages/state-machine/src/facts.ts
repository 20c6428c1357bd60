// What the host told a virtual router about the world: links, the address it sends from, trackers, its sync group.
// Facts are stored as told; what they mean is derived in faults.ts and priority.ts, never counted up and down.
import type { TrackerEvidence, TrackerKind, TrackerStatus } from './types.js';

export interface TrackerFact {
  readonly status: TrackerStatus;
  /** The number in a tracked file. */
  readonly value?: number;
  readonly evidence?: TrackerEvidence;
}

export interface LinkFact {
  readonly interface: string;
  readonly up: boolean;
}

export interface Facts {
  /** A link never heard of is not up. Few: a list is smaller than a map. */
  readonly links: readonly LinkFact[];
  /** `undefined`: none, or not told yet. */
  readonly primaryAddress: string | undefined;
  /** Why there is no socket for advertisements; `undefined`: there is one, or the host never spoke of it. */
  readonly socketProblem: string | undefined;
  /** Why advertisements do not leave, since that has gone on for too long; see sending.ts. */
  readonly sendProblem: string | undefined;
  /** By `trackerKey`. A tracker never heard of is unknown. */
  readonly trackers: ReadonlyMap<string, TrackerFact>;
  /** The member of the sync group whose fault keeps this router in fault too. */
  readonly heldBy: string | undefined;
  /** Another address owner that did not give way: while it is there, this owner has priority 254. */
  readonly rivalOwner: string | undefined;
}

export const NO_FACTS: Facts = {
  links: [],
  primaryAddress: undefined,
  socketProblem: undefined,
  sendProblem: undefined,
  trackers: new Map(),
  heldBy: undefined,
  rivalOwner: undefined,
};

/** Names are unique only within one kind of tracker. */
export function trackerKey(kind: TrackerKind, name: string): string {
  return `${kind}:${name}`;
}

export function trackerFact(facts: Facts, kind: TrackerKind, name: string): TrackerFact {
  return facts.trackers.get(trackerKey(kind, name)) ?? UNKNOWN;
}

/** A copy of `links` with one link set. */
export function withLink(links: readonly LinkFact[], fact: LinkFact): readonly LinkFact[] {
  const index = links.findIndex((link) => link.interface === fact.interface);
  return index < 0 ? links.concat(fact) : links.with(index, fact);
}

/** A copy of `map` with one entry set. */
export function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

const UNKNOWN: TrackerFact = { status: 'unknown' };
