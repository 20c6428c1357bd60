// What somebody else did to what is ours. An address that is gone comes back, without a change of role; or, with
// vrrp_drift_fallback, its routers go to Backup and come back with everything anew, as keepalived does.
// COMPAT: keepalived always goes to Backup. docs/compatibility.md
import { objectKey, type NetworkEvent } from '@vrrp/netlink-native';
import type { Remover } from '../reconcile/kept-object.js';
import type { ObjectKeeper } from '../reconcile/object-keeper.js';
import type { ObservedNetwork } from '../reconcile/observed.js';
import type { VirtualRouter } from './virtual-router.js';

export interface DriftPorts {
  readonly keeper: ObjectKeeper<VirtualRouter>;
  readonly network: ObservedNetwork;
  now(): number;
  /** Name of the process of this number, if there is one. */
  processName(pid: number): string | undefined;
  /** Asks for a reading of the network; `confirm` is called when it is there. */
  readAnew(): void;
}

export class Drift {
  readonly #ports: DriftPorts;
  /** Whether a loss is for the state machine. */
  fallsBack = false;
  /** Losses that a reading has to confirm, by object key. */
  readonly #suspected = new Set<string>();
  /** Who was asked about last: a sweep comes from one program. */
  #remover: Remover | undefined;

  constructor(ports: DriftPorts) {
    this.#ports = ports;
  }

  heard(event: Exclude<NetworkEvent, { readonly kind: 'resync' }>): void {
    const { keeper, now } = this.#ports;
    const key = objectKey(event.object);
    if (event.kind === 'changed') {
      keeper.seen(key);
      return;
    }
    if (keeper.ownersAt(key).size === 0) return;
    if (this.fallsBack) this.#suspect([key]);
    else keeper.lost(key, now(), this.#removerOf(event.origin));
  }

  /** After a reading: what is suspected and missing is lost, and what is missing without a word of it, too. */
  compare(): void {
    const { keeper, network, now } = this.#ports;
    const missing = keeper.missingIn(network);
    if (!this.fallsBack) {
      for (const key of missing) keeper.lost(key, now());
      return;
    }
    const certain = missing.filter((key) => this.#suspected.delete(key));
    this.#suspected.clear();
    this.#tellLost(certain);
    // What was not heard of may just have been added: it has to be missing twice.
    this.#suspect(missing.filter((key) => !certain.includes(key)));
  }

  #suspect(keys: readonly string[]): void {
    if (keys.length === 0) return;
    for (const key of keys) this.#suspected.add(key);
    this.#ports.readAnew();
  }

  #tellLost(keys: readonly string[]): void {
    const { keeper, now } = this.#ports;
    const losses = keys.flatMap((key) => {
      const desired = keeper.desiredAt(key);
      return desired === undefined ? [] : [{ desired, owners: Array.from(keeper.ownersAt(key)) }];
    });
    // They are gone, whatever becomes of the roles: a router may be Master again before the second lane has begun.
    for (const key of keys) keeper.lost(key, now());
    for (const { desired, owners } of losses) {
      for (const router of owners) {
        router.deliver({ kind: 'address-lost', address: desired.address, interface: desired.link });
      }
    }
  }

  #removerOf(port: number | undefined): Remover | undefined {
    // 0 is the kernel itself: a link that goes.
    if (port === undefined || port === 0) return undefined;
    if (this.#remover?.port !== port) {
      const process = this.#ports.processName(port);
      this.#remover = { port, ...(process === undefined ? {} : { process }) };
    }
    return this.#remover;
  }
}
