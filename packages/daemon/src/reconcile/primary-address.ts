// Which address advertisements are sent from, pure: RFC 9568 section 1.2 "primary IPvX address", with keepalived's choice.
import type { Address } from '@vrrp/netlink-native';

/** linux/if_addr.h: not usable as a source yet (duplicate address detection), or never. */
const IFA_F_SECONDARY = 0x01;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_OPTIMISTIC = 0x04;

/**
 * @param virtualAddresses addresses that are never a source, because they move.
 * @param configured mcast_src_ip or unicast_src_ip; for IPv6 it has to be on the link, because the socket binds to it.
 */
export function primaryAddress(
  addresses: readonly Address[],
  family: 4 | 6,
  virtualAddresses: ReadonlySet<string>,
  configured: string | undefined,
): string | undefined {
  if (family === 4 && configured !== undefined) return configured;
  const candidates = addresses.filter((address) => address.family === family && !virtualAddresses.has(address.address));
  if (family === 4) return (candidates.find((a) => (a.flags & IFA_F_SECONDARY) === 0) ?? candidates[0])?.address;
  const usable = candidates.filter(isUsableSource);
  if (configured !== undefined) return usable.find((address) => address.address === configured)?.address;
  // RFC 9568 §5.1.2.1: an IPv6 advertisement comes from the link-local address.
  return usable.find((address) => isLinkLocal(address.address))?.address;
}

function isUsableSource(address: Address): boolean {
  const tentative = (address.flags & IFA_F_TENTATIVE) !== 0 && (address.flags & IFA_F_OPTIMISTIC) === 0;
  return !tentative && (address.flags & IFA_F_DADFAILED) === 0;
}

/** fe80::/10 */
function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/.test(address);
}
