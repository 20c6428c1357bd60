// Desired addresses against observed ones, pure: what differs between two configurations, and what an earlier run left.
import type { Address } from '@vrrp/netlink-native';
import type { DesiredAddress } from '../plan/desired.js';
import type { LinkIndexes } from './desired-object.js';

export type AddressIdentity = Pick<DesiredAddress, 'family' | 'address' | 'prefixLength' | 'link'>;

export interface ConfiguredAddress extends AddressIdentity {
  /** Of an address owner (priority 255): it is the machine's own. */
  readonly isOwned: boolean;
}

export interface LeftoverDiff {
  readonly removed: readonly Address[];
  /** Configured and there, but not to be touched. */
  readonly kept: readonly { readonly address: Address; readonly why: 'owner' | 'only-address' }[];
}

/**
 * What an earlier run left: configured virtual addresses (whoever put them there: a Backup that holds one is a second
 * holder on the network), and addresses of the journal that still carry our mark. Without our mark two stay: what an owner
 * owns, and a link's only address. Without them the machine is cut off, and nobody could advertise.
 */
export function diffLeftovers(
  configured: readonly ConfiguredAddress[],
  journal: readonly AddressIdentity[],
  observed: readonly Address[],
  linkIndexes: LinkIndexes,
  mark: number,
): LeftoverDiff {
  const isAt = (identity: AddressIdentity, address: Address): boolean =>
    identity.address === address.address &&
    identity.prefixLength === address.prefixLength &&
    linkIndexes(identity.link) === address.linkIndex;
  const found = observed.filter(
    (address) =>
      configured.some((identity) => isAt(identity, address)) ||
      (address.protocol === mark && journal.some((identity) => isAt(identity, address))),
  );
  const kept: { address: Address; why: 'owner' | 'only-address' }[] = [];
  for (const address of found.filter(({ protocol }) => protocol !== mark)) {
    const isOwned = configured.some((identity) => identity.isOwned && isAt(identity, address));
    if (isOwned) kept.push({ address, why: 'owner' });
    else if (isOnlyOne(address, observed)) kept.push({ address, why: 'only-address' });
  }
  return { removed: found.filter((address) => !kept.some((one) => one.address === address)), kept };
}

/** IPv6 links have a link-local address as well. */
function isOnlyOne({ family, linkIndex }: Address, observed: readonly Address[]): boolean {
  if (family === 6) return false;
  return observed.filter((one) => one.family === family && one.linkIndex === linkIndex).length === 1;
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
