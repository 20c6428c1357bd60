// What the kernel tells of a namespace's addresses, as `ip monitor address` prints it with the wall clock's time: a second
// witness of when an address came or went.
import { createInterface } from 'node:readline';

import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { eventually, Feed } from '../rig/deadline.js';

export interface AddressEvent {
  /** Microseconds since the epoch, when ip(8) read it: later than it happened, never earlier. */
  readonly at: number;
  readonly kind: 'added' | 'removed';
  /** Without its prefix. */
  readonly address: string;
}

export interface AddressWatch {
  readonly seen: readonly AddressEvent[];
  /** The first event of that kind for the address, from index `from` of `seen` on. */
  waitFor(kind: AddressEvent['kind'], address: string, from?: number): Promise<AddressEvent>;
}

/** Resolves when it listens. `probe` is an address of documentation that it adds to the loopback and removes, to know. */
export async function watchAddresses(
  lab: NamespaceLab,
  namespace: string,
  probe = '203.0.113.254',
): Promise<AddressWatch> {
  const child = lab.spawn(namespace, ['ip', '-ts', 'monitor', 'address'], { stdio: ['ignore', 'pipe', 'ignore'] });
  if (child.stdout === null) throw new Error('ip monitor could not be started');
  const feed = new Feed<AddressEvent>();
  let at = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const stamp = /^\[([^\]]+)\]\s*(.*)$/.exec(line);
    if (stamp !== null) at = microseconds(stamp[1] ?? '');
    const found = /^(?<gone>Deleted )?\d+: .* inet6? (?<address>[^ /]+)/.exec(stamp?.[2] ?? line)?.groups;
    if (found === undefined) return;
    const kind = found['gone'] === undefined ? 'added' : 'removed';
    feed.push({ at, kind, address: found['address'] ?? '' });
  });
  const change = (verb: string) => lab.run(namespace, ['ip', 'address', verb, `${probe}/32`, 'dev', 'lo']);
  await eventually('ip monitor listens', async () => {
    await change('add');
    await change('del');
    return feed.entries.some(({ address }) => address === probe) ? true : undefined;
  });
  return {
    seen: feed.entries,
    waitFor: (kind, address, from = 0) =>
      feed.waitFor({
        what: `${address} is ${kind} in ${namespace}`,
        satisfies: (event) => event.kind === kind && event.address === address,
        from,
        context: () => JSON.stringify(feed.entries),
      }),
  };
}

/** `2026-11-22T15:56:43.471000`, local time, as ip(8) writes it with -ts. */
function microseconds(stamp: string): number {
  const [whole = '', fraction = '0'] = stamp.split('.');
  return Date.parse(whole) * 1000 + Number(fraction.padEnd(6, '0'));
}
