// Rules of the routing policy as network objects (ip-rule(8)). Only those of our protocol are observed.

export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

export interface Prefix {
  readonly address: string;
  readonly prefixLength: number;
}

export type RuleAction =
  | { readonly kind: 'table'; readonly table: number }
  /** To the table of the VRF that the packet belongs to. */
  | { readonly kind: 'l3mdev' }
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' };

/** A rule of the routing policy (ip-rule(8)). All of its fields are its name. */
export interface RuleSpec {
  readonly kind: 'rule';
  readonly family: 4 | 6;
  readonly priority: number;
  readonly action: RuleAction;
  /** What does not match. */
  readonly not?: boolean;
  readonly from?: Prefix;
  readonly to?: Prefix;
  readonly tos?: number;
  /** By name: the link may be missing. */
  readonly incomingLink?: string;
  readonly outgoingLink?: string;
  readonly mark?: { readonly value: number; readonly mask: number };
  readonly userIds?: NumberRange;
  readonly ipProtocol?: number;
  readonly sourcePorts?: NumberRange;
  readonly destinationPorts?: NumberRange;
  readonly tunnelId?: bigint;
  readonly realms?: number;
  readonly suppressPrefixLength?: number;
  readonly suppressLinkGroup?: number;
  /** FRA_PROTOCOL. @default VRRP_PROTOCOL */
  readonly protocol?: number;
}

export interface Rule extends RuleSpec {
  readonly protocol: number;
}
