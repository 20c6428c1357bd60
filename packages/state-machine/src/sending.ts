// A Master that cannot send is no Master: nobody hears it, another router takes over, and both hold the addresses. When its
// advertisements have been refused for a Master_Down_Interval it goes to fault, gives the addresses away, and tries again.
// COMPAT: keepalived stays Master, and logs that sending failed. RFC 9568 has no such event. docs/compatibility.md
import { reassess } from './fault.js';
import { ownTimers } from './turn.js';
import type { Turn } from './turn.js';

/** An advertisement did not leave. After a retry the first refusal is enough: nothing has left in between. */
export function sendingFailed(turn: Turn, reason: string): void {
  const { router, at } = turn;
  if (router.role !== 'master') return;
  const since = router.sendFailures?.since ?? at;
  router.sendFailures = { since, last: at };
  if (at - since < router.masterDownInterval) return;
  router.facts = { ...router.facts, sendProblem: reason };
  reassess(turn);
}

/** To be called before a Master advertises again: what was sent before and not refused has left. */
export function noteSendingSucceeded({ router }: Turn): void {
  const { sendFailures, timers, config } = router;
  if (sendFailures === undefined || timers.advertisement === undefined) return;
  if (sendFailures.last < timers.advertisement - config.advertisementInterval) router.sendFailures = undefined;
}

/** Out of the fault as far as this goes: as Backup it listens first, and sends when it becomes Master. */
export function trySendingAgain(turn: Turn): void {
  ownTimers(turn).sendRetry = undefined;
  turn.router.facts = { ...turn.router.facts, sendProblem: undefined };
  reassess(turn);
}
