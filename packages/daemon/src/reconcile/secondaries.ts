// What Linux removes along with an IPv4 address, pure: the secondary addresses of its subnet, unless promote_secondaries is
// set (ip-sysctl). They are nobody's to lose, so they are put back in the same batch.
import type { Address, ObjectSpec } from '@vrrp/netlink-native';
import { ipBytes } from '@vrrp/wire';
import type { ObservedNetwork } from './observed.js';

/** linux/if_addr.h */
const IFA_F_SECONDARY = 0x01;
const BITS_PER_BYTE = 8;

/** The addresses that go when `removed` goes. */
export function companionsOf(removed: ObjectSpec, network: ObservedNetwork): readonly Address[] {
  if (removed.kind !== 'address' || removed.family !== 4) return [];
  const onLink = network.addressesOn(removed.linkIndex).filter((one) => one.family === 4 && isSameSubnet(one, removed));
  const isSelf = (one: Address): boolean => one.address === removed.address;
  // A secondary goes alone.
  if (onLink.some((one) => isSelf(one) && (one.flags & IFA_F_SECONDARY) !== 0)) return [];
  return onLink.filter((one) => !isSelf(one) && (one.flags & IFA_F_SECONDARY) !== 0);
}

type Prefix = Pick<Address, 'address' | 'prefixLength'>;

function isSameSubnet(a: Prefix, b: Prefix): boolean {
  return a.prefixLength === b.prefixLength && network(a) === network(b);
}

function network({ address, prefixLength }: Prefix): string {
  return ipBytes(address)
    .map((byte, index) => {
      const bits = Math.min(Math.max(prefixLength - index * BITS_PER_BYTE, 0), BITS_PER_BYTE);
      return byte & (0xff << (BITS_PER_BYTE - bits));
    })
    .join('.');
}
