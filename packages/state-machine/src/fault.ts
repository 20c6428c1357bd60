// Role `fault`, keepalived's extension: a router that cannot do its work is silent and deaf. What follows from changed
// facts or configuration is decided here: into fault, out of it, and a changed priority.
import { assertNever } from './assert-never.js';
import { deriveFaults, faultsMissingIn } from './faults.js';
import { begin } from './initialize.js';
import { reassessPriority } from './priority-change.js';
import { enterBackup, enterFault } from './transition.js';
import { listeningSince, observe, useMasterInterval } from './turn.js';
import type { Turn } from './turn.js';

/** After a fact or the configuration changed: what is the priority now, and what is wrong? */
export function reassess(turn: Turn): void {
  reassessPriority(turn);
  reassessFaults(turn);
}

function reassessFaults(turn: Turn): void {
  const { router } = turn;
  const before = router.faults;
  router.faults = deriveFaults(router.config, router.facts);
  if (!router.started) return;
  for (const fault of faultsMissingIn(before, router.faults)) observe(turn, { kind: 'fault-raised', fault });
  for (const fault of faultsMissingIn(router.faults, before)) observe(turn, { kind: 'fault-cleared', fault });
  switch (router.role) {
    case 'initialize':
      begin(turn);
      return;
    case 'backup':
    case 'master':
      if (router.faults.length > 0) enterFault(turn);
      return;
    case 'fault':
      if (router.faults.length === 0) recover(turn);
      return;
    default:
      assertNever(router.role);
  }
}

/**
 * Every fault is gone: to Backup with a full Master_Down_Interval and our own interval.
 * COMPAT: the address owner too; it goes to Master at once only when it starts, as keepalived. docs/compatibility.md
 */
function recover(turn: Turn): void {
  useMasterInterval(turn, turn.router.config.advertisementInterval);
  enterBackup(turn, 'faults-cleared', listeningSince(turn) + turn.router.masterDownInterval);
  if (turn.router.config.unicast !== undefined) turn.actions.push({ kind: 'announce-primary-address' });
}
