// What a changed priority changes: the pending takeover, and nothing else. Of the role it decides nothing (RFC 9568 §6.1:
// the intervals depend on the priority); what the priority is, is worked out in priority.ts.
import { effectivePriority } from './priority.js';
import { observe, ownTimers, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';

/** A changed priority moves the pending takeover by as much as it changes the Master_Down_Interval (keepalived). */
export function reassessPriority(turn: Turn): void {
  const { router } = turn;
  const from = router.priority;
  const to = effectivePriority(router.config, router.facts);
  if (from === to) return;
  router.priority = to;
  const before = router.masterDownInterval;
  useMasterInterval(turn, router.masterAdvertisementInterval);
  shiftMasterDown(turn, router.masterDownInterval - before);
  if (router.started) observe(turn, { kind: 'priority-changed', from, to });
}

/** Moves a running Master_Down_Timer, never into the past. */
export function shiftMasterDown(turn: Turn, difference: number): void {
  const { masterDown } = turn.router.timers;
  if (masterDown === undefined || difference === 0) return;
  ownTimers(turn).masterDown = Math.max(turn.at, masterDown + difference);
}
