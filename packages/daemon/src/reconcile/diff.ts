// Desired addresses against observed ones, pure: the changes that make the second look like the first.
import type { Address, AddressSpec, NetworkChange } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../plan/desired.js';

/** Links by name, as far as they exist. */
export type LinkIndexes = (name: string) => number | undefined;

export type AddressIdentity = Pick<DesiredAddress, 'family' | 'address' | 'prefixLength' | 'link'>;

/** The kernel's form of a desired address; undefined while its link does not exist. */
export function addressSpec(
  desired: DesiredAddress,
  linkIndexes: LinkIndexes,
  protocol: number,
): AddressSpec | undefined {
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
    protocol,
  };
}

/**
 * What an earlier run left: configured virtual addresses (whoever put them there: a Backup that holds one is a second
 * holder on the network), and addresses of the journal that still carry our mark.
 */
export function diffLeftovers(
  configured: readonly AddressIdentity[],
  journal: readonly AddressIdentity[],
  observed: readonly Address[],
  linkIndexes: LinkIndexes,
  mark: number,
): readonly Address[] {
  const matches = (identity: AddressIdentity, address: Address): boolean =>
    identity.address === address.address &&
    identity.prefixLength === address.prefixLength &&
    linkIndexes(identity.link) === address.linkIndex;
  return observed.filter(
    (address) =>
      configured.some((identity) => matches(identity, address)) ||
      (address.protocol === mark && journal.some((identity) => matches(identity, address))),
  );
}

/** Desired addresses that are not there. */
export function missingAddresses(
  desired: readonly DesiredAddress[],
  observed: readonly Address[],
  linkIndexes: LinkIndexes,
): readonly DesiredAddress[] {
  return desired.filter(
    (want) =>
      !observed.some(
        (have) =>
          have.address === want.address &&
          have.prefixLength === want.prefixLength &&
          have.linkIndex === linkIndexes(want.link),
      ),
  );
}

/** How one list of desired addresses becomes another; an address whose options changed is removed and added. */
export function diffDesired(
  before: readonly DesiredAddress[],
  after: readonly DesiredAddress[],
): { readonly removed: readonly DesiredAddress[]; readonly added: readonly DesiredAddress[] } {
  const old = texts(before);
  const now = texts(after);
  return {
    removed: before.filter((one) => !now.has(JSON.stringify(one))),
    added: after.filter((one) => !old.has(JSON.stringify(one))),
  };
}

function texts(list: readonly DesiredAddress[]): ReadonlySet<string> {
  return new Set(list.map((one) => JSON.stringify(one)));
}

export function removal(address: Address): NetworkChange {
  const { family, prefixLength, linkIndex } = address;
  return { action: 'remove', object: { kind: 'address', family, address: address.address, prefixLength, linkIndex } };
}
