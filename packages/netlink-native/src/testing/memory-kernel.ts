// The Kernel in memory: what Linux does with links, addresses, routes, rules and neighbours (./memory/), without a kernel. Passes the same contract suite
// as the real one (./kernel-contract.ts). Changes hold when apply() returns its promise; events come in a microtask of their
// own, in order. Further controls play everybody else: administrators, cables, the kernel running out of memory.
import { changeResult, impossibleChange } from '../change-result.js';
import type { Acknowledgement } from '../codec/netlink-message.js';
import type { ChangeResult, EventOrigin, Kernel, NetworkChange, NetworkEvent } from '../kernel.js';
import type { Address, AddressSpec } from '../objects/address.js';
import type { Link } from '../objects/link.js';
import type { NetworkObject, ObjectKind, ObjectOf } from '../network-object.js';
import { objectKey } from '../rtnl/kinds.js';
import { OperationError } from '../operation-error.js';
import { addAddress, addressFromText, removeAddress } from './memory/addresses.js';
import { addLink, changeLink, heldLink, makeLink, removeLink, unmakeLink } from './memory/links.js';
import type { LinkState, MemoryLink } from './memory/links.js';
import { addRoute, removeRoute } from './memory/routes.js';
import { addNeighbour, addRule, removeNeighbour, removeRule } from './memory/rules.js';
import { OURS, THEIRS } from './memory/state.js';
import type { MemoryState } from './memory/state.js';

export type { LinkState, MemoryLink } from './memory/links.js';

export interface MemorySnapshot {
  readonly links: readonly Link[];
  readonly addresses: readonly Address[];
}

interface Failure {
  readonly acknowledgement: Acknowledgement;
  readonly matches: (change: NetworkChange) => boolean;
}

export class MemoryKernel implements Kernel {
  readonly #state: MemoryState;
  readonly #watchers = new Set<{ readonly listener: (event: NetworkEvent) => void }>();
  #failures: readonly Failure[] = [];
  #losing = 0;
  #closed = false;

  constructor() {
    this.#state = {
      links: new Map(),
      addresses: [],
      routes: [],
      rules: [],
      neighbours: [],
      promoteSecondaries: false,
      tell: (kind, object, by) => this.#tell(kind, object, by),
    };
  }

  async read<K extends ObjectKind>(kind: K): Promise<readonly ObjectOf<K>[]> {
    this.#assertOpen();
    const { addresses, routes, rules, neighbours } = this.#state;
    const tables: { readonly [T in ObjectKind]: readonly ObjectOf<T>[] } = {
      link: this.snapshot().links,
      address: addresses,
      route: routes,
      rule: rules,
      neighbour: neighbours,
    };
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
    const { links, addresses } = this.#state;
    return { links: [...links.values()].map(({ link }) => link), addresses };
  }

  /** A link appears. @throws RangeError when its index or its name is taken. */
  addLink(spec: MemoryLink): Link {
    return addLink(this.#state, spec);
  }

  /** Somebody changes a link: its state, its cable, its name, its MAC. @throws RangeError */
  setLink(index: number, change: LinkState): Link {
    return changeLink(this.#state, index, change);
  }

  /** The link is gone, and its addresses with it. @throws RangeError */
  removeLink(index: number): void {
    removeLink(this.#state, index);
  }

  /** Somebody else adds 'ADDRESS/PREFIX'. @throws RangeError when that is no address, the link is not there, or Linux refuses. */
  addAddress(linkIndex: number, address: string, detail: Partial<AddressSpec> = {}): Address {
    heldLink(this.#state, linkIndex);
    const spec: AddressSpec = { ...addressFromText(linkIndex, address), ...detail };
    addAddress(this.#state, spec, THEIRS);
    const found = this.#state.addresses.find((one) => objectKey(one) === objectKey(spec));
    if (found === undefined) throw new RangeError(`Linux refuses ${address}`);
    return found;
  }

  /** Somebody else removes 'ADDRESS/PREFIX'; whether it was there. */
  removeAddress(linkIndex: number, address: string): boolean {
    return removeAddress(this.#state, addressFromText(linkIndex, address), THEIRS).errno === 0;
  }

  /** sysctl net.ipv4.conf.all.promote_secondaries: a secondary takes the place of a primary that goes. */
  set promoteSecondaries(promote: boolean) {
    this.#state.promoteSecondaries = promote;
  }

  /** Events were lost. */
  resync(): void {
    this.#post({ kind: 'resync' });
  }

  /** The next `count` events do not fit the queue: instead of them comes one resync, after the last. */
  loseEvents(count: number): void {
    this.#losing = count;
  }

  /** The next `count` changes are refused with this errno; with `kind`, only changes of such objects count. */
  failNext(errno: number, count = 1, kernelMessage?: string, kind?: ObjectKind): void {
    const acknowledgement = { errno, ...(kernelMessage === undefined ? {} : { message: kernelMessage }) };
    const matches = ({ object }: NetworkChange): boolean => kind === undefined || object.kind === kind;
    this.#failures = [...this.#failures, ...Array.from({ length: count }, () => ({ acknowledgement, matches }))];
  }

  #change(change: NetworkChange): ChangeResult {
    const failure = this.#failures.find(({ matches }) => matches(change));
    if (failure !== undefined) {
      this.#failures = this.#failures.filter((one) => one !== failure);
      return changeResult(change, failure.acknowledgement);
    }
    try {
      return changeResult(change, this.#perform(change));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { ok: false, error: impossibleChange(change, error) };
    }
  }

  #perform({ action, object }: NetworkChange): Acknowledgement {
    const adding = action === 'add';
    switch (object.kind) {
      case 'link':
        return (adding ? makeLink : unmakeLink)(this.#state, object, OURS);
      case 'address':
        return (adding ? addAddress : removeAddress)(this.#state, object, OURS);
      case 'route':
        return (adding ? addRoute : removeRoute)(this.#state, object, OURS);
      case 'rule':
        return (adding ? addRule : removeRule)(this.#state, object, OURS);
      case 'neighbour':
        return (adding ? addNeighbour : removeNeighbour)(this.#state, object, OURS);
    }
  }

  #tell(kind: 'changed' | 'removed', object: NetworkObject, by: EventOrigin): void {
    if (this.#losing === 0) this.#post({ kind, object, ...by });
    else if (--this.#losing === 0) this.resync();
  }

  #post(event: NetworkEvent): void {
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
