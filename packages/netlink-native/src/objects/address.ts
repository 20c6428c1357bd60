// Addresses of links as network objects: what the kernel tells of one, and what may be asked of it.

export interface Address {
  readonly kind: 'address';
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  readonly linkIndex: number;
  /** rt_scope: 0 global, 200 site, 253 link, 254 host, 255 nowhere, or any number. */
  readonly scope: number;
  readonly broadcast?: string;
  readonly label?: string;
  readonly peer?: string;
  /** IFA_F_* bits. */
  readonly flags: number;
  /** IFA_PROTO (Linux 5.18): who added it; 0 when unknown. We mark ours with `VRRP_PROTOCOL` (18, as keepalived's routes). */
  readonly protocol: number;
  /** Seconds; undefined means for ever, or not told: Linux tells it of IPv6, while a deprecated IPv4 address has only its flag. */
  readonly preferredLifetime?: number;
}

/**
 * To add an address all of it counts. To remove one, family, address, prefix length, link and peer do: a label that
 * somebody changed keeps no address.
 */
export interface AddressSpec {
  readonly kind: 'address';
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
  /** No route to the prefix: a host that holds the address is not on its network for that. */
  readonly noPrefixRoute?: boolean;
  /** IPv6: the home address of a mobile node (RFC 6275). */
  readonly homeAddress?: boolean;
  /** IPv6: temporary addresses are made from it (RFC 8981). */
  readonly managesTemporary?: boolean;
  /** The kernel joins the multicast group that the address is. */
  readonly autoJoin?: boolean;
  readonly preferredLifetime?: number;
  readonly protocol?: number;
}

/** IFA_F_* of linux/if_addr.h: the bits of `Address.flags` that may be asked for, by the field that asks. */
const ADDRESS_FLAGS = {
  noDad: 0x02,
  homeAddress: 0x10,
  managesTemporary: 0x100,
  noPrefixRoute: 0x200,
  autoJoin: 0x400,
};
const ADDRESS_FLAG_FIELDS = Object.keys(ADDRESS_FLAGS) as readonly (keyof typeof ADDRESS_FLAGS)[];

export function addressFlags(spec: AddressSpec): number {
  return ADDRESS_FLAG_FIELDS.reduce((flags, field) => (spec[field] === true ? flags | ADDRESS_FLAGS[field] : flags), 0);
}

/** An address as it would be asked for, to put it back as it was. */
export function addressSpecOf(address: Address): AddressSpec {
  const { flags, ...spec } = address;
  const asked = ADDRESS_FLAG_FIELDS.filter((field) => (flags & ADDRESS_FLAGS[field]) !== 0);
  return { ...spec, ...Object.fromEntries(asked.map((field) => [field, true])) };
}
