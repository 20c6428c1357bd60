// What is desired against what is there, pure: what differs between two configurations, and what an earlier run left.
import type { Address } from '@vrrp/netlink-native';
import { type DesiredObject, type LinkIndexes, type ObjectIdentity } from './desired-object.js';

export interface ConfiguredAddress extends ObjectIdentity {
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
  journal: readonly ObjectIdentity[],
  observed: readonly Address[],
  linkIndexes: LinkIndexes,
  mark: number,
): LeftoverDiff {
  const isAt = (identity: ObjectIdentity, address: Address): boolean =>
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

/** How one list becomes another; what has other options is removed and added. */
export function diffDesired(
  before: readonly DesiredObject[],
  after: readonly DesiredObject[],
): { readonly removed: readonly DesiredObject[]; readonly added: readonly DesiredObject[] } {
  const old = texts(before);
  const now = texts(after);
  return {
    removed: before.filter((one) => !now.has(JSON.stringify(one))),
    added: after.filter((one) => !old.has(JSON.stringify(one))),
  };
}

function texts(list: readonly DesiredObject[]): ReadonlySet<string> {
  return new Set(list.map((one) => JSON.stringify(one)));
}
