// The table of kinds: whatever is read, changed or heard of goes through one of these rows.
import type { NetlinkMessage } from '../codec/netlink-message.js';
import type { NetworkObject, ObjectKind, ObjectOf, ObjectSpec, SpecOf } from '../network-object.js';
import { ADDRESS } from './address.js';
import type { RtnlKind } from './kind.js';
import { LINK } from './link.js';
import { NEIGHBOUR } from './neighbour.js';
import { ROUTE } from './route.js';
import { RULE } from './rule.js';

/** Links first: what is heard of an object comes after what is heard of its link. */
const KINDS: { readonly [K in ObjectKind]: RtnlKind<ObjectOf<K>, SpecOf<K>> } = {
  link: LINK,
  address: ADDRESS,
  route: ROUTE,
  rule: RULE,
  neighbour: NEIGHBOUR,
};

/** Two objects that the kernel cannot hold side by side have the same key; text to compare, not to show. */
export function objectKey(object: NetworkObject | ObjectSpec): string {
  return rowOf(object.kind).key(object);
}

/** What a watcher joins. */
export const EVENT_GROUPS: readonly number[] = Object.values(KINDS).flatMap(({ groups }) => groups);

export function kindOf<K extends ObjectKind>(kind: K): (typeof KINDS)[K] {
  return KINDS[kind];
}

/** A row for objects of whatever kind: what it is given has to be of its own kind. */
export function rowOf(kind: ObjectKind): RtnlKind {
  return KINDS[kind];
}

/** The row of something asked for. */
export function kindOfSpec(spec: ObjectSpec): RtnlKind {
  return KINDS[spec.kind];
}

export interface DecodedEvent {
  readonly kind: 'changed' | 'removed';
  readonly object: NetworkObject;
}

/** A message from one of the groups; undefined for messages that are of no concern. */
export function decodeNetworkEvent(message: NetlinkMessage): DecodedEvent | undefined {
  for (const row of Object.values(KINDS)) {
    if (message.type !== row.create && message.type !== row.remove) continue;
    const object = row.decode(message.payload);
    return object && { kind: message.type === row.create ? 'changed' : 'removed', object };
  }
  return undefined;
}
