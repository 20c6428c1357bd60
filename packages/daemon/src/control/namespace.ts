// The network namespace of a daemon: entered before anything is opened, and the same for its whole life.
import { readlinkSync } from 'node:fs';
import { enterNetworkNamespace } from '@vrrp/netlink-native';
import { failureText } from '../engine/messages.js';

const OWN = '/proc/thread-self/ns/net';

export type Entering =
  /** This thread is in it; `wasElsewhere`: the other threads of this process are not. */
  { readonly kind: 'inside'; readonly wasElsewhere: boolean } | { readonly kind: 'failed'; readonly reason: string };

/** Never throws. */
export function enterNamespace(name: string): Entering {
  try {
    const before = readlinkSync(OWN);
    enterNetworkNamespace(name);
    return { kind: 'inside', wasElsewhere: readlinkSync(OWN) !== before };
  } catch (error) {
    return { kind: 'failed', reason: failureText(error).message };
  }
}
