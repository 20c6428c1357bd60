// Role `initialize`, RFC 9568 §6.4.1: nothing is sent and nothing is heard until a Startup event. A router that waits
// only for the first results of its gating trackers stays here, silently, as keepalived does.
import { OWNER_PRIORITY } from './priority.js';
import { enterBackup, enterFault, enterMaster } from './transition.js';
import { isDue, listeningSince, observe, ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';

/** The Startup event. A second one changes nothing. */
export function startUp(turn: Turn): void {
  const { router } = turn;
  if (router.started) return;
  router.started = true;
  const { startupDelay } = router.config;
  if (startupDelay > 0) ownTimers(turn).startupDelay = turn.at + startupDelay;
  for (const fault of router.faults) observe(turn, { kind: 'fault-raised', fault });
  begin(turn);
}

/** To Master when the addresses are our own, else to Backup; to fault when something is wrong. */
export function begin(turn: Turn): void {
  const { router } = turn;
  if (!router.started) return;
  if (router.faults.some((fault) => fault.kind !== 'tracker-pending')) {
    enterFault(turn);
    return;
  }
  if (router.faults.length > 0) return;
  useMasterInterval(turn, router.config.advertisementInterval);
  if (router.config.priority !== OWNER_PRIORITY || router.config.listensFirst === true) {
    enterBackup(turn, 'startup', listeningSince(turn) + router.masterDownInterval);
  } else if (router.timers.startupDelay === undefined) {
    beginAsOwner(turn);
  }
}

export function initializeTime(turn: Turn): void {
  if (!isDue(turn, turn.router.timers.startupDelay)) return;
  ownTimers(turn).startupDelay = undefined;
  begin(turn);
}

/** The owner does not listen first: the addresses are its own. In a sync group it waits for the others' word. */
function beginAsOwner(turn: Turn): void {
  if (turn.router.config.syncGroup === undefined) enterMaster(turn, 'address-owner');
  else turn.router.waitingForGroup = true;
}
