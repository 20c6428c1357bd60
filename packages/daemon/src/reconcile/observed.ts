// What the kernel is known to have, kept up to date from its events. A mirror, never a source of decisions.
import { objectKey, type Address, type Link, type NetworkEvent } from '@vrrp/netlink-native';

export class ObservedNetwork {
  readonly #links = new Map<number, Link>();
  readonly #addresses = new Map<string, Address>();

  /** Replaces everything, after a start or a lost event. */
  reset(links: readonly Link[], addresses: readonly Address[]): void {
    this.#links.clear();
    this.#addresses.clear();
    for (const link of links) this.#links.set(link.index, link);
    for (const address of addresses) this.#addresses.set(objectKey(address), address);
  }

  apply(event: NetworkEvent): void {
    if (event.kind === 'resync') return;
    const { object } = event;
    if (object.kind === 'link') {
      if (event.kind === 'changed') this.#links.set(object.index, object);
      else this.#removeLink(object.index);
    } else if (object.kind === 'address') {
      if (event.kind === 'changed') this.#addresses.set(objectKey(object), object);
      else this.#addresses.delete(objectKey(object));
    }
  }

  has(key: string): boolean {
    return this.#addresses.has(key);
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
    return [...this.#addresses.values()];
  }

  #removeLink(index: number): void {
    this.#links.delete(index);
    for (const [key, address] of this.#addresses) if (address.linkIndex === index) this.#addresses.delete(key);
  }
}

/** behaviour: a link carries traffic when an administrator wants it up and it has carrier. */
export function isUsable(link: Link | undefined): boolean {
  return link !== undefined && link.adminUp && link.running;
}
