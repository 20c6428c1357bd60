// A state that was reached, as scripts, FIFOs, mail and webhooks are told of it. The words are keepalived's. Who makes
// notices of observations: control/notifications.
import type { Cause, Fault } from '@vrrp/state-machine';

/** `MASTER_RX_LOWER_PRI` is no state: a Master heard a lower priority. */
export type NoticeState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED' | 'MASTER_RX_LOWER_PRI';

export interface Notice {
  readonly scope: 'INSTANCE' | 'GROUP';
  readonly name: string;
  readonly state: NoticeState;
  /** Effective priority; 0 for groups. */
  readonly priority: number;
  /** Scripts and FIFOs are not told. */
  readonly reason?: NoticeReason;
}

/** Why, as far as it is known. `reload`: a reload took it away. */
export interface NoticeReason {
  readonly cause: Cause | 'reload';
  readonly previous?: PreviousState;
  /** What is wrong now. */
  readonly faults: readonly Fault[];
  /** The member of a group whose change the others followed. */
  readonly member?: string;
}

export type PreviousState = 'INIT' | 'MASTER' | 'BACKUP' | 'FAULT';
