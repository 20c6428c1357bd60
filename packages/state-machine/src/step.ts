// The dispatcher: event x role -> the file of the role. It decides nothing itself. RFC 9568 §6.4, §8.3.
// Pure: no clock, no randomness, no input or output; the same state and event always give the same result.
import { assertNever } from './assert-never.js';
import { backupPacket, backupTime } from './backup.js';
import { reassess } from './fault.js';
import { trackerKey, withEntry, withLink } from './facts.js';
import type { Facts } from './facts.js';
import { initializeTime, startUp } from './initialize.js';
import { masterLoss, masterPacket, masterTime } from './master.js';
import { reconfigure } from './reconfigure.js';
import { sendingFailed, trySendingAgain } from './sending.js';
import type { VirtualRouterState } from './state.js';
import { groupOrder } from './sync-group-member.js';
import { shutDown } from './transition.js';
import { beginTurn, count, countDiscard, isDue, ownTimers } from './turn.js';
import type { Turn } from './turn.js';
import type { Action, Event, ReceivedAdvertisement } from './types.js';

/** The next state, and what the host must do, in this order. */
export interface StepResult {
  readonly state: VirtualRouterState;
  readonly actions: readonly Action[];
}

/**
 * What a virtual router does about one event. The host carries the actions out in order and sends a `time` event when
 * `nextDeadline(state)` has come. Events may be late, but `at` must not run backwards.
 * @throws RangeError when `at` is not a whole number of microseconds; TypeError when a packet's source or destination is
 *   not an address, or when a `reconfigure` is for another virtual router (see `checkSameIdentity`).
 */
export function step(state: VirtualRouterState, event: Event): StepResult {
  if (!Number.isSafeInteger(event.at)) throw new RangeError(`at must be whole microseconds, got ${event.at}`);
  const turn = beginTurn(state, event.at);
  dispatch(turn, event);
  return { state: turn.router, actions: turn.actions };
}

function dispatch(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'packet':
      hear(turn, event.packet);
      return;
    case 'time':
      wake(turn);
      return;
    case 'startup':
      startUp(turn);
      return;
    case 'shutdown':
      shutDown(turn);
      return;
    case 'link':
    case 'primary-address':
    case 'socket':
    case 'tracker':
      turn.router.facts = learn(turn, event);
      reassess(turn);
      return;
    case 'address-lost':
    case 'route-lost':
    case 'rule-lost':
      if (turn.router.role === 'master') masterLoss(turn, event);
      return;
    case 'reconfigure':
      reconfigure(turn, event.config);
      return;
    case 'group':
      groupOrder(turn, event);
      return;
    case 'action-failed':
      count(turn, 'actionsFailed');
      if (event.action === 'send-advertisement') sendingFailed(turn, event.reason);
      return;
    default:
      assertNever(event);
  }
}

function hear(turn: Turn, packet: ReceivedAdvertisement): void {
  switch (turn.router.role) {
    case 'backup':
      backupPacket(turn, packet);
      return;
    case 'master':
      masterPacket(turn, packet);
      return;
    // RFC 9568 §6.4.1 hears nothing in Initialize; keepalived neither there nor in FAULT.
    case 'initialize':
    case 'fault':
      countDiscard(turn, 'role');
      return;
    default:
      assertNever(turn.router.role);
  }
}

function wake(turn: Turn): void {
  switch (turn.router.role) {
    case 'backup':
      backupTime(turn);
      return;
    case 'master':
      masterTime(turn);
      return;
    case 'initialize':
      initializeTime(turn);
      return;
    case 'fault':
      if (isDue(turn, turn.router.timers.startupDelay)) ownTimers(turn).startupDelay = undefined;
      if (isDue(turn, turn.router.timers.sendRetry)) trySendingAgain(turn);
      return;
    default:
      assertNever(turn.router.role);
  }
}

/** The facts with one more told. */
function learn(turn: Turn, event: Event & { readonly kind: 'link' | 'primary-address' | 'socket' | 'tracker' }): Facts {
  const { facts, config } = turn.router;
  switch (event.kind) {
    case 'link':
      return {
        ...facts,
        links: withLink(facts.links, { interface: event.interface ?? config.interface, up: event.up }),
      };
    case 'primary-address':
      return { ...facts, primaryAddress: event.address };
    case 'socket':
      return { ...facts, socketProblem: event.problem };
    case 'tracker': {
      const { status, value, evidence } = event;
      const fact = {
        status,
        ...(value === undefined ? {} : { value }),
        ...(evidence === undefined ? {} : { evidence }),
      };
      return { ...facts, trackers: withEntry(facts.trackers, trackerKey(event.trackerKind, event.tracker), fact) };
    }
    default:
      return assertNever(event);
  }
}
