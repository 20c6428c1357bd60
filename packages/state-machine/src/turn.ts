// One step in the making: the copy of the state that the role files write to, and the actions collected so far.
// The caller's state is never touched; step.ts makes one shallow copy and these functions copy what lies deeper.
import { copyStatistics, DISCARD_COUNTER } from './statistics.js';
import type { Counter, Statistics } from './statistics.js';
import { copyState, copyTimers, intervals } from './state.js';
import type { Timers, VirtualRouterState } from './state.js';
import type { Action, DiscardReason, Micros, Observation } from './types.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface Turn {
  readonly at: Micros;
  readonly before: VirtualRouterState;
  readonly router: Writable<VirtualRouterState>;
  readonly actions: Action[];
}

export function beginTurn(state: VirtualRouterState, at: Micros): Turn {
  return { at, before: state, router: copyState(state), actions: [] };
}

export function observe(turn: Turn, observation: Observation): void {
  turn.actions.push({ kind: 'observe', observation });
}

/** The timers of this turn: copied once, then written in place. */
export function ownTimers(turn: Turn): Writable<Timers> {
  if (turn.router.timers === turn.before.timers) turn.router.timers = copyTimers(turn.before.timers);
  return turn.router.timers;
}

export function count(turn: Turn, counter: Counter): void {
  ownStatistics(turn)[counter] += 1;
}

export function countDiscard(turn: Turn, reason: DiscardReason): void {
  const statistics = ownStatistics(turn);
  statistics.discards = { ...statistics.discards, [reason]: statistics.discards[reason] + 1 };
  const counter = DISCARD_COUNTER[reason];
  if (counter !== undefined) statistics[counter] += 1;
}

/** Sets Active_Adver_Interval (RFC 9568 §6.1) and what depends on it and on the priority. */
export function useMasterInterval(turn: Turn, interval: Micros): void {
  const router = turn.router;
  const { skewTime, masterDownInterval } = intervals(router.config, router.priority, interval);
  router.masterAdvertisementInterval = interval;
  router.skewTime = skewTime;
  router.masterDownInterval = masterDownInterval;
}

/** Whether a timer runs and its time has come. */
export function isDue(turn: Turn, deadline: Micros | undefined): boolean {
  return deadline !== undefined && deadline <= turn.at;
}

/** From when silence counts: now, or the end of the startup delay (keepalived.conf(5), "vrrp_startup_delay"). */
export function listeningSince(turn: Turn): Micros {
  return Math.max(turn.at, turn.router.timers.startupDelay ?? turn.at);
}

/** The statistics of this turn: copied once, then written in place. */
function ownStatistics(turn: Turn): Writable<Statistics> {
  if (turn.router.statistics === turn.before.statistics)
    turn.router.statistics = copyStatistics(turn.before.statistics);
  return turn.router.statistics;
}
