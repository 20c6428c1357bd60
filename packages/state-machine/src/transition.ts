// The ways into each role and out of Master: what is reset, what is sent, what is reported, in the order the host must
// carry it out. RFC 9568 §6.4.1-3; the order on becoming and leaving Master is keepalived's. When they happen is
// decided in the role files.
import { sendAdvertisement } from './advertise.js';
import { scheduleBursts } from './announce.js';
import { deriveFaults } from './faults.js';
import { OWNER_PRIORITY } from './priority.js';
import { resumeOwnership } from './rival-owner.js';
import { NO_SOURCES, noTimers } from './state.js';
import type { Timers } from './state.js';
import { count, observe, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';
import type { Cause, Micros, Role } from './types.js';

/** A Master that stops says so with this priority (RFC 9568 §5.2.4). */
const STOPPING_PRIORITY = 0;

/** How a Master leaves: `stopping` tells the others with priority 0, `yielding` leaves without a word. */
type Departure = 'stopping' | 'yielding';

/**
 * RFC 9568 §6.4.2: listens until `masterDown`.
 * From Master without priority 0: the one it yields to is there already. Only where nobody is there yet are the others
 * told: when somebody removed what a Master has.
 */
export function enterBackup(turn: Turn, cause: Cause, masterDown: Micros): void {
  const from = turn.router.role;
  changeRole(turn, 'backup', cause, { masterDown });
  if (from !== 'master') return;
  turn.router.sendFailures = undefined;
  leaveMaster(turn, isLoss(cause) ? 'stopping' : 'yielding');
}

function isLoss(cause: Cause): boolean {
  return cause === 'address-lost' || cause === 'route-lost' || cause === 'rule-lost';
}

/** RFC 9568 §6.4.1, §6.4.2: advertise first, then take the addresses, then tell the network. */
export function enterMaster(turn: Turn, cause: Cause): void {
  const { config } = turn.router;
  const timedOut = cause === 'master-down-timer' || cause === 'priority-zero-timer';
  turn.router.master = undefined;
  resumeOwnership(turn);
  // COMPAT: keepalived forgets the learned interval here only when it logs details; here always. docs/compatibility.md
  useMasterInterval(turn, config.advertisementInterval);
  sendAdvertisement(turn, turn.router.priority);
  if (timedOut) observe(turn, { kind: 'master-down-timer-expired' });
  changeRole(turn, 'master', cause, {
    advertisement: turn.at + config.advertisementInterval,
    ...scheduleBursts(config.announcements, turn.at),
  });
  count(turn, 'becameMaster');
  addAddresses(turn);
  turn.actions.push({ kind: 'announce-addresses', repeat: config.announcements.repeat });
}

/** keepalived's FAULT: silent until every fault is gone. A Master says that it stops. */
export function enterFault(turn: Turn): void {
  const from = turn.router.role;
  turn.router.master = undefined;
  resumeOwnership(turn);
  changeRole(turn, 'fault', 'fault', { sendRetry: sendRetryTime(turn) });
  // COMPAT: keepalived sends priority 0 twice when a link or a script is the reason; once here. docs/compatibility.md
  if (from === 'master') leaveMaster(turn, 'stopping');
}

/** RFC 9568 §6.4.2, §6.4.3, the Shutdown event: back to `initialize`, a Master after saying so. */
export function shutDown(turn: Turn): void {
  const from = turn.router.role;
  turn.router.started = false;
  turn.router.master = undefined;
  forgetSendFailures(turn);
  resumeOwnership(turn);
  if (from === 'master') leaveMaster(turn, 'stopping');
  if (from !== 'initialize') changeRole(turn, 'initialize', 'shutdown', {});
  turn.router.timers = noTimers();
  turn.router.waitingForGroup = false;
}

/** Whoever starts anew tries anew. */
function forgetSendFailures({ router }: Turn): void {
  router.sendFailures = undefined;
  if (router.facts.sendProblem === undefined) return;
  router.facts = { ...router.facts, sendProblem: undefined };
  router.faults = deriveFaults(router.config, router.facts);
}

function sendRetryTime({ at, router }: Turn): Micros | undefined {
  return router.facts.sendProblem === undefined ? undefined : at + router.masterDownInterval;
}

/** RFC 9568 §6.4.3: an owner accepts packets to its addresses whatever Accept_Mode says. */
export function addAddresses(turn: Turn): void {
  const { accept = true, priority } = turn.router.config;
  turn.actions.push({ kind: 'add-addresses', accept: accept || priority === OWNER_PRIORITY });
}

function leaveMaster(turn: Turn, departure: Departure): void {
  count(turn, 'releasedMaster');
  if (departure === 'stopping') {
    sendAdvertisement(turn, STOPPING_PRIORITY);
    count(turn, 'priorityZeroSent');
    observe(turn, { kind: 'priority-zero-sent' });
  }
  turn.actions.push({ kind: 'remove-addresses' });
}

/** Every role begins with a clean slate of timers, except that the startup delay goes on. */
function changeRole(turn: Turn, to: Role, cause: Cause, timers: Partial<Timers>): void {
  const router = turn.router;
  const from = router.role;
  router.role = to;
  router.lastTransition = { at: turn.at, from, cause };
  router.timers = { ...noTimers(), startupDelay: router.timers.startupDelay, ...timers };
  router.masterStopping = false;
  router.preemption = 'idle';
  router.waitingForGroup = false;
  router.answers = 0;
  router.reported = 0;
  router.reportedSources = NO_SOURCES;
  observe(turn, { kind: 'transition', from, to, cause, priority: router.priority, faults: router.faults });
}
