// Removes what should not be there before routers begin: virtual addresses that an earlier run left, or that somebody put
// where a new router is about to listen. Which these are is reconcile/diff.ts's; the keeper removes them, and tries again
// what the kernel refuses.
import { VRRP_PROTOCOL, type Address } from '@vrrp/netlink-native';
import { OWNER_PRIORITY } from '@vrrp/state-machine';
import type { Desired, DesiredAddress } from '../plan/desired.js';
import { journalled } from '../reconcile/desired-object.js';
import { diffLeftovers } from '../reconcile/diff.js';
import type { EngineParts } from './assemble.js';
import type { Leftovers } from './messages.js';

/** Resolves when everything was tried. */
export async function removeLeftovers(
  { network, keeper, roster, turns, report, world }: EngineParts,
  { virtualRouters }: Desired,
  journal: Leftovers,
): Promise<void> {
  // Of those that begin, and what nobody has: what a running router holds is its own, until it says that it stops.
  const earlier = journal.filter((identity) => !keeper.isWanted(identity));
  const beginning = virtualRouters.filter(({ key }) => roster.get(key) === undefined);
  const configured = beginning.flatMap(({ addresses, config: { priority } }) => {
    const isOwned = priority === OWNER_PRIORITY;
    return addresses
      .filter((desired) => !keeper.isWanted(desired))
      .map((desired) => Object.assign(journalled(desired), { isOwned }));
  });
  const indexOf = (name: string): number | undefined => network.linkNamed(name)?.index;
  const { removed, kept } = diffLeftovers(configured, earlier, network.addresses(), indexOf, VRRP_PROTOCOL);
  const named = (address: Address): { readonly link: string; readonly address: string } => {
    return { link: network.linkAt(address.linkIndex)?.name ?? '', address: address.address };
  };
  for (const { address, why } of kept) report({ kind: 'leftover-kept', ...named(address), why });
  if (removed.length === 0) return;
  turns.run(() =>
    keeper.purge(
      removed.map((address) => desiredForm(address, named(address).link)),
      world.now(),
    ),
  );
  await keeper.tried();
  report({ kind: 'leftovers-removed', addresses: removed.map(named) });
}

function desiredForm({ family, address, prefixLength, scope, peer }: Address, link: string): DesiredAddress {
  const more = peer === undefined ? {} : { peer };
  return { kind: 'address', family, address, prefixLength, link, scope, ...more, noDad: false, tracked: false };
}
