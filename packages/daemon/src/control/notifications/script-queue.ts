// The order of the notify scripts of one instance or group: never two at once, and when they are behind only the latest
// state still runs. Pure.
// COMPAT: keepalived starts every script at once, so that an earlier state may be handled last. docs/compatibility.md
import type { Notice } from './notice.js';

export interface ScriptQueue {
  /** Its scripts run now. */
  readonly running: Notice | undefined;
  /** Runs next; a newer one takes its place. */
  readonly waiting: Notice | undefined;
}

export interface QueueStep {
  readonly queue: ScriptQueue;
  /** To be started now. */
  readonly start?: Notice;
  /** Will never run: a newer state came before its turn. */
  readonly superseded?: Notice;
}

export const EMPTY_QUEUE: ScriptQueue = { running: undefined, waiting: undefined };

export function offerNotice(queue: ScriptQueue, notice: Notice): QueueStep {
  if (queue.running === undefined) return { queue: { running: notice, waiting: undefined }, start: notice };
  const { waiting } = queue;
  // A state that waits is never given up for what is none.
  if (waiting !== undefined && notice.state === 'MASTER_RX_LOWER_PRI') return { queue, superseded: notice };
  return { queue: { ...queue, waiting: notice }, ...(waiting === undefined ? {} : { superseded: waiting }) };
}

/** The scripts of the running notice have ended. */
export function finishNotice({ waiting }: ScriptQueue): QueueStep {
  if (waiting === undefined) return { queue: EMPTY_QUEUE };
  return { queue: { running: waiting, waiting: undefined }, start: waiting };
}
