// The loop that every host of a virtual router has, over a port: event -> step -> its actions in order -> the next
// deadline. The daemon's engine and the simulator run this very code; what an action does to the world is the port's.
// One event at a time: what comes up while actions are carried out waits until they all are.
import type { VirtualRouterConfig } from '../config.js';
import { create, nextDeadline } from '../state.js';
import type { VirtualRouterState } from '../state.js';
import { step } from '../step.js';
import type { Action, Event, EventBody, Micros } from '../types.js';

/** Events that may come of carrying out the actions of one: more is an endless loop in the host. */
export const FOLLOWING_EVENTS_MAX = 1_000;

/** What a router needs of its host. */
export interface RouterPort {
  /** The host's monotonic clock. */
  now(): Micros;
  /**
   * Carries out one action of the step taken at `at`. What could not be done, and is known at once, is returned as a reason
   * and told to the state machine when all actions are done; what fails later is an `action-failed` event then.
   */
  perform(action: Action, at: Micros): string | undefined;
  /** When to deliver the next `time` event; `undefined`: not before something else happens. */
  schedule(deadline: Micros | undefined): void;
  /** Called when an event and all that came of it are dealt with: the sync group looks now. */
  stepped(): void;
}

export class RouterDriver {
  readonly #port: RouterPort;
  #state: VirtualRouterState;
  #lastEventAt: Micros = 0;
  #isRunning = false;
  #waiting: Event[] = [];

  /** @throws RangeError or TypeError when the configuration is impossible. */
  constructor(config: VirtualRouterConfig, port: RouterPort) {
    this.#port = port;
    this.#state = create(config);
  }

  get state(): VirtualRouterState {
    return this.#state;
  }

  /** The router's own time: a later event must not be earlier than this. */
  get lastEventAt(): Micros {
    return this.#lastEventAt;
  }

  /** Feeds one event; it happens now unless the host knows better (a datagram that has waited in its socket). */
  deliver(body: EventBody, at: Micros = this.#port.now()): void {
    const event: Event = { ...body, at };
    if (this.#isRunning) {
      this.#follow(event);
      return;
    }
    this.#isRunning = true;
    try {
      this.#take(event);
      for (let index = 0; index < this.#waiting.length; index += 1) {
        const next = this.#waiting[index];
        if (next !== undefined) this.#take(next);
      }
    } finally {
      if (this.#waiting.length > 0) this.#waiting = [];
      this.#isRunning = false;
    }
    this.#port.schedule(nextDeadline(this.#state));
    this.#port.stepped();
  }

  #take(event: Event): void {
    const { at } = event;
    this.#lastEventAt = at;
    const { state, actions } = step(this.#state, event);
    this.#state = state;
    for (const action of actions) {
      const reason = this.#port.perform(action, at);
      if (reason !== undefined) this.#follow({ at, kind: 'action-failed', action: action.kind, reason });
    }
  }

  #follow(event: Event): void {
    if (this.#waiting.length >= FOLLOWING_EVENTS_MAX) {
      throw new Error(`virtual router ${this.#state.config.name} does not come to rest at ${event.at} µs`);
    }
    this.#waiting.push(event);
  }
}
