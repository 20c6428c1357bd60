// What the sync group's orders do to one of its members. The group itself is the machine in sync-group.ts.
// keepalived.conf(5), "vrrp_sync_group"; RFC 9568 has no groups.
import { assertNever } from './assert-never.js';
import { announceAfterLowerPriority } from './announce.js';
import { reassess } from './fault.js';
import { enterBackup, enterMaster } from './transition.js';
import type { Turn } from './turn.js';
import type { Cause, EventBody } from './types.js';

/** Orders of another group, and orders that do not fit the role, change nothing. */
export function groupOrder(turn: Turn, event: EventBody & { readonly kind: 'group' }): void {
  const { router } = turn;
  if (event.group !== router.config.syncGroup) return;
  switch (event.order) {
    case 'master':
      if (router.waitingForGroup) enterMaster(turn, causeOfMastership(turn, event.member));
      return;
    case 'backup':
      joinBackup(turn);
      return;
    case 'announce':
      if (router.role === 'master') announceAfterLowerPriority(turn);
      return;
    case 'hold':
      router.facts = { ...router.facts, heldBy: event.member };
      reassess(turn);
      return;
    case 'release':
      router.facts = { ...router.facts, heldBy: undefined };
      reassess(turn);
      return;
    default:
      assertNever(event.order);
  }
}

/** The member whose timer ran out last tells the group's reason; the others come along. */
function causeOfMastership(turn: Turn, member: string): Cause {
  const { role, config, masterStopping } = turn.router;
  if (role === 'initialize') return 'address-owner';
  if (member !== config.name) return 'sync-group';
  return masterStopping ? 'priority-zero-timer' : 'master-down-timer';
}

/** A Master leaves with the others and without priority 0; an owner that waited at startup listens like the others. */
function joinBackup(turn: Turn): void {
  const { router, at } = turn;
  const masterDown = at + router.masterDownInterval;
  if (router.role === 'master') enterBackup(turn, 'sync-group', masterDown);
  else if (router.role === 'initialize' && router.waitingForGroup) enterBackup(turn, 'startup', masterDown);
}
