// Removes what an earlier run left behind, once, before the engine listens: configured virtual addresses that are still
// there, and those of the journal that carry our mark. Which these are is reconcile/diff.ts's.
import { VRRP_PROTOCOL, type Address, type Kernel } from '@vrrp/netlink-native';
import type { Desired } from '../plan/desired.js';
import { diffLeftovers, removal } from '../reconcile/diff.js';
import { addressKey, type ObservedNetwork } from '../reconcile/observed.js';
import { failureText, type EngineReport, type Leftovers, type Untimed } from './messages.js';

export interface LeftoverPorts {
  readonly kernel: Kernel;
  readonly network: ObservedNetwork;
  /** Reads the network anew from the kernel. */
  read(): Promise<void>;
}

export async function removeLeftovers(
  ports: LeftoverPorts,
  desired: Desired,
  journal: Leftovers,
  report: (report: Untimed<EngineReport>) => void,
): Promise<void> {
  const { network, kernel } = ports;
  const configured = desired.virtualRouters.flatMap((router) => router.addresses);
  const indexOf = (name: string): number | undefined => network.linkNamed(name)?.index;
  const before = network.addresses();
  const found = diffLeftovers(configured, journal, before, indexOf, VRRP_PROTOCOL);
  if (found.length === 0) return;
  const results = await kernel.apply(found.map(removal));
  for (const [index, result] of results.entries()) {
    if (result.ok) continue;
    const operation = `remove leftover ${found[index]?.address ?? ''}`;
    report({ kind: 'operation-failed', router: undefined, operation, error: failureText(result.error) });
  }
  // Read anew: the removals' own events may come later than the first look at the source addresses.
  await ports.read();
  await restoreSecondaries(
    ports,
    before.filter((address) => !found.includes(address)),
  );
  const addresses = found.map((one) => ({ link: network.linkAt(one.linkIndex)?.name ?? '', address: one.address }));
  report({ kind: 'leftovers-removed', addresses });
}

/** Removing a primary IPv4 address makes Linux remove the others of its subnet too: they are not ours to lose. */
async function restoreSecondaries(ports: LeftoverPorts, expected: readonly Address[]): Promise<void> {
  const present = new Set(ports.network.addresses().map(addressKey));
  const gone = expected.filter((address) => address.family === 4 && !present.has(addressKey(address)));
  if (gone.length === 0) return;
  await ports.kernel.apply(gone.map((address) => ({ action: 'add', object: address })));
  await ports.read();
}
