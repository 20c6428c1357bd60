// Role `master`, RFC 9568 §6.4.3 (its Active Router): advertises, and yields to a better one. Equal priorities are
// decided by the primary address. The answer to a lower priority is keepalived's: advertise at once, announce anew.
import { AdvertisementView as view, compareIp } from '@vrrp/wire';
import { advertise, sendAdvertisement } from './advertise.js';
import { announceAfterLowerPriority, announceReturn, sendDueBursts, sendDueRefresh } from './announce.js';
import { backupPacket } from './backup.js';
import { advertisedInterval, receive, sourceSum } from './receive.js';
import { contestOwnership, endWatch, giveUpOwnership, isRivalOwner } from './rival-owner.js';
import { intervals } from './state.js';
import { enterBackup } from './transition.js';
import { noteSendingSucceeded } from './sending.js';
import { isDue, observe, ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';
import type { Cause, EventBody, Observation, ReceivedAdvertisement } from './types.js';

/** The Adver_Timer (RFC 9568 §6.2), and the bursts of announcements. However late: everything due happens once. */
export function masterTime(turn: Turn): void {
  const { timers } = turn.router;
  if (isDue(turn, timers.startupDelay)) ownTimers(turn).startupDelay = undefined;
  if (isDue(turn, timers.rivalWatch)) endWatch(turn);
  if (mayHaveBeenReplaced(turn)) {
    stepBack(turn);
    return;
  }
  if (timers.advertisement !== undefined && timers.advertisement <= turn.at) {
    noteSendingSucceeded(turn);
    turn.router.answers = 0;
    const wasReplaced = turn.at - timers.advertisement >= turn.router.masterDownInterval;
    advertise(turn);
    // Whoever took over meanwhile has told the network where the addresses are: it is told anew.
    if (wasReplaced) announceReturn(turn);
    sendDueRefresh(turn);
  }
  sendDueBursts(turn);
}

/** An advertisement while we are Master ourselves. */
export function masterPacket(turn: Turn, packet: ReceivedAdvertisement): void {
  if (mayHaveBeenReplaced(turn)) {
    // A host that overslept reads its sockets first: what it hears there may be the one that took over.
    stepBack(turn);
    backupPacket(turn, packet);
    return;
  }
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
  if (rank === 0) observe(turn, { kind: 'own-address-heard', source, received });
  else if (isRivalOwner(turn, received)) hearRivalOwner(turn, packet, rank > 0);
  else if (rank < 0) answerLower(turn, source, received);
  else yieldTo(turn, packet, received > router.priority ? HIGHER_PRIORITY : HIGHER_ADDRESS);
}

/** Which of two owners stays is decided by their addresses, unless the other one does not go by them. */
function hearRivalOwner(turn: Turn, packet: ReceivedAdvertisement, isGreater: boolean): void {
  const { config } = turn.router;
  const { source } = packet;
  if (isGreater) {
    observe(turn, { kind: 'owner-conflict', source, yields: true });
    yieldTo(turn, packet, HIGHER_ADDRESS);
    return;
  }
  const interval = config.version === 3 ? advertisedInterval(packet) : config.advertisementInterval;
  if (!contestOwnership(turn, source, interval)) return;
  giveUpOwnership(turn, source);
  yieldTo(turn, packet, 'owner-conflict');
}

/**
 * Somebody removed a virtual address, route or rule of ours: give the others a chance, come back after the skew with
 * everything anew. keepalived's behaviour; RFC 9568 has no such event.
 */
export function masterLoss(turn: Turn, loss: Loss): void {
  observe(turn, lossObservation(loss));
  enterBackup(turn, loss.kind, turn.at + turn.router.skewTime);
}

type Loss = EventBody & { readonly kind: 'address-lost' | 'route-lost' | 'rule-lost' };

function lossObservation(loss: Loss): Observation {
  if (loss.kind === 'route-lost') return { kind: loss.kind, route: loss.route };
  if (loss.kind === 'rule-lost') return { kind: loss.kind, rule: loss.rule };
  return { kind: loss.kind, address: loss.address, interface: loss.interface };
}

/**
 * keepalived.conf(5), "timer_expired_backup": whether our last advertisement is so old that the best of the others has
 * taken over. It matters only to those who would not take the role back.
 */
function mayHaveBeenReplaced({ router, at }: Turn): boolean {
  const { config, timers } = router;
  const { highestOtherPriority: priority, advertisementInterval: interval } = config;
  if (priority === undefined || config.preempt || timers.advertisement === undefined) return false;
  const silence = at - (timers.advertisement - interval);
  return silence > intervals(config, priority, interval).masterDownInterval;
}

/** Without a word: if nobody took over, the role comes back when the Master_Down_Timer has run out. */
function stepBack(turn: Turn): void {
  const { router, at } = turn;
  observe(turn, { kind: 'timer-expired', lateness: at - (router.timers.advertisement ?? at) });
  enterBackup(turn, 'timer-expired', at + router.masterDownInterval);
}

const HIGHER_PRIORITY = 'higher-priority-advertisement';
const HIGHER_ADDRESS = 'equal-priority-higher-address';

/** The other one is better. No priority 0: it is Master already. */
function yieldTo(turn: Turn, packet: ReceivedAdvertisement, cause: Cause): void {
  const { router } = turn;
  const { source } = packet;
  const own = router.priority;
  const received = view.priority(packet.payload);
  if (router.config.advertiseBeforeYielding) sendAdvertisement(turn, own);
  observe(turn, { kind: 'master-heard-higher', source, received, own });
  router.master = { address: source, priority: received, addressSum: sourceSum(router, packet) };
  if (router.config.version === 3) useMasterInterval(turn, advertisedInterval(packet));
  enterBackup(turn, cause, turn.at + router.masterDownInterval);
}

/**
 * Lower priorities answered in one interval. Each answer reaches everybody, so more of them tell nobody anything new;
 * without a limit whoever can send can make us send, announce and log as much.
 */
export const ANSWERS_MAX = 4;

/** Asserts the role to the sender and to the bridges it has misled. */
function answerLower(turn: Turn, source: string, received: number): void {
  if (turn.router.answers >= ANSWERS_MAX) return;
  turn.router.answers += 1;
  const electionForced = turn.router.config.answerLowerPriority;
  observe(turn, { kind: 'master-heard-lower', source, received, own: turn.router.priority, electionForced });
  if (electionForced) advertise(turn);
  announceAfterLowerPriority(turn);
  const { syncGroup } = turn.router.config;
  if (syncGroup !== undefined) turn.actions.push({ kind: 'announce-group', group: syncGroup });
}

/** RFC 9568 §6.4.3: among equal priorities the greater primary address wins, compared as unsigned bytes. */
function compareWithOwnAddress(turn: Turn, packet: ReceivedAdvertisement): number {
  const own = turn.router.facts.primaryAddress;
  // A Master without address is on its way to fault: anybody else is better.
  return own === undefined ? 1 : compareIp(packet.source, own);
}
