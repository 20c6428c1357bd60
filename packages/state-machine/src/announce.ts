// When a Master tells the network where its addresses are: a burst on becoming Master, a second one after a delay,
// refreshes, and bursts after a lower priority was heard. keepalived.conf(5), garp_master_* and garp_lower_prio_*.
// The frames themselves are @vrrp/wire's and the host's.
import type { AnnouncementPolicy } from './config.js';
import type { Timers } from './state.js';
import { isDue, ownTimers } from './turn.js';
import type { Turn } from './turn.js';
import type { Micros } from './types.js';

/** The bursts that follow the first one, from the moment of becoming Master. */
export function scheduleBursts(
  policy: AnnouncementPolicy,
  at: Micros,
): Pick<Timers, 'announcement' | 'refresh' | 'lowerPriorityAnnouncement'> {
  return {
    announcement: after(at, policy.delay),
    refresh: after(at, policy.refresh),
    lowerPriorityAnnouncement: undefined,
  };
}

/** Sends every burst whose time has come, each once however late it is. */
export function sendDueBursts(turn: Turn): void {
  const { announcement, lowerPriorityAnnouncement } = turn.router.timers;
  const policy = turn.router.config.announcements;
  if (isDue(turn, announcement)) {
    ownTimers(turn).announcement = undefined;
    announce(turn, policy.repeat);
  }
  if (isDue(turn, lowerPriorityAnnouncement)) {
    ownTimers(turn).lowerPriorityAnnouncement = undefined;
    announce(turn, policy.lowerPriorityRepeat);
  }
}

/** Sends a refresh whose time has come; called with each advertisement that the timer sends, as keepalived does. */
export function sendDueRefresh(turn: Turn): void {
  const policy = turn.router.config.announcements;
  if (!isDue(turn, turn.router.timers.refresh)) return;
  ownTimers(turn).refresh = after(turn.at, policy.refresh);
  announce(turn, policy.refreshRepeat);
}

/** Somebody else was Master for a moment and may have misled the network: say again where the addresses are. */
export function announceAfterLowerPriority(turn: Turn): void {
  const policy = turn.router.config.announcements;
  if (policy.lowerPriorityRepeat === 0) return;
  announce(turn, policy.lowerPriorityRepeat);
  ownTimers(turn).lowerPriorityAnnouncement = after(turn.at, policy.lowerPriorityDelay);
}

/**
 * A Master that was not scheduled for so long that another one may have been Master says again where the addresses are.
 * COMPAT: keepalived does not, and the network goes on asking the other one. docs/compatibility.md
 */
export function announceReturn(turn: Turn): void {
  announce(turn, turn.router.config.announcements.repeat);
}

/** keepalived 2.2.7: a refresh with `garp_master_refresh_repeat 0` (vrrp_min_garp) sends nothing. */
function announce(turn: Turn, repeat: number): void {
  if (repeat === 0) return;
  turn.actions.push({ kind: 'announce-addresses', repeat });
}

/** A delay of 0 means never. */
function after(at: Micros, delay: Micros): Micros | undefined {
  return delay === 0 ? undefined : at + delay;
}
