// Evidence: whether it speaks for success, whether two pieces say the same, and how people read one.
// Pure. Signal numbers are those of Linux on every architecture Node.js runs on there.

import { assertNever } from './assert-never.js';
import type { Evidence } from './tracker.js';

/** Whether a run of a check with this evidence was a success. */
export function isSuccess(evidence: Evidence): boolean {
  return (
    (evidence.kind === 'exit' && evidence.status === 0) || (evidence.kind === 'check' && evidence.result === 'passed')
  );
}

export function sameEvidence(one: Evidence, other: Evidence): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Evidence that went through a program which does not know the results of checks. */
export type CarriedEvidence =
  Exclude<Evidence, { kind: 'check' }> | { readonly kind: 'check'; readonly result: string; readonly detail: string };

/** A few words: `exit 3`, `signal 9`, `timeout`, `exec-error: …`, `value 5`; '' for `none`. */
export function formatEvidence(evidence: CarriedEvidence): string {
  switch (evidence.kind) {
    case 'exit':
      return `exit ${evidence.status}`;
    case 'signal':
      return `signal ${signalNumber(evidence.signal) ?? evidence.signal}`;
    case 'timeout':
      return 'timeout';
    case 'exec-error':
      return `exec-error: ${evidence.message}`;
    case 'value':
      return `value ${evidence.value}`;
    case 'check':
      return `${evidence.result}: ${evidence.detail}`;
    case 'none':
      return '';
    default:
      return assertNever(evidence);
  }
}

/** The same without what is different each time: `exit 3`, `signal 9`, `timeout`, `exec-error`, `refused`; '' for `none`. */
export function resultWord(evidence: CarriedEvidence): string {
  if (evidence.kind === 'exec-error') return evidence.kind;
  return evidence.kind === 'check' ? evidence.result : formatEvidence(evidence);
}

/** The number of a signal name as signal(7) gives it for Linux; undefined for a name it does not know. */
export function signalNumber(name: string): number | undefined {
  const index = SIGNALS.indexOf(name);
  return index === -1 ? undefined : index + 1;
}

/** The name of a signal number as signal(7) gives it for Linux; the number for one without a name. */
export function signalName(number: number): string {
  return SIGNALS[number - 1] ?? `${number}`;
}

const SIGNALS: readonly string[] =
  `SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM
   SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO
   SIGPWR SIGSYS`.split(/\s+/);
