// Which address advertisements are sent from, pure: RFC 9568 section 1.2 "primary IPvX address", with keepalived's choice.
import type { Address } from '@vrrp/netlink-native';

/** linux/if_addr.h: not usable as a source yet (duplicate address detection), or never. */
const IFA_F_SECONDARY = 0x01;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_OPTIMISTIC = 0x04;

export interface SourceChoice {
  /** mcast_src_ip or unicast_src_ip; for IPv6 it has to be on the link, because the socket binds to it. */
  readonly configured: string | undefined;
  /** Addresses that move, and so are no source. */
  readonly virtual: ReadonlySet<string>;
  /** An address owner (priority 255) sends from what it owns when the link has nothing else (RFC 9568 §6.1). */
  readonly isOwner: boolean;
}

/** @param addresses of the link, in the kernel's order. */
export function primaryAddress(
  addresses: readonly Address[],
  family: 4 | 6,
  { configured, virtual, isOwner }: SourceChoice,
): string | undefined {
  if (family === 4 && configured !== undefined) return configured;
  const ofFamily = addresses.filter((address) => address.family === family);
  const candidates = ofFamily.filter((address) => !virtual.has(address.address));
  if (family === 4) return firstPrimary(candidates) ?? (isOwner ? firstPrimary(ofFamily) : undefined);
  const usable = candidates.filter(isUsableSource);
  if (configured !== undefined) return usable.find((address) => address.address === configured)?.address;
  // RFC 9568 §5.1.2.1: an IPv6 advertisement comes from the link-local address.
  return usable.find((address) => isLinkLocal(address.address))?.address;
}

function firstPrimary(addresses: readonly Address[]): string | undefined {
  return (addresses.find(({ flags }) => (flags & IFA_F_SECONDARY) === 0) ?? addresses[0])?.address;
}

function isUsableSource(address: Address): boolean {
  const tentative = (address.flags & IFA_F_TENTATIVE) !== 0 && (address.flags & IFA_F_OPTIMISTIC) === 0;
  return !tentative && (address.flags & IFA_F_DADFAILED) === 0;
}

/** fe80::/10 */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/.test(address);
}
