// What the kernel is known to have, by kind, kept up to date from its events. A mirror, never a source of decisions.
import {
  objectKey,
  type Address,
  type Link,
  type NetworkEvent,
  type NetworkObject,
  type ObjectKind,
} from '@vrrp/netlink-native';

/** What is read and watched: links, and every kind that may be desired. */
export const OBSERVED_KINDS = ['link', 'address'] as const satisfies readonly ObjectKind[];
type ObservedObject = Extract<NetworkObject, { readonly kind: (typeof OBSERVED_KINDS)[number] }>;

export class ObservedNetwork {
  readonly #links = new Map<number, Link>();
  /** By object key, in the kernel's order. */
  readonly #others = new Map<string, Exclude<ObservedObject, Link>>();

  /** Replaces everything, after a start or a lost event. */
  reset(objects: readonly ObservedObject[]): void {
    this.#links.clear();
    this.#others.clear();
    for (const object of objects) this.#put(object);
  }

  apply(event: NetworkEvent): void {
    if (event.kind === 'resync' || !isObserved(event.object)) return;
    if (event.kind === 'changed') this.#put(event.object);
    else if (event.object.kind === 'link') this.#removeLink(event.object.index);
    else this.#others.delete(objectKey(event.object));
  }

  /** Whether there is such an object, which is no link. */
  has(key: string): boolean {
    return this.#others.has(key);
  }

  linkNamed(name: string): Link | undefined {
    for (const link of this.#links.values()) if (link.name === name) return link;
    return undefined;
  }

  linkAt(index: number): Link | undefined {
    return this.#links.get(index);
  }

  /** In the kernel's order, oldest first. */
  addressesOn(linkIndex: number): readonly Address[] {
    return this.addresses().filter((address) => address.linkIndex === linkIndex);
  }

  addresses(): readonly Address[] {
    return [...this.#others.values()].filter((object) => object.kind === 'address');
  }

  #put(object: ObservedObject): void {
    if (object.kind === 'link') this.#links.set(object.index, object);
    else this.#others.set(objectKey(object), object);
  }

  #removeLink(index: number): void {
    this.#links.delete(index);
    for (const [key, object] of this.#others) if (object.linkIndex === index) this.#others.delete(key);
  }
}

function isObserved(object: NetworkObject): object is ObservedObject {
  return OBSERVED_KINDS.some((kind) => kind === object.kind);
}

/** behaviour: a link carries traffic when an administrator wants it up and it has carrier. */
export function isUsable(link: Link | undefined): boolean {
  return link !== undefined && link.adminUp && link.running;
}
