// The order in which one listener hears of one instance or group: one delivery at a time, and only so many wait; when they
// would be more the oldest is left out, so that the latest state is always told. Pure.
// COMPAT: keepalived starts every script at once, so that an earlier state may be handled last. docs/compatibility.md
import type { Notice } from '../../reports/notice.js';

/** One notice on its way to one listener. */
export interface Delivery {
  readonly notice: Notice;
}

export interface DeliveryQueue<Job extends Delivery> {
  readonly running: Job | undefined;
  /** Oldest first. */
  readonly waiting: readonly Job[];
}

export interface QueueStep<Job extends Delivery> {
  readonly queue: DeliveryQueue<Job>;
  /** To be started now. */
  readonly start?: Job;
  /** Will never be told: newer ones came before its turn. */
  readonly superseded?: Job;
}

export const EMPTY_QUEUE: DeliveryQueue<never> = { running: undefined, waiting: [] };

/** @param waitingMax how many may wait behind the one that runs, at least 1. */
export function offerDelivery<Job extends Delivery>(
  { running, waiting }: DeliveryQueue<Job>,
  job: Job,
  waitingMax: number,
): QueueStep<Job> {
  if (running === undefined) return { queue: { running: job, waiting }, start: job };
  if (waiting.length < waitingMax) return { queue: { running, waiting: [...waiting, job] } };
  // A state that waits is never given up for what is none.
  if (job.notice.state === 'MASTER_RX_LOWER_PRI') return { queue: { running, waiting }, superseded: job };
  const [oldest, ...rest] = waiting;
  return {
    queue: { running, waiting: [...rest, job] },
    ...(oldest === undefined ? {} : { superseded: oldest }),
  };
}

/** The running delivery has ended. */
export function finishDelivery<Job extends Delivery>({ waiting }: DeliveryQueue<Job>): QueueStep<Job> {
  const [next, ...rest] = waiting;
  if (next === undefined) return { queue: EMPTY_QUEUE };
  return { queue: { running: next, waiting: rest }, start: next };
}
