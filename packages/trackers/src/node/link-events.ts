// Links seen by looking at /sys/class/net each second: for a program without rtnetlink. It shows the links of the network
// namespace /sys was mounted in, and a link that goes down and up within a second is not seen to have done so.

import { readFileSync } from 'node:fs';
import type { LinkEvents } from '../link-events.js';
import type { LinkCondition } from '../tracker.js';

const LOOK_INTERVAL_MS = 1_000;
/** linux/if.h IFF_UP. */
const IFF_UP = 0x1;
/** Operational states (RFC 2863) that the kernel shows as IFF_RUNNING. */
const RUNNING: ReadonlySet<string> = new Set(['up', 'unknown']);

export const nodeLinkEvents: LinkEvents = {
  watch(name, listener) {
    let last: LinkCondition | undefined;
    const look = (): void => {
      const condition = conditionOf(name);
      if (condition === last) return;
      last = condition;
      listener(condition);
    };
    const first = setImmediate(look);
    const timer = setInterval(look, LOOK_INTERVAL_MS);
    return () => {
      clearImmediate(first);
      clearInterval(timer);
    };
  },
};

function conditionOf(name: string): LinkCondition {
  // A name with a slash or a dot alone would leave the folder; the kernel allows neither.
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return 'missing';
  const flags = readOf(name, 'flags');
  if (flags === undefined) return 'missing';
  if ((Number(flags) & IFF_UP) === 0) return 'administratively-down';
  return RUNNING.has(readOf(name, 'operstate') ?? '') ? 'up' : 'no-carrier';
}

function readOf(name: string, file: string): string | undefined {
  try {
    return readFileSync(`/sys/class/net/${name}/${file}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}
