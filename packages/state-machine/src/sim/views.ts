// What the judges of a simulation are shown: the cluster as somebody outside sees it, whoever hosts it (bare machines:
// cluster.ts; whole nodes: the daemon's simulation). Plain data; no machine and no engine shows through.
import type { VirtualRouterConfig } from '../config.js';
import type { Micros, Role } from '../types.js';

/** One virtual router on one node that runs and is awake. */
export interface RouterView {
  readonly node: string;
  /** Of the virtual router, the same on every node. */
  readonly id: string;
  readonly config: VirtualRouterConfig;
  readonly role: Role;
  /** What it would advertise. */
  readonly priority: number;
  /** Where a Master has to have its addresses, and nobody else. */
  readonly addresses: readonly AddressView[];
}

export interface AddressView {
  readonly address: string;
  readonly isPresent: boolean;
  /** When somebody took it away by hand, until it is back. */
  readonly takenAt?: Micros | undefined;
}

/** A virtual router that is configured on a node, whether it runs or not. */
export interface MemberView {
  readonly node: string;
  readonly id: string;
  readonly config: VirtualRouterConfig;
}

export interface ClusterView {
  now(): Micros;
  /** Grows with whatever may change the rest of this view, the passing of time apart. */
  changes(): number;
  routers(): readonly RouterView[];
  members(): readonly MemberView[];
  /** How long what one of them sends takes to the other, at most; `undefined` when either may miss any of it. */
  latency(a: RouterView, b: RouterView): Micros | undefined;
  /** Whether the node's kernel can be asked, and tells what happens: otherwise its addresses are not its own fault. */
  hasKernel(node: string): boolean;
}
