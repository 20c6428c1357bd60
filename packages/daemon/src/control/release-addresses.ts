// What the control thread does when the engine did not stop in time: the addresses that may be this daemon's and carry its
// mark are taken away, because whoever takes over has them, too. It says no farewell: the sockets were the engine's.
import { VRRP_PROTOCOL, type Kernel } from '@vrrp/netlink-native';
import { failureText, type Leftovers } from '../engine/messages.js';

export interface Released {
  readonly removed: readonly string[];
  /** Those that are still there, and why. */
  readonly kept: readonly string[];
}

export async function releaseAddresses(kernel: Pick<Kernel, 'read' | 'apply'>, ours: Leftovers): Promise<Released> {
  const links = new Map((await kernel.read('link')).map(({ index, name }) => [index, name]));
  const addresses = (await kernel.read('address')).filter(
    (one) =>
      one.protocol === VRRP_PROTOCOL &&
      ours.some(
        ({ address, prefixLength, link }) =>
          address === one.address && prefixLength === one.prefixLength && link === links.get(one.linkIndex),
      ),
  );
  const results = await kernel.apply(addresses.map((object) => ({ action: 'remove', object })));
  const kept: string[] = [];
  const removed = addresses.flatMap(({ address }, index) => {
    const result = results[index];
    if (result === undefined || result.ok) return [address];
    kept.push(`${address}: ${failureText(result.error).message}`);
    return [];
  });
  return { removed, kept };
}
