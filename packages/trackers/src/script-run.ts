// One run of a script: until it has ended by itself, or has been ended and nothing of its process group is left.
// Implements keepalived.conf(5), vrrp_script "timeout": SIGTERM to the group, SIGKILL a grace later. It does not
// decide when a run has taken too long, nor what its outcome means.

import type { Check, CheckCallbacks, CheckRun } from './check-loop.js';
import type { Cancel, Clock } from './clock.js';
import { MILLISECOND } from './clock.js';
import type { ProcessGroup, SpawnRequest, Spawner } from './spawner.js';

/** How often a group that must go is looked at once its first process has ended. */
const LOOK_INTERVAL = 10 * MILLISECOND;
/** When to stop looking after SIGKILL: what is left then are zombies that process 1 does not reap. */
const LOOK_LIMIT = 100 * MILLISECOND;

export interface ScriptPorts {
  readonly clock: Clock;
  readonly spawner: Spawner;
}

export function createScriptCheck(request: SpawnRequest, ports: ScriptPorts): Check {
  return { begin: (callbacks) => new ScriptRun(request, ports, callbacks) };
}

class ScriptRun implements CheckRun {
  readonly #clock: Clock;
  readonly #callbacks: CheckCallbacks;
  readonly #group: ProcessGroup;
  #leaderEnded = false;
  #termSent = false;
  /** When SIGKILL is sent, or was. */
  #killAt = Number.POSITIVE_INFINITY;
  #cancelKill: Cancel = () => undefined;

  constructor(request: SpawnRequest, ports: ScriptPorts, callbacks: CheckCallbacks) {
    this.#clock = ports.clock;
    this.#callbacks = callbacks;
    this.#group = ports.spawner.spawn(request, (end) => {
      this.#leaderEnded = true;
      callbacks.onOutcome(end);
      // What a script that ended by itself leaves behind lives on, as with keepalived: a check may start a service again.
      // A run being ended keeps its grace: its children had the same SIGTERM and may be tidying up.
      if (this.#termSent) this.#look();
      else callbacks.onGone();
    });
  }

  end(grace: number): void {
    if (!this.#termSent) this.#group.signal('SIGTERM');
    this.#termSent = true;
    const killAt = this.#clock.now() + grace;
    if (this.#killAt <= killAt) return;
    this.#cancelKill();
    this.#killAt = killAt;
    this.#cancelKill = this.#clock.schedule(killAt, () => this.#kill());
  }

  #kill(): void {
    this.#killAt = this.#clock.now();
    this.#group.signal('SIGKILL');
  }

  /** A first process that will not end keeps the run: starting more beside it would only pile them up. */
  #look(): void {
    if (!this.#leaderEnded) return;
    const now = this.#clock.now();
    if (this.#group.alive() && now < this.#killAt + LOOK_LIMIT) {
      this.#clock.schedule(now + LOOK_INTERVAL, () => this.#look());
      return;
    }
    this.#cancelKill();
    this.#callbacks.onGone();
  }
}
