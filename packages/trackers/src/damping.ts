// Rise and fall: how many runs of a check in a row it takes to change its status (keepalived.conf(5), vrrp_script).
// Pure. One counter from 0 to rise + fall - 1; the check is up while the counter is at least `rise`.
// It does not know what a run is or when one happens.

import type { TrackerStatus } from './tracker.js';

export interface DampingState {
  readonly rise: number;
  readonly fall: number;
  readonly counter: number;
  /** Whether a run has decided yet; until then the next outcome decides at once, whatever rise and fall are. */
  readonly settled: boolean;
  readonly status: TrackerStatus;
}

export interface DampingOptions {
  /** Successes in a row that make a failing check good, 1..2^31-1. */
  readonly rise: number;
  /** Failures in a row that make a good check fail, 1..2^31-1. */
  readonly fall: number;
  /** What the check counts as before its first run; `unknown` when left out. */
  readonly initial?: TrackerStatus;
  /** The initial status is a result of earlier runs (carried over a reload): rise and fall apply from the first run on. */
  readonly settled?: boolean;
}

const COUNT_MAX = 2 ** 31 - 1;

/** Throws RangeError when rise or fall is not an integer of 1..2^31-1. */
export function createDamping(options: DampingOptions): DampingState {
  const { rise, fall, initial = 'unknown' } = options;
  for (const [name, count] of Object.entries({ rise, fall })) {
    if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX)
      throw new RangeError(`${name} must be an integer of 1..${COUNT_MAX}, not ${count}`);
  }
  const settled = initial !== 'unknown' && options.settled === true;
  return { rise, fall, counter: initial === 'up' ? rise + fall - 1 : 0, settled, status: initial };
}

/** One run's outcome. An outcome of the other kind starts the count anew: successes and failures count in a row. */
export function stepDamping(state: DampingState, success: boolean): DampingState {
  const full = state.rise + state.fall - 1;
  const { rise, counter } = state;
  if (!state.settled) return settle(state, success ? full : 0);
  if (success) return settle(state, counter >= rise - 1 ? full : counter + 1);
  return settle(state, counter > rise ? counter - 1 : 0);
}

function settle(state: DampingState, counter: number): DampingState {
  return { ...state, counter, settled: true, status: counter >= state.rise ? 'up' : 'down' };
}
