// What a VRRP daemon asks of the Linux network stack: read, change, watch. What there is to read and change: ./network-object.ts.
// Implemented by rtnetlink (real) and by MemoryKernel in ./testing (fake); both pass the same contract suite.
import type { NetworkObject, ObjectKind, ObjectOf, ObjectSpec } from './network-object.js';

export interface NetworkChange {
  readonly action: 'add' | 'remove';
  readonly object: ObjectSpec;
}

export type ChangeResult =
  /** `changed: false` when the kernel already was as asked: there is such an object (add), there is none (remove). */
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly error: Error & { readonly code: string } };

export type NetworkEvent =
  /**
   * The object came, or is not as it was. A link that is renamed is 'changed': the same index with another name, and no
   * 'removed' for the old one.
   */
  | ({ readonly kind: 'changed'; readonly object: NetworkObject } & EventOrigin)
  /** The object as it was last. */
  | ({ readonly kind: 'removed'; readonly object: NetworkObject } & EventOrigin)
  /** Events were lost (ENOBUFS): read everything anew. */
  | { readonly kind: 'resync' };

export interface EventOrigin {
  /** This client's own change, or a consequence of it (the secondaries of an address that it removed). */
  readonly own: boolean;
  /** The netlink port of whoever asked for the change, most often the id of its process; 0 when the kernel acted by itself. */
  readonly origin: number;
}

export interface Kernel {
  read<K extends ObjectKind>(kind: K): Promise<readonly ObjectOf<K>[]>;
  /**
   * Batched; one result per change, in order. Total: a change that is refused, or cannot even be put into words, is an
   * error in its own result, and the others go on.
   */
  apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]>;
  /** Returns the function that stops the watch. */
  watch(listener: (event: NetworkEvent) => void): () => void;
  close(): void;
}
