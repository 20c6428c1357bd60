// Two routers that both say that they own the addresses (priority 255). RFC 9568 §7.1 (erratum 8298) has such a conflict
// reported; keepalived 2.3.3 also ends it: the lower address gives way at once, as ever, and a higher one whose rival
// stays all the same lowers itself to 254 until the rival is gone. keepalived.conf(5), "owner_ignore_adverts".
import { advertise, sendAdvertisement } from './advertise.js';
import { announceAfterLowerPriority } from './announce.js';
import { OWNER_PRIORITY } from './priority.js';
import { reassessPriority } from './priority-change.js';
import { isDue, observe, ownTimers } from './turn.js';
import type { Turn } from './turn.js';
import type { Micros } from './types.js';

/** The rival has this share of the longer interval to give way, and as long again to be heard if it did not. */
const GRACE = { numerator: 12, denominator: 10 } as const;

/** Whether an advertisement of `received` puts our ownership in question. */
export function isRivalOwner(turn: Turn, received: number): boolean {
  return received === OWNER_PRIORITY && turn.router.priority === OWNER_PRIORITY;
}

/**
 * A rival of lower address. It should give way when it hears us, so it is made to hear us, twice; when it still
 * advertises after the grace, `true`: we are the ones to give way.
 */
export function contestOwnership(turn: Turn, source: string, rivalInterval: Micros): boolean {
  const { timers, config } = turn.router;
  if (isDue(turn, timers.rivalGrace) && !isDue(turn, timers.rivalWatch)) return true;
  const longer = Math.max(config.advertisementInterval, rivalInterval);
  const grace = Math.ceil((longer * GRACE.numerator) / GRACE.denominator);
  if (timers.rivalGrace !== undefined && !isDue(turn, timers.rivalWatch)) {
    // Another rival beside the first one may have the shorter interval.
    ownTimers(turn).rivalGrace = Math.min(timers.rivalGrace, turn.at + grace);
    return false;
  }
  observe(turn, { kind: 'owner-conflict', source, yields: false });
  sendAdvertisement(turn, turn.router.priority);
  advertise(turn);
  const own = ownTimers(turn);
  own.rivalGrace = turn.at + grace;
  own.rivalWatch = turn.at + 2 * grace;
  announceAfterLowerPriority(turn);
  return false;
}

/** Nothing more was heard of the rival: it gave way. */
export function endWatch(turn: Turn): void {
  const own = ownTimers(turn);
  own.rivalGrace = undefined;
  own.rivalWatch = undefined;
}

/** The rival is there to stay: from now on we are an ordinary router of the highest priority. */
export function giveUpOwnership(turn: Turn, source: string): void {
  turn.router.facts = { ...turn.router.facts, rivalOwner: source };
  observe(turn, { kind: 'owner-conflict', source, yields: true });
  reassessPriority(turn);
}

/** Nobody contests our ownership any more. */
export function resumeOwnership(turn: Turn): void {
  if (turn.router.facts.rivalOwner === undefined) return;
  turn.router.facts = { ...turn.router.facts, rivalOwner: undefined };
  reassessPriority(turn);
}
