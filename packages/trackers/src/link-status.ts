// Whether a link counts as up (keepalived.conf(5), interface_up_down_delays): a change counts when it has stood for its delay.
// Pure. Seen on keepalived 2.2.7: a link that has not been up yet comes up at once, and one that is removed is down at
// once: its addresses went with it.

import { expireDebounced, observeDebounced } from './debounce.js';
import type { DebounceState } from './debounce.js';

/** A link is up when an administrator wants it up (IFF_UP) and it has carrier (IFF_RUNNING). */
export type LinkCondition = 'up' | 'missing' | 'administratively-down' | 'no-carrier';

export interface LinkDelays {
  /** µs a link must be up, or down, before it counts. */
  readonly upDelay: number;
  readonly downDelay: number;
}

export interface LinkStatus {
  /** Whether it counts as up, and the change that waits. */
  readonly up: DebounceState;
  readonly wasUp: boolean;
}

/** What was seen of a link at `now` (µs); `before` is undefined for the first sight. */
export function seeLink(
  before: LinkStatus | undefined,
  condition: LinkCondition,
  delays: LinkDelays,
  now: number,
): LinkStatus {
  const up = condition === 'up';
  if (before === undefined) return { up: { current: up }, wasUp: up };
  const delay = before.wasUp ? delayOf(condition, delays) : 0;
  return { up: observeDebounced(before.up, up, delay, now), wasUp: before.wasUp || up };
}

/** The status at `now`: a change whose time has come counts. */
export function expireLink(status: LinkStatus, now: number): LinkStatus {
  return { ...status, up: expireDebounced(status.up, now) };
}

function delayOf(condition: LinkCondition, { upDelay, downDelay }: LinkDelays): number {
  if (condition === 'missing') return 0;
  return condition === 'up' ? upDelay : downDelay;
}
