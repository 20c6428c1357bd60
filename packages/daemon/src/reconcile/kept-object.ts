// One network object in the keeper's books: what is wanted of it, what is known of it, and when it is looked at again. Pure.
import type { ObjectSpec } from '@vrrp/netlink-native';
import type { DesiredObject } from './desired-object.js';

/** A refused change is tried again after this many microseconds, then after twice as many, up to the last. */
export const RETRY_MIN = 100_000;
export const RETRY_MAX = 5_000_000;
/**
 * What somebody removed comes back after this many microseconds: a link that goes down takes its addresses along before it
 * says so, and what goes in one sweep comes back in one.
 */
export const REPAIR_DELAY = 5_000;

/** Who removed something, as far as the kernel tells. */
export interface Remover {
  /** The netlink port the request came from; mostly the process id. */
  readonly port: number;
  /** Name of the process of that number, if there was one. */
  readonly process?: string;
}

export interface Entry<Owner> {
  desired: DesiredObject;
  readonly owners: Set<Owner>;
  /** Who released it last: whose trouble it is when it does not go. */
  formerOwner: Owner | undefined;
  /** What the kernel was last known to have. */
  isPresent: boolean;
  /** It is there in another form: it goes first. */
  isOutdated: boolean;
  isInFlight: boolean;
  wasTried: boolean;
  /** When the next change is due, while one is wanted. */
  dueAt: number;
  failures: number;
  complaint: string | undefined;
  /** Set while it is missing because somebody removed it. */
  drift: { readonly by: Remover | undefined } | undefined;
  /** As it was last added: its link may have another name by now. */
  placed: ObjectSpec | undefined;
}

/** One change for the kernel; `entry` is missing for what is not ours and is only put back. */
export interface PlannedChange<Owner> {
  readonly entry: Entry<Owner> | undefined;
  readonly action: 'add' | 'remove';
  readonly object: ObjectSpec;
}

/** Not there, as far as is known, and nobody's. */
export function newEntry<Owner>(desired: DesiredObject): Entry<Owner> {
  return {
    desired,
    owners: new Set(),
    formerOwner: undefined,
    isPresent: false,
    isOutdated: false,
    isInFlight: false,
    wasTried: false,
    dueAt: 0,
    failures: 0,
    complaint: undefined,
    drift: undefined,
    placed: undefined,
  };
}

/** How long a change waits that was refused `failures` times, in microseconds. */
export function retryDelay(failures: number): number {
  return Math.min(RETRY_MIN * 2 ** (failures - 1), RETRY_MAX);
}
