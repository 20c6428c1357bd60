// Carries out one virtual router's address actions in order, one at a time: the kernel answers later, and a removal must
// never overtake an addition (or an announcement its addition).
import type { ChangeResult, Kernel, NetworkChange } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../plan/desired.js';
import { addressSpec, type LinkIndexes } from '../reconcile/diff.js';
import { addressKey } from '../reconcile/observed.js';

export interface AddressKeeperPorts {
  readonly kernel: Kernel;
  readonly linkIndexes: LinkIndexes;
  /** The mark our addresses carry (IFA_PROTO). */
  readonly protocol: number;
  added(addresses: readonly DesiredAddress[]): void;
  removed(addresses: readonly DesiredAddress[]): void;
  announce(addresses: readonly DesiredAddress[], times: number): void;
  failed(operation: 'add-addresses' | 'remove-addresses', address: string, error: unknown): void;
}

type Operation =
  | { readonly kind: 'add' | 'remove'; readonly addresses: readonly DesiredAddress[] }
  | { readonly kind: 'announce'; readonly addresses: readonly DesiredAddress[]; readonly times: number };

export class AddressKeeper {
  readonly #ports: AddressKeeperPorts;
  readonly #expectedRemovals = new Set<string>();
  /** What the kernel confirmed; nothing else is announced. */
  readonly #held = new Set<DesiredAddress>();
  #operations: Operation[] = [];
  #busy = false;
  #running: Promise<void> = Promise.resolve();

  constructor(ports: AddressKeeperPorts) {
    this.#ports = ports;
  }

  add(addresses: readonly DesiredAddress[]): void {
    this.#enqueue({ kind: 'add', addresses });
  }

  remove(addresses: readonly DesiredAddress[]): void {
    // What is about to go must not be announced any more.
    this.#operations = this.#operations.filter((operation) => operation.kind !== 'announce');
    this.#enqueue({ kind: 'remove', addresses });
  }

  announce(addresses: readonly DesiredAddress[], times: number): void {
    this.#enqueue({ kind: 'announce', addresses, times });
  }

  /** Whether this removal is our own doing; each answer is given once. */
  claimsRemoval(key: string): boolean {
    return this.#expectedRemovals.delete(key);
  }

  /** After lost events nothing is known about removals under way. */
  forgetRemovals(): void {
    this.#expectedRemovals.clear();
  }

  get idle(): boolean {
    return !this.#busy;
  }

  /** Resolves when everything asked for so far is done. */
  async settled(): Promise<void> {
    while (this.#busy) await this.#running;
  }

  #enqueue(operation: Operation): void {
    this.#operations.push(operation);
    if (this.#busy) return;
    // Set before the run, which may end before it returns: announcements alone wait for nobody.
    this.#busy = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    for (let next = this.#operations.shift(); next !== undefined; next = this.#operations.shift()) {
      if (next.kind === 'announce') this.#announceHeld(next.addresses, next.times);
      else await this.#change(next.kind, next.addresses);
    }
    this.#busy = false;
  }

  #announceHeld(addresses: readonly DesiredAddress[], times: number): void {
    const held = addresses.filter((address) => this.#held.has(address));
    if (held.length > 0) this.#ports.announce(held, times);
  }

  async #change(kind: 'add' | 'remove', addresses: readonly DesiredAddress[]): Promise<void> {
    const changes: NetworkChange[] = [];
    const subjects: DesiredAddress[] = [];
    for (const address of addresses) {
      const spec = addressSpec(address, this.#ports.linkIndexes, this.#ports.protocol);
      if (spec === undefined) {
        if (kind === 'add')
          this.#ports.failed('add-addresses', address.address, new Error(`no interface ${address.link}`));
        continue;
      }
      if (kind === 'remove') this.#expectedRemovals.add(addressKey(spec));
      changes.push({ action: kind, object: spec });
      subjects.push(address);
    }
    const results = await this.#ports.kernel.apply(changes);
    const done = subjects.filter((subject, index) => this.#examine(subject, changes[index], results[index]));
    if (kind === 'add') this.#ports.added(done);
    else this.#ports.removed(done);
  }

  /** Books one result; whether the kernel now is as asked. */
  #examine(subject: DesiredAddress, change: NetworkChange | undefined, result: ChangeResult | undefined): boolean {
    if (change === undefined || result === undefined) return false;
    const key = addressKey(change.object);
    if (change.action === 'add') {
      if (result.ok) this.#held.add(subject);
      else this.#ports.failed('add-addresses', subject.address, result.error);
      return result.ok;
    }
    this.#held.delete(subject);
    // Nothing was removed, so no removal will be heard of.
    if (!result.ok || !result.changed) this.#expectedRemovals.delete(key);
    if (!result.ok) this.#ports.failed('remove-addresses', subject.address, result.error);
    return result.ok;
  }
}
