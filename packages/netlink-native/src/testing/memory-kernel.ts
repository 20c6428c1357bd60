// The Kernel in memory: what rtnetlink does with links and addresses, without a kernel. Passes the same contract suite as
// the real one (./kernel-contract.ts). Changes hold when apply() returns its promise; events come in a microtask of their own,
// in order. Further controls play everybody else: administrators, cables, the kernel running out of memory.
import { ipFamily } from '@vrrp/wire/ip';

import type { ChangeResult, EventOrigin, Kernel, NetworkChange, NetworkEvent } from '../kernel.js';
import { objectKey } from '../network-object.js';
import type { Address, AddressSpec, Link, ObjectKind, ObjectOf } from '../network-object.js';
import { impossibleRequest, OperationError } from '../operation-error.js';
import { ADDRESS } from '../rtnl/address.js';

const ENODEV = 19;
const IFA_F_DEPRECATED = 0x20;
const IFA_F_PERMANENT = 0x80;
const SCOPE_LINK = 253;
const SCOPE_HOST = 254;

export interface MemoryLink {
  readonly name: string;
  readonly mac?: string;
  /** The next free number unless given. */
  readonly index?: number;
  readonly mtu?: number;
  /** Up, as links are that nobody touched, unless told otherwise. */
  readonly adminUp?: boolean;
  readonly carrier?: boolean;
  readonly loopback?: boolean;
  readonly noArp?: boolean;
  readonly multicast?: boolean;
  readonly type?: string;
}

export interface MemorySnapshot {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
}

/** Who did it, as events tell: this client, somebody else, the kernel by itself. */
const OURS: EventOrigin = { own: true, origin: 1 };
const THEIRS: EventOrigin = { own: false, origin: 2 };
const ITSELF: EventOrigin = { own: false, origin: 0 };

export class MemoryKernel implements Kernel {
  readonly #links = new Map<number, { readonly link: Link; readonly carrier: boolean }>();
  readonly #watchers = new Set<{ readonly listener: (event: NetworkEvent) => void }>();
  readonly #failures: OperationError[] = [];
  #addresses: readonly Address[] = [];
  #nextIndex = 1;
  #closed = false;

  async read<K extends ObjectKind>(kind: K): Promise<readonly ObjectOf<K>[]> {
    this.#assertOpen();
    const { links, addresses } = this.snapshot();
    const tables: { readonly [T in ObjectKind]: readonly ObjectOf<T>[] } = { link: links, address: addresses };
    return tables[kind];
  }

  async apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]> {
    this.#assertOpen();
    return changes.map((change) => this.#change(change));
  }

  watch(listener: (event: NetworkEvent) => void): () => void {
    this.#assertOpen();
    const watcher = { listener };
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  close(): void {
    this.#closed = true;
    this.#watchers.clear();
  }

  /** What there is now, at once; also after close(). */
  snapshot(): MemorySnapshot {
    return { links: [...this.#links.values()].map(({ link }) => link), addresses: this.#addresses };
  }

  /** A link appears. @throws RangeError when its index is taken. */
  addLink(spec: MemoryLink): Link {
    const index = spec.index ?? this.#nextIndex;
    if (this.#links.has(index)) throw new RangeError(`there is a link ${index} already`);
    this.#nextIndex = Math.max(this.#nextIndex, index + 1);
    const adminUp = spec.adminUp ?? true;
    const carrier = spec.carrier ?? true;
    const loopback = spec.loopback ?? false;
    const link: Link = {
      kind: 'link',
      index,
      name: spec.name,
      mac: spec.mac ?? '',
      mtu: spec.mtu ?? 1500,
      adminUp,
      running: adminUp && carrier,
      multicast: spec.multicast ?? !loopback,
      loopback,
      noArp: spec.noArp ?? false,
      type: spec.type ?? '',
    };
    this.#putLink(link, carrier);
    return link;
  }

  /** `adminUp` is `ip link set up|down`, `carrier` the cable. A link that goes down loses its IPv6 addresses. */
  setLink(index: number, change: { readonly adminUp?: boolean; readonly carrier?: boolean }): Link {
    const { link, carrier: before } = this.#link(index);
    const adminUp = change.adminUp ?? link.adminUp;
    const carrier = change.carrier ?? before;
    const changed = { ...link, adminUp, running: adminUp && carrier };
    this.#putLink(changed, carrier);
    if (link.adminUp && !adminUp) this.#removeWhere((one) => one.linkIndex === index && one.family === 6, ITSELF);
    return changed;
  }

  /** The link is gone, and its addresses with it. */
  removeLink(index: number): void {
    const { link } = this.#link(index);
    this.#removeWhere((one) => one.linkIndex === index, ITSELF);
    this.#links.delete(index);
    this.#tell({ kind: 'removed', object: link, ...THEIRS });
  }

  /** Somebody else adds 'ADDRESS/PREFIX'. @throws RangeError when that is no address, or the link is not there. */
  addAddress(linkIndex: number, address: string, detail: Partial<AddressSpec> = {}): Address {
    this.#link(linkIndex);
    const added = meaning({ ...textSpec(linkIndex, address), ...detail });
    this.#add(added, THEIRS);
    return this.#addresses.find((one) => isSame(one, added)) ?? added;
  }

  /** Somebody else removes 'ADDRESS/PREFIX'; whether it was there. */
  removeAddress(linkIndex: number, address: string): boolean {
    return this.#remove(meaning(textSpec(linkIndex, address)), THEIRS);
  }

  /** Events were lost. */
  resync(): void {
    this.#tell({ kind: 'resync' });
  }

  /** The next `count` changes are refused with this errno. */
  failNext(errno: number, count = 1, kernelMessage?: string): void {
    const words = kernelMessage === undefined ? {} : { kernelMessage };
    const failure = { code: 'ERR_VRRP_NETLINK_ACK', operation: 'change an address', errno, ...words } as const;
    for (let i = 0; i < count; i++) this.#failures.push(new OperationError(failure));
  }

  #change({ action, object }: NetworkChange): ChangeResult {
    const error = this.#failures.shift();
    if (error !== undefined) return { ok: false, error };
    const asked = askedAddress(object, action);
    if (asked instanceof OperationError) return { ok: false, error: asked };
    if (action === 'remove') return { ok: true, changed: this.#remove(asked, OURS) };
    if (!this.#links.has(asked.linkIndex)) return { ok: false, error: noSuchLink(asked) };
    return { ok: true, changed: this.#add(asked, OURS) };
  }

  #add(address: Address, origin: EventOrigin): boolean {
    if (this.#addresses.some((one) => isSame(one, address))) return false;
    const { link } = this.#link(address.linkIndex);
    const label = address.family === 4 ? { label: address.label ?? link.name } : {};
    const held = { ...address, ...label };
    this.#addresses = [...this.#addresses, held];
    this.#tell({ kind: 'changed', object: held, ...origin });
    return true;
  }

  #remove(address: Address, origin: EventOrigin): boolean {
    return this.#removeWhere((one) => isSame(one, address), origin) > 0;
  }

  #removeWhere(matches: (address: Address) => boolean, origin: EventOrigin): number {
    const gone = this.#addresses.filter(matches);
    this.#addresses = this.#addresses.filter((one) => !matches(one));
    for (const address of gone) this.#tell({ kind: 'removed', object: address, ...origin });
    return gone.length;
  }

  #putLink(link: Link, carrier: boolean): void {
    this.#links.set(link.index, { link, carrier });
    this.#tell({ kind: 'changed', object: link, ...THEIRS });
  }

  #link(index: number): { readonly link: Link; readonly carrier: boolean } {
    const found = this.#links.get(index);
    if (found === undefined) throw new RangeError(`there is no link ${index}`);
    return found;
  }

  #tell(event: NetworkEvent): void {
    // Whoever watches when it happens hears it, unless it stops before the event comes.
    const watchers = [...this.#watchers];
    queueMicrotask(() => {
      for (const watcher of watchers) if (this.#watchers.has(watcher)) watcher.listener(event);
    });
  }

  #assertOpen(): void {
    if (!this.#closed) return;
    const kernelMessage = 'the kernel client is closed';
    throw new OperationError({ code: 'ERR_VRRP_NETLINK', operation: 'ask the kernel', kernelMessage });
  }
}

/** What the kernel makes of a request: read back from the very bytes that would be sent. @throws RangeError */
function meaning(spec: AddressSpec, action: 'add' | 'remove' = 'add'): Address {
  const address = ADDRESS.decode(ADDRESS.encode(spec, action));
  if (address === undefined) throw new RangeError(`not an address: ${spec.address}`);
  const deprecated = spec.preferredLifetime === 0 ? IFA_F_DEPRECATED : 0;
  const flags = address.flags | IFA_F_PERMANENT | deprecated;
  if (spec.family === 6) return { ...address, flags, scope: ipv6Scope(address.address) };
  // Linux tells the preferred lifetime of an IPv4 address only if its valid lifetime ends too, which ours never does.
  const { preferredLifetime: _untold, ...told } = address;
  return { ...told, flags };
}

function ipv6Scope(address: string): number {
  if (address === '::1') return SCOPE_HOST;
  return /^fe[89ab]/.test(address) ? SCOPE_LINK : 0;
}

function textSpec(linkIndex: number, text: string): AddressSpec {
  const [address = '', prefix] = text.split('/');
  const family = ipFamily(address);
  if (family === undefined || prefix === undefined) throw new RangeError(`not ADDRESS/PREFIX: ${text}`);
  return { kind: 'address', family, address, prefixLength: Number(prefix), linkIndex };
}

function askedAddress(spec: AddressSpec, action: 'add' | 'remove'): Address | OperationError {
  try {
    return meaning(spec, action);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return impossibleRequest(`${action} ${ADDRESS.describe(spec)}`, error);
  }
}

function isSame(one: Address, other: Address): boolean {
  return objectKey(one) === objectKey(other);
}

function noSuchLink({ address, prefixLength, linkIndex }: Address): OperationError {
  const operation = `add address ${address}/${prefixLength} on link ${linkIndex}`;
  return new OperationError({ code: 'ERR_VRRP_NETLINK_ACK', operation, errno: ENODEV });
}
