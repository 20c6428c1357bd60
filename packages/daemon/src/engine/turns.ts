// The engine's turns, and their two lanes. Whatever comes in (a timer, datagrams, news of the network, a command) is one
// turn: everybody decides; then all advertisements leave; only then the second lane has its bounded share: changes of the
// network, announcements. What is left waits for the next turn, and deadlines that come meanwhile go before it.
import type { DeadlineTimer } from '@vrrp/netlink-native';
import type { Outbox } from './outbox.js';
import type { World } from './world.js';

/** Advertisements may be refused, which is news for their routers, which may send once more: a farewell. */
const FLUSHES_PER_TURN_MAX = 8;

export interface TurnPorts {
  readonly world: World;
  readonly outbox: Outbox;
  /** The timer rang: whatever is due by `now` happens. */
  due(now: number): void;
  /** A bounded share of the second lane: what the kernel is asked for. */
  secondLane(now: number): void;
  /** And what the network is told, when the kernel has answered. */
  last(): void;
  /** When something is due next; the second lane counts as now while it has work. */
  next(now: number): number | undefined;
}

export class Turns {
  readonly #ports: TurnPorts;
  readonly #timer: DeadlineTimer;
  #isRunning = false;
  #isClosed = false;
  /** Where the timer stands; a deadline that moved later leaves it, and one early wake-up corrects it. */
  #armed: number | undefined;

  constructor(ports: TurnPorts) {
    this.#ports = ports;
    this.#timer = ports.world.openTimer(() => this.#wake());
  }

  /** Runs `body` as a turn; inside a turn it is part of it. */
  run<T>(body: () => T): T {
    return this.#run(body, true);
  }

  /**
   * The same, but the second lane waits for the next turn: for what the second lane itself brought back, so that a long list
   * of work lets deadlines and datagrams pass.
   */
  runBriefly<T>(body: () => T): T {
    return this.#run(body, false);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer.close();
  }

  #wake(): void {
    this.#armed = undefined;
    const now = this.#ports.world.now();
    this.run(() => this.#ports.due(now));
  }

  #run<T>(body: () => T, withSecondLane: boolean): T {
    if (this.#isRunning) return body();
    this.#isRunning = true;
    try {
      const result = body();
      this.#flush();
      if (this.#isClosed) return result;
      if (withSecondLane) this.#ports.secondLane(this.#ports.world.now());
      this.#ports.last();
      this.#flush();
      return result;
    } finally {
      this.#isRunning = false;
      this.#arm();
    }
  }

  #flush(): void {
    for (let round = 0; round < FLUSHES_PER_TURN_MAX && !this.#ports.outbox.isEmpty; round += 1) {
      this.#ports.outbox.flush();
    }
  }

  #arm(): void {
    if (this.#isClosed) return;
    const at = this.#ports.next(this.#ports.world.now());
    if (at === undefined || (this.#armed !== undefined && this.#armed <= at)) return;
    this.#armed = at;
    this.#timer.set(at);
  }
}
