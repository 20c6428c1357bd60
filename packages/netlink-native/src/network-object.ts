// The objects of the Linux network stack that a VRRP daemon reads and changes, by kind. What the kernel tells of one and what
// may be asked of it are in ./objects/; how the kernel tells one from another is `objectKey` in ./rtnl/kinds.ts.
import type { Address, AddressSpec } from './objects/address.js';
import type { Link, LinkSpec } from './objects/link.js';
import type { Neighbour, NeighbourSpec } from './objects/neighbour.js';
import type { Route, RouteSpec } from './objects/route.js';
import type { Rule, RuleSpec } from './objects/rule.js';

/** The mark of what we added (IFA_PROTO, rtm_protocol, …): the number /etc/iproute2/rt_protos gives to keepalived. */
export const VRRP_PROTOCOL = 18;

/** What the kernel tells of. */
export type NetworkObject = Link | Address | Route | Rule | Neighbour;
export type ObjectKind = NetworkObject['kind'];
export type ObjectOf<K extends ObjectKind> = Extract<NetworkObject, { readonly kind: K }>;

/** What may be asked for. */
export type ObjectSpec = LinkSpec | AddressSpec | RouteSpec | RuleSpec | NeighbourSpec;
export type SpecOf<K extends ObjectKind> = Extract<ObjectSpec, { readonly kind: K }>;
