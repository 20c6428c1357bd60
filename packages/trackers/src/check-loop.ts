// The life every regularly run check shares, a forked script or a built-in one: run at start and then on a fixed
// schedule, never two runs at once, a limit on each run's time, rise and fall, one report per change.
// Implements keepalived.conf(5), vrrp_script: interval, timeout, rise, fall, init_fail. It does not know how a check runs.

import type { Cancel, Clock } from './clock.js';
import { SECOND } from './clock.js';
import { createDamping, stepDamping } from './damping.js';
import type { DampingState } from './damping.js';
import { isSuccess } from './evidence.js';
import { nextTick } from './schedule.js';
import { TrackerLife } from './tracker-life.js';
import type { Evidence, Tracker, TrackerObservation, TrackerReport } from './tracker.js';

export interface CheckLoopOptions {
  readonly name: string;
  /** µs between the starts of two runs, at least 1. */
  readonly interval: number;
  /** µs a run may take; 0 means the interval. */
  readonly timeout: number;
  /** Successes in a row that make a failing check good, at least 1. */
  readonly rise: number;
  /** Failures in a row that make a good check fail, at least 1. */
  readonly fall: number;
  /** Counts as failing, not as unknown, until the first run has ended. */
  readonly initFail: boolean;
  /** The result an earlier tracker of the same check had (a reload): stands until rise or fall changes it. */
  readonly carriedResult?: 'up' | 'down';
  /** The last exit status of that earlier tracker, for `exit-status-changed`; 0 when left out. */
  readonly carriedExitStatus?: number;
  /** Hears of every run, for logs and metrics. */
  readonly observe?: (observation: TrackerObservation) => void;
}

/** Something that can be run again and again. */
export interface Check {
  /** Begins a run; calls neither callback from within `begin`. `onOutcome` comes at most once, then `onGone` once. */
  begin(callbacks: CheckCallbacks): CheckRun;
}

export interface CheckCallbacks {
  readonly onOutcome: (evidence: Evidence) => void;
  /** Nothing of the run is left: no process, no socket. */
  readonly onGone: () => void;
}

export interface CheckRun {
  /** Ends the run: asks at once, forces after `grace` µs. May be called again to shorten the grace. */
  end(grace: number): void;
}

/** What a run past its timeout is given between SIGTERM and SIGKILL, as keepalived gives it. */
export const TIMEOUT_GRACE = 2 * SECOND;
/** The same when the tracker is closed: a daemon that stops has one second for everything. */
export const CLOSE_GRACE = SECOND / 2;
/** How long `close()` waits for a run it has forced to end (a process the kernel cannot kill yet) before it lets go. */
export const CLOSE_LIMIT = 2 * CLOSE_GRACE;

/** Throws RangeError for an interval, timeout, rise or fall outside its range. */
export function createCheckLoop(options: CheckLoopOptions, check: Check, clock: Clock): Tracker {
  return new CheckLoop(options, check, clock);
}

interface Run {
  readonly startedAt: number;
  run: CheckRun | undefined;
  cancelTimeout: Cancel;
  decided: boolean;
}

class CheckLoop implements Tracker {
  readonly name: string;
  readonly kind = 'script';
  readonly #options: CheckLoopOptions;
  readonly #check: Check;
  readonly #clock: Clock;
  readonly #timeout: number;
  #damping: DampingState;
  readonly #life: TrackerLife;
  #exitStatus: number;
  #startedAt = 0;
  #cancelTick: Cancel = () => undefined;
  #current: Run | undefined;
  #closing: Promise<void> | undefined;
  #onIdle: () => void = () => undefined;

  constructor(options: CheckLoopOptions, check: Check, clock: Clock) {
    const { interval, timeout } = options;
    if (!Number.isInteger(interval) || interval < 1)
      throw new RangeError(`interval must be a positive number of µs, not ${interval}`);
    if (!Number.isInteger(timeout) || timeout < 0)
      throw new RangeError(`timeout must be a number of µs, not ${timeout}`);
    this.name = options.name;
    this.#options = options;
    this.#check = check;
    this.#clock = clock;
    this.#life = new TrackerLife(this.name, clock);
    this.#exitStatus = options.carriedExitStatus ?? 0;
    this.#timeout = timeout === 0 ? interval : timeout;
    const initial = options.carriedResult ?? (options.initFail ? 'down' : 'unknown');
    this.#damping = createDamping({
      rise: options.rise,
      fall: options.fall,
      initial,
      settled: options.carriedResult !== undefined,
    });
  }

  start(listener: (report: TrackerReport) => void): void {
    this.#life.begin(listener);
    this.#startedAt = this.#clock.now();
    if (this.#damping.status !== 'unknown') this.#life.report(this.#damping.status, { kind: 'none' });
    this.#tick();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #tick(): void {
    const now = this.#clock.now();
    this.#cancelTick = this.#clock.schedule(nextTick(this.#startedAt, this.#options.interval, now), () => this.#tick());
    if (this.#current === undefined) this.#begin(now);
    else this.#observe({ kind: 'run-skipped', reason: this.#current.decided ? 'being-ended' : 'running' });
  }

  #begin(now: number): void {
    const current: Run = { startedAt: now, run: undefined, cancelTimeout: () => undefined, decided: false };
    this.#current = current;
    current.cancelTimeout = this.#clock.schedule(now + this.#timeout, () => {
      this.#decide(current, { kind: 'timeout', after: this.#timeout });
      current.run?.end(TIMEOUT_GRACE);
    });
    current.run = this.#check.begin({
      onOutcome: (evidence) => this.#decide(current, evidence),
      onGone: () => {
        this.#current = undefined;
        this.#onIdle();
      },
    });
  }

  /** The first evidence of a run counts: how a run that timed out ends later says nothing more. */
  #decide(current: Run, evidence: Evidence): void {
    if (current.decided) return;
    current.decided = true;
    current.cancelTimeout();
    if (this.#life.isOver) return;
    this.#noteExitStatus(evidence);
    this.#damping = stepDamping(this.#damping, isSuccess(evidence));
    this.#observe({ kind: 'run-finished', evidence, duration: this.#clock.now() - current.startedAt });
    this.#life.report(this.#damping.status, evidence);
  }

  /** As keepalived: a run that a signal or its timeout ended has no exit status, and changes none. */
  #noteExitStatus(evidence: Evidence): void {
    if (evidence.kind !== 'exit' || evidence.status === this.#exitStatus) return;
    this.#exitStatus = evidence.status;
    this.#observe({ kind: 'exit-status-changed', status: evidence.status });
  }

  #observe(body: RunObservation): void {
    this.#options.observe?.({ tracker: this.name, at: this.#clock.now(), ...body });
  }

  #end(): Promise<void> {
    this.#life.end();
    this.#cancelTick();
    const current = this.#current;
    if (current === undefined) return Promise.resolve();
    current.cancelTimeout();
    return new Promise((resolve) => {
      const letGo = this.#clock.schedule(this.#clock.now() + CLOSE_LIMIT, resolve);
      this.#onIdle = () => {
        letGo();
        resolve();
      };
      current.run?.end(CLOSE_GRACE);
    });
  }
}

type RunObservation =
  | { readonly kind: 'run-finished'; readonly evidence: Evidence; readonly duration: number }
  | { readonly kind: 'exit-status-changed'; readonly status: number }
  | { readonly kind: 'run-skipped'; readonly reason: 'running' | 'being-ended' };
