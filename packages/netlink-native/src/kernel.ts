// The part of the Linux network stack that a VRRP daemon asks for: links, addresses, changes and events.
// Implemented by rtnetlink (real) and by MemoryKernel in ./testing (fake); both pass the same contract suite.

/** The mark of addresses that we added (IFA_PROTO): the number /etc/iproute2/rt_protos gives to keepalived. */
export const VRRP_ADDRESS_PROTOCOL = 18;

export interface Link {
  readonly index: number;
  readonly name: string;
  /** Lower-case colon form, '' where the link has none. */
  readonly mac: string;
  readonly mtu: number;
  /** IFF_UP: an administrator wants it up. */
  readonly adminUp: boolean;
  /** IFF_RUNNING: it has carrier. A link is usable when both hold. */
  readonly running: boolean;
  readonly multicast: boolean;
  readonly loopback: boolean;
  /** IFF_NOARP: announcements make no sense on it. */
  readonly noArp: boolean;
  /** rtnetlink's IFLA_INFO_KIND ('veth', 'macvlan', …), '' for plain devices. */
  readonly kind: string;
}

/** rt_scope: 0 global, 200 site, 253 link, 254 host, 255 nowhere, or any number. */
export interface Address {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  readonly linkIndex: number;
  readonly scope: number;
  readonly broadcast?: string;
  readonly label?: string;
  readonly peer?: string;
  /** IFA_F_* bits. */
  readonly flags: number;
  /** IFA_PROTO (Linux 5.18): who added it; 0 when unknown. We mark ours with `VRRP_ADDRESS_PROTOCOL` (18, as keepalived's routes). */
  readonly protocol: number;
  /** Seconds; undefined means for ever, or not told: Linux tells it of IPv6, while a deprecated IPv4 address has only its flag. */
  readonly preferredLifetime?: number;
}

export interface AddressSpec {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  readonly linkIndex: number;
  readonly scope?: number;
  readonly broadcast?: string;
  readonly label?: string;
  readonly peer?: string;
  /** IPv6: skip duplicate address detection (keepalived always does unless -nodad). */
  readonly noDad?: boolean;
  readonly preferredLifetime?: number;
  readonly protocol?: number;
}

export type NetworkChange =
  | { readonly kind: 'add-address'; readonly address: AddressSpec }
  | { readonly kind: 'remove-address'; readonly address: AddressSpec };

export type ChangeResult =
  /** `changed: false` when the kernel already was as asked (EEXIST on add; EADDRNOTAVAIL, or the link is gone, on remove). */
  | { readonly ok: true; readonly changed: boolean }
  | { readonly ok: false; readonly error: Error & { readonly code: string } };

export type NetworkEvent =
  | { readonly kind: 'link'; readonly link: Link }
  | { readonly kind: 'link-removed'; readonly index: number; readonly name: string }
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'address-removed'; readonly address: Address }
  /** Events were lost (ENOBUFS): read everything anew. */
  | { readonly kind: 'resync' };

export interface Kernel {
  links(): Promise<readonly Link[]>;
  addresses(): Promise<readonly Address[]>;
  /** Batched; one result per change, in order. Never rejects for a refused change. */
  apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]>;
  /** Returns the function that stops the watch. */
  watch(listener: (event: NetworkEvent) => void): () => void;
  close(): void;
}
