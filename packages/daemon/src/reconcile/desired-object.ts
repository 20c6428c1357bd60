// What is desired of the network, by kind, and the kernel's form of it: one row a kind. Pure. An address is the only kind that
// a virtual router has so far; another one is a member of the union and a row here.
import { VRRP_PROTOCOL, type ObjectSpec } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../plan/desired.js';

export type DesiredObject = DesiredAddress;
type Kind = DesiredObject['kind'];
type OfKind<K extends Kind> = Extract<DesiredObject, { readonly kind: K }>;

/** What is enough to find it again: what the journal keeps. */
export type ObjectIdentity = Pick<DesiredAddress, 'kind' | 'family' | 'address' | 'prefixLength' | 'link'>;

/** Links by name, as far as they exist. */
export type LinkIndexes = (name: string) => number | undefined;

interface Row<D> {
  /** Two with the same text are one in the kernel. */
  readonly identity: (desired: ObjectIdentity) => string;
  /** The kernel's form, with our mark; undefined while its link does not exist. */
  readonly object: (desired: D, linkIndexes: LinkIndexes) => ObjectSpec | undefined;
  /** As logs name it. */
  readonly name: (desired: D) => string;
  readonly journalled: (desired: D) => ObjectIdentity;
}

const ROWS: { readonly [K in Kind]: Row<OfKind<K>> } = {
  address: {
    identity: ({ link, address, prefixLength }) => `address ${link} ${address}/${prefixLength}`,
    object: addressObject,
    name: ({ address }) => address,
    journalled: ({ kind, family, address, prefixLength, link }) => ({ kind, family, address, prefixLength, link }),
  },
};

export function identityOf(desired: ObjectIdentity): string {
  return ROWS[desired.kind].identity(desired);
}

export function objectOf(desired: DesiredObject, linkIndexes: LinkIndexes): ObjectSpec | undefined {
  return ROWS[desired.kind].object(desired, linkIndexes);
}

export function nameOf(desired: DesiredObject): string {
  return ROWS[desired.kind].name(desired);
}

export function journalled(desired: DesiredObject): ObjectIdentity {
  return ROWS[desired.kind].journalled(desired);
}

function addressObject(desired: DesiredAddress, linkIndexes: LinkIndexes): ObjectSpec | undefined {
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
