// Carries deliveries out: a queue for each listener of each instance and group, a limit on how many run side by side, and
// an end that waits only so long. What a delivery does (a script, a mail, a request) is its owner's.
import type { Clock } from '@vrrp/trackers';
import {
  EMPTY_QUEUE,
  finishDelivery,
  offerDelivery,
  type Delivery,
  type DeliveryQueue,
  type QueueStep,
} from './delivery-queue.js';

export interface DeliveriesOptions<Job extends Delivery> {
  /** How many wait in one queue. */
  readonly waitingMax: number;
  /** How many run at once over all queues; left out: one of each. */
  readonly runningMax?: number;
  /** Begins one; `done` is called once, at any time. */
  start(job: Job, done: () => void): void;
  superseded(job: Job): void;
}

export class Deliveries<Job extends Delivery> {
  readonly #options: DeliveriesOptions<Job>;
  readonly #queues = new Map<string, DeliveryQueue<Job>>();
  /** Whose turn it is in their queues, and who wait for others to end: at most one of each queue. */
  #ready: readonly { readonly key: string; readonly job: Job }[] = [];
  #running = 0;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: DeliveriesOptions<Job>) {
    this.#options = options;
  }

  offer(key: string, job: Job): void {
    if (this.#closed) return;
    this.#take(key, offerDelivery(this.#queues.get(key) ?? EMPTY_QUEUE, job, this.#options.waitingMax));
  }

  /** Whether something newer waits behind the one that runs. */
  isOvertaken(key: string): boolean {
    return (this.#queues.get(key)?.waiting.length ?? 0) > 0;
  }

  /**
   * Resolves when nothing runs or waits, at the latest after `limit` microseconds; nothing is started from then on.
   * Gives the deliveries that were not ended.
   */
  stop(clock: Clock, limit: number): Promise<number> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#onIdle = undefined;
        resolve(this.#close());
      };
      const cancel = clock.schedule(clock.now() + limit, end);
      this.#onIdle = end;
      this.#settle();
    });
  }

  #close(): number {
    this.#closed = true;
    const left = [...this.#queues.values()].reduce((sum, { waiting }) => sum + 1 + waiting.length, 0);
    this.#queues.clear();
    this.#ready = [];
    return left;
  }

  #take(key: string, { queue, start, superseded }: QueueStep<Job>): void {
    if (queue.running === undefined) this.#queues.delete(key);
    else this.#queues.set(key, queue);
    if (superseded !== undefined) this.#options.superseded(superseded);
    if (start !== undefined) this.#ready = [...this.#ready, { key, job: start }];
    this.#startReady();
    this.#settle();
  }

  #startReady(): void {
    const { runningMax = Number.POSITIVE_INFINITY } = this.#options;
    while (this.#running < runningMax) {
      const [next, ...rest] = this.#ready;
      if (next === undefined) return;
      this.#ready = rest;
      this.#running += 1;
      this.#options.start(next.job, () => this.#finish(next.key));
    }
  }

  #finish(key: string): void {
    this.#running -= 1;
    const queue = this.#queues.get(key);
    if (queue !== undefined) this.#take(key, finishDelivery(queue));
  }

  #settle(): void {
    if (this.#queues.size === 0) this.#onIdle?.();
  }
}
