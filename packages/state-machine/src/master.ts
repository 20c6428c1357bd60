// Role `master`, RFC 9568 §6.4.3 (its Active Router): advertises, and yields to a better one. Equal priorities are
// decided by the primary address. The answer to a lower priority is keepalived's: advertise at once, announce anew.
import { AdvertisementView as view, compareIpBytes, ipBytes } from '@vrrp/wire';
import { announceAfterLowerPriority, sendDueBursts, sendDueRefresh } from './announce.js';
import { OWNER_PRIORITY } from './priority.js';
import { advertisedInterval, receive, sourceBytes } from './receive.js';
import { isFirstReport } from './report-once.js';
import { enterBackup, sendAdvertisement } from './transition.js';
import { isDue, observe, ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';
import type { EventBody, ReceivedAdvertisement } from './types.js';

/** The Adver_Timer (RFC 9568 §6.2), and the bursts of announcements. However late: everything due happens once. */
export function masterTime(turn: Turn): void {
  const { timers } = turn.router;
  if (isDue(turn, timers.startupDelay)) ownTimers(turn).startupDelay = undefined;
  if (isDue(turn, timers.advertisement)) {
    advertise(turn);
    sendDueRefresh(turn);
  }
  sendDueBursts(turn);
}

/** An advertisement while we are Master ourselves. */
export function masterPacket(turn: Turn, packet: ReceivedAdvertisement): void {
  if (!receive(turn, packet)) return;
  const { router } = turn;
  const received = view.priority(packet.payload);
  const { source } = packet;
  if (received === 0) {
    observe(turn, { kind: 'priority-zero-received', source });
    advertise(turn);
    return;
  }
  const rank = received - router.priority || compareWithOwnAddress(turn, packet);
  if (received === OWNER_PRIORITY && router.priority === OWNER_PRIORITY && isFirstReport(turn, 'owner-conflict')) {
    // RFC 9568 §7.1 (erratum 8298): an owner that hears an owner should say so. Which of them stays is decided as ever.
    observe(turn, { kind: 'owner-conflict', source, yields: rank > 0 });
  }
  if (rank > 0) yieldTo(turn, packet, received);
  else if (rank < 0) answerLower(turn, source, received);
  else observe(turn, { kind: 'own-address-heard', source, received });
}

/**
 * Somebody removed a virtual address of ours: give the others a chance, come back after the skew with everything anew.
 * keepalived's behaviour; RFC 9568 has no such event.
 */
export function masterAddressLost(turn: Turn, event: EventBody & { readonly kind: 'address-lost' }): void {
  observe(turn, { kind: 'address-lost', address: event.address, interface: event.interface });
  enterBackup(turn, 'address-lost', turn.at + turn.router.skewTime);
}

/** Advertises now; the next one is due an interval from now. */
export function advertise(turn: Turn): void {
  sendAdvertisement(turn, turn.router.priority);
  ownTimers(turn).advertisement = turn.at + turn.router.config.advertisementInterval;
}

/** The other one is better. No priority 0: it is Master already. */
function yieldTo(turn: Turn, packet: ReceivedAdvertisement, received: number): void {
  const { router } = turn;
  const { source } = packet;
  const own = router.priority;
  if (router.config.advertiseBeforeYielding) sendAdvertisement(turn, own);
  observe(turn, { kind: 'master-heard-higher', source, received, own });
  router.master = { address: source, priority: received, addressBytes: sourceBytes(router, packet) };
  if (router.config.version === 3) useMasterInterval(turn, advertisedInterval(packet));
  const cause = received > own ? 'higher-priority-advertisement' : 'equal-priority-higher-address';
  enterBackup(turn, cause, turn.at + router.masterDownInterval);
}

/** Asserts the role to the sender and to the bridges it has misled. */
function answerLower(turn: Turn, source: string, received: number): void {
  const electionForced = turn.router.config.answerLowerPriority;
  observe(turn, { kind: 'master-heard-lower', source, received, own: turn.router.priority, electionForced });
  if (electionForced) advertise(turn);
  announceAfterLowerPriority(turn);
}

/** RFC 9568 §6.4.3: among equal priorities the greater primary address wins, compared as unsigned bytes. */
function compareWithOwnAddress(turn: Turn, packet: ReceivedAdvertisement): number {
  const own = turn.router.facts.primaryAddress;
  // A Master without address is on its way to fault: anybody else is better.
  return own === undefined ? 1 : compareIpBytes(sourceBytes(turn.router, packet), ipBytes(own));
}
