// nopreempt, preempt_delay and timer_expired_backup, and what they do not go with (the same words of keepalived.conf(5)).
import { finding } from '../bind/scope.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';

export function settlePreemption({ scope, draft, priority, state, strict }: Settled): {
  nopreempt: boolean;
  preempt_delay: number;
  timer_expired_backup?: number;
} {
  let { nopreempt, preempt_delay } = draft;
  const conflict = (keyword: string, summary: string): void =>
    finding(scope, 'conf/preempt-conflict', placeOf(draft, keyword), summary);
  if (nopreempt && priority === 255) {
    conflict('nopreempt', 'the address owner (priority 255) always preempts: nopreempt is dropped');
    nopreempt = false;
  } else if (nopreempt && state === 'MASTER') {
    conflict('nopreempt', 'nopreempt needs state BACKUP: it is dropped');
    nopreempt = false;
  }
  if (preempt_delay > 0 && strict) {
    conflict('preempt_delay', 'strict mode has no preempt_delay: it is dropped');
    preempt_delay = 0;
  } else if (preempt_delay > 0 && state === 'MASTER') {
    conflict('preempt_delay', 'preempt_delay needs state BACKUP: it is dropped');
    preempt_delay = 0;
  } else if (preempt_delay > 0 && nopreempt) {
    conflict('preempt_delay', 'with nopreempt there is nothing to delay: preempt_delay is dropped');
    preempt_delay = 0;
  }
  const { timer_expired_backup } = draft;
  if (timer_expired_backup === undefined) return { nopreempt, preempt_delay };
  if (nopreempt) return { nopreempt, preempt_delay, timer_expired_backup };
  conflict('timer_expired_backup', 'timer_expired_backup needs nopreempt: it is dropped');
  return { nopreempt, preempt_delay };
}
