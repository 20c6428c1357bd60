// The objects of the Linux network stack that a VRRP daemon reads and changes, by kind: what the kernel tells of one
// (Link, Address), what may be asked of it (AddressSpec), and the key by which the kernel tells one from another.
import { parseIp } from '@vrrp/wire/ip';

/** The mark of what we added (IFA_PROTO, rtm_protocol): the number /etc/iproute2/rt_protos gives to keepalived. */
export const VRRP_PROTOCOL = 18;

export interface Link {
  readonly kind: 'link';
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
  /** rtnetlink's IFLA_INFO_KIND, `type` of ip-link(8) ('veth', 'macvlan', …), '' for plain devices. */
  readonly type: string;
}

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

/** What the kernel tells of. */
export type NetworkObject = Link | Address;
export type ObjectKind = NetworkObject['kind'];
export type ObjectOf<K extends ObjectKind> = Extract<NetworkObject, { readonly kind: K }>;

/** What may be asked for. */
export type ObjectSpec = AddressSpec;

/** Two objects that the kernel cannot hold side by side have the same key; text to compare, not to show. */
export function objectKey(object: NetworkObject | ObjectSpec): string {
  return object.kind === 'link' ? `link/${object.index}` : addressKey(object);
}

/** An IPv6 address is there once a link; an IPv4 address once a link, prefix length and network of its peer. */
function addressKey({ family, address, prefixLength, linkIndex, peer }: AddressSpec): string {
  const key = `address/${linkIndex}/${address}`;
  if (family === 6) return key;
  const beyond = peer === undefined ? undefined : network(peer, prefixLength);
  if (beyond === undefined || beyond === network(address, prefixLength)) return `${key}/${prefixLength}`;
  return `${key}/${prefixLength}/${beyond}`;
}

/** The upper `prefixLength` bits of an IPv4 address. */
function network(address: string, prefixLength: number): number | undefined {
  const [a, b, c, d] = parseIp(address) ?? [];
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  return Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** (32 - prefixLength));
}
