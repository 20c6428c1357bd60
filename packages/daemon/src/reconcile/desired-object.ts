// What is desired of the network, by kind, and the kernel's form of it. Pure. An address is the only kind with a user so far.
import { VRRP_PROTOCOL, type ObjectSpec } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../plan/desired.js';

export type DesiredObject = DesiredAddress;

/** Links by name, as far as they exist. */
export type LinkIndexes = (name: string) => number | undefined;

/** Two desired objects with the same identity are one in the kernel. */
export function identityOf({ link, address, prefixLength }: DesiredObject): string {
  return `${link} ${address}/${prefixLength}`;
}

/** The kernel's form, with our mark; undefined while its link does not exist. */
export function objectOf(desired: DesiredObject, linkIndexes: LinkIndexes): ObjectSpec | undefined {
  const linkIndex = linkIndexes(desired.link);
  if (linkIndex === undefined) return undefined;
  return {
    kind: 'address',
    family: desired.family,
    address: desired.address,
    prefixLength: desired.prefixLength,
    linkIndex,
    scope: desired.scope,
    ...(desired.broadcast === undefined ? {} : { broadcast: desired.broadcast }),
    ...(desired.label === undefined ? {} : { label: desired.label }),
    ...(desired.peer === undefined ? {} : { peer: desired.peer }),
    ...(desired.preferredLifetime === undefined ? {} : { preferredLifetime: desired.preferredLifetime }),
    noDad: desired.noDad,
    ...(desired.homeAddress === true ? { homeAddress: true } : {}),
    ...(desired.noPrefixRoute === true ? { noPrefixRoute: true } : {}),
    ...(desired.managesTemporary === true ? { managesTemporary: true } : {}),
    ...(desired.autoJoin === true ? { autoJoin: true } : {}),
    protocol: VRRP_PROTOCOL,
  };
}
