// Role `backup`, RFC 9568 §6.4.2: listens to the Master and takes over when it falls silent, says that it stops, or is
// less fit. keepalived.conf(5) "nopreempt" and "preempt_delay" bend the rule for a Master of lower priority.
import { AdvertisementView as view } from '@vrrp/wire';
import { OWNER_PRIORITY } from './priority.js';
import { advertisedInterval, receive, sourceSum } from './receive.js';
import { resumeOwnership } from './rival-owner.js';
import { intervals } from './state.js';
import { enterMaster } from './transition.js';
import { isDue, observe, ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';
import type { ReceivedAdvertisement } from './types.js';

/** The Active_Down_Timer (RFC 9568 §6.2), and keepalived's delays. */
export function backupTime(turn: Turn): void {
  const { router } = turn;
  if (isDue(turn, router.timers.startupDelay)) ownTimers(turn).startupDelay = undefined;
  if (isDue(turn, router.timers.preemptDelay)) allowPreemption(turn);
  if (!isDue(turn, router.timers.masterDown)) return;
  const { syncGroup } = router.config;
  if (syncGroup === undefined) {
    enterMaster(turn, router.masterStopping ? 'priority-zero-timer' : 'master-down-timer');
    return;
  }
  router.waitingForGroup = true;
  ownTimers(turn).masterDown = undefined;
  observe(turn, { kind: 'waiting-for-group', group: syncGroup });
}

/** The rules of RFC 9568 §6.4.2 for an advertisement, and keepalived's for a Master of lower priority. */
export function backupPacket(turn: Turn, packet: ReceivedAdvertisement): void {
  if (!receive(turn, packet)) return;
  const { router } = turn;
  const priority = view.priority(packet.payload);
  if (priority === 0) {
    // The Master stops; the best of the Backups needs only its skew.
    router.master = undefined;
    router.masterStopping = true;
    ownTimers(turn).masterDown = turn.at + router.skewTime;
    observe(turn, { kind: 'priority-zero-received', source: packet.source });
  } else if (priority >= router.priority) {
    stopPreemptDelay(turn);
    accept(turn, packet, priority);
  } else if (mayPreempt(turn)) {
    // The timer is not reset, so the timer takes us to Master when it runs out.
    observe(turn, {
      kind: 'lower-priority-discarded',
      source: packet.source,
      received: priority,
      own: router.priority,
    });
  } else {
    accept(turn, packet, priority);
  }
}

/** This is the Master; wait for its next advertisement. */
function accept(turn: Turn, packet: ReceivedAdvertisement, priority: number): void {
  const { router } = turn;
  const { source } = packet;
  if (isOvershadowed(turn, packet, priority)) return;
  if (router.facts.rivalOwner !== undefined) followRival(turn, source, priority);
  if (router.config.version === 3) learnInterval(turn, packet);
  // A new Master's troubles are news; what this very packet just reported is not.
  if (router.master?.address !== source) router.reported &= ~turn.before.reported;
  if (router.master?.address !== source || router.master.priority !== priority) {
    router.master = { address: source, priority, addressSum: sourceSum(router, packet) };
  }
  router.masterStopping = false;
  router.waitingForGroup = false;
  ownTimers(turn).masterDown = turn.at + router.masterDownInterval;
}

/**
 * Whether a better Master than this one is expected to advertise for longer than this one's word would have us wait.
 * COMPAT: keepalived and RFC 9568 §6.4.2 go by whoever spoke last. In version 3 with different intervals two Backups can
 * then make each other Master for ever, each by the short interval of the other's last word (higher_prio_send_advert).
 * docs/compatibility.md
 */
function isOvershadowed({ router, at }: Turn, packet: ReceivedAdvertisement, priority: number): boolean {
  const { config, master, timers } = router;
  if (config.version === 2 || master === undefined || timers.masterDown === undefined) return false;
  if (master.address === packet.source || master.priority <= priority) return false;
  return at + intervals(config, router.priority, advertisedInterval(packet)).masterDownInterval < timers.masterDown;
}

/** Another Master than the owner that we gave way to, or that one as an ordinary router: ours is the only owner again. */
function followRival(turn: Turn, source: string, priority: number): void {
  const isRival = source === turn.router.facts.rivalOwner && priority === OWNER_PRIORITY;
  if (!isRival) resumeOwnership(turn);
}

/** Active_Adver_Interval is what the Master advertises, whatever is configured here. */
function learnInterval(turn: Turn, packet: ReceivedAdvertisement): void {
  const interval = advertisedInterval(packet);
  if (interval === turn.router.masterAdvertisementInterval) return;
  useMasterInterval(turn, interval);
  const configured = turn.router.config.advertisementInterval;
  observe(turn, { kind: 'interval-learned', source: packet.source, interval, configured });
}

/** Whether a Master of lower priority is ignored. With a delay, it is tolerated for that long from its first sign. */
function mayPreempt(turn: Turn): boolean {
  const { router } = turn;
  const { preempt, preemptDelay } = router.config;
  if (!preempt) return false;
  if (preemptDelay === 0) return true;
  if (router.preemption === 'idle') {
    router.preemption = 'delaying';
    ownTimers(turn).preemptDelay = turn.at + preemptDelay;
    observe(turn, { kind: 'preempt-delay-started', delay: preemptDelay });
  } else if (isDue(turn, router.timers.preemptDelay)) {
    allowPreemption(turn);
  }
  return router.preemption === 'allowed';
}

function allowPreemption(turn: Turn): void {
  turn.router.preemption = 'allowed';
  ownTimers(turn).preemptDelay = undefined;
  observe(turn, { kind: 'preempt-delay-expired' });
}

function stopPreemptDelay(turn: Turn): void {
  if (turn.router.preemption === 'idle') return;
  const wasRunning = turn.router.preemption === 'delaying';
  turn.router.preemption = 'idle';
  ownTimers(turn).preemptDelay = undefined;
  if (wasRunning) observe(turn, { kind: 'preempt-delay-stopped' });
}
