// What others are told: an instance or a sync group is in another state. Pure; the words, their order and the FIFO's lines
// are keepalived 2.2.7's (seen on the running program). It does not know who listens.
import type { GroupObservation, Observation, Role } from '@vrrp/state-machine';
import type { NotifyScripts } from '../../plan/notifications.js';
import type { Notice, NoticeState, PreviousState } from '../../reports/notice.js';

/** What only FIFOs are told. */
export type FifoWord = NoticeState | 'MASTER_PRIORITY' | 'BACKUP_PRIORITY';

/** The state that an observation tells of; undefined when there is nothing to tell. */
export function noticeState(observation: Observation | GroupObservation): NoticeState | undefined {
  if (observation.kind === 'group-transition') return stateWord(observation.to);
  if (observation.kind !== 'transition') return undefined;
  // An instance that waits for the first result of a script is silent.
  const silent = observation.to === 'fault' && observation.faults.every((fault) => fault.kind === 'tracker-pending');
  return silent ? undefined : stateWord(observation.to);
}

function stateWord(role: Role): 'MASTER' | 'BACKUP' | 'FAULT' | undefined {
  if (role === 'initialize') return undefined;
  return role === 'master' ? 'MASTER' : role === 'backup' ? 'BACKUP' : 'FAULT';
}

export function previousState(role: Role): PreviousState {
  return stateWord(role) ?? 'INIT';
}

/** What its listeners are kept under. */
export function subjectKey({ scope, name }: Pick<Notice, 'scope' | 'name'>): string {
  return `${scope} ${name}`;
}

export function fifoLine(notice: Omit<Notice, 'state'> & { readonly state: FifoWord }): string {
  return `${notice.scope} "${notice.name}" ${notice.state} ${notice.priority}\n`;
}

const SPECIFIC = {
  MASTER: 'master',
  BACKUP: 'backup',
  FAULT: 'fault',
  STOP: 'stop',
  DELETED: 'deleted',
  MASTER_RX_LOWER_PRI: 'lowerPriority',
} as const;

/** What runs for a notice, in this order: the script for the state as it is, the general one with four more arguments. */
export function commandsFor(notice: Notice, scripts: NotifyScripts): readonly NoticeCommand[] {
  // keepalived tells the fault of an instance that a reload removed to `notify` alone.
  const isRemoval = notice.state === 'FAULT' && notice.reason?.cause === 'reload';
  const specific = isRemoval ? undefined : scripts[SPECIFIC[notice.state]];
  const general = notice.state === 'MASTER_RX_LOWER_PRI' ? undefined : scripts.any;
  const words = [notice.scope, notice.name, notice.state, String(notice.priority)];
  return [
    ...(specific === undefined ? [] : [specific]),
    ...(general === undefined ? [] : [{ ...general, argv: [...general.argv, ...words] }]),
  ];
}

export type NoticeCommand = NonNullable<NotifyScripts['any']>;
