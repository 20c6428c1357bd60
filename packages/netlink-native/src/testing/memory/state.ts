// What MemoryKernel holds, and the words in which its parts answer and tell. The parts (./links.ts, ./addresses.ts, …) do with
// it what Linux does with its tables; each of their rules is a scenario of the contract suite.
import type { Acknowledgement } from '../../codec/netlink-message.js';
import type { EventOrigin } from '../../kernel.js';
import type { Address } from '../../objects/address.js';
import type { Link } from '../../objects/link.js';
import type { Neighbour } from '../../objects/neighbour.js';
import type { Route } from '../../objects/route.js';
import type { Rule } from '../../objects/rule.js';
import type { NetworkObject } from '../../network-object.js';

export interface HeldLink {
  readonly link: Link;
  readonly carrier: boolean;
}

export interface MemoryState {
  readonly links: Map<number, HeldLink>;
  /** In the order in which the kernel lists them. */
  addresses: readonly Address[];
  routes: readonly Route[];
  rules: readonly Rule[];
  neighbours: readonly Neighbour[];
  /** sysctl net.ipv4.conf.*.promote_secondaries */
  promoteSecondaries: boolean;
  tell(kind: 'changed' | 'removed', object: NetworkObject, by: EventOrigin): void;
}

/** Who did it, as events tell: this client, somebody else, the kernel by itself. */
export const OURS: EventOrigin = { own: true, origin: 1 };
export const THEIRS: EventOrigin = { own: false, origin: 2 };
export const ITSELF: EventOrigin = { own: false, origin: 0 };

/** Linux says of some objects' events not who asked; whether it was this client is known all the same. */
export function withoutPort({ own }: EventOrigin): EventOrigin {
  return { own, origin: 0 };
}

export const DONE: Acknowledgement = { errno: 0 };

export function isUp({ links }: MemoryState, index: number): boolean {
  return links.get(index)?.link.adminUp === true;
}

export const ENOENT = 2;
export const ESRCH = 3;
export const ENODEV = 19;
export const ENETDOWN = 100;
export const EINVAL = 22;
export const EEXIST = 17;
export const EADDRNOTAVAIL = 99;
