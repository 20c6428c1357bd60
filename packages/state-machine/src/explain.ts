// Why a virtual router is what it is: as data, and as sentences for people. The role and its cause, the priority as a sum
// of named parts, who is believed to be Master, and what would change it. Reads the state; decides nothing.
import { describeCause, describeFault } from './describe.js';
import { contributions, OWNER_PRIORITY, PRIORITY_MAX, PRIORITY_MIN } from './priority.js';
import type { Contribution } from './priority.js';
import type { LastTransition, UnheardSource, VirtualRouterState } from './state.js';
import type { Fault, Micros, Role } from './types.js';

export interface Explanation {
  readonly name: string;
  readonly role: Role;
  /** When, from which role and why the role was taken; `undefined` before the first transition. */
  readonly since: LastTransition | undefined;
  readonly priority: {
    readonly base: number;
    readonly parts: readonly Contribution[];
    /** Base and parts, before the limits. */
    readonly sum: number;
    readonly effective: number;
    /** The other address owner that did not give way, so that this one counts as 254. */
    readonly rivalOwner: string | undefined;
  };
  /** The other router that is believed to be Master. */
  readonly master: { readonly address: string; readonly priority: number } | undefined;
  readonly faults: readonly Fault[];
  /** Other routers of this VRID whose advertisements are not used. */
  readonly unheard: readonly UnheardSource[];
  /** What happens next by itself, and when; `undefined`: nothing. */
  readonly next: { readonly at: Micros; readonly kind: 'take-over' | 'advertise' | 'start' | 'retry' } | undefined;
  /** What else would change the role. */
  readonly changes: readonly string[];
}

export function explain(state: VirtualRouterState): Explanation {
  const { config, facts, lastTransition, master } = state;
  const parts = config.priority === OWNER_PRIORITY ? [] : contributions(config, facts);
  const sum = parts.reduce((total, part) => total + part.value, config.priority);
  return {
    name: config.name,
    role: state.role,
    since: lastTransition,
    priority: { base: config.priority, parts, sum, effective: state.priority, rivalOwner: facts.rivalOwner },
    master: master === undefined ? undefined : { address: master.address, priority: master.priority },
    faults: state.faults,
    unheard: state.unheard,
    next: nextStep(state),
    changes: changesOf(state),
  };
}

/** The explanation as sentences, most important first. Times are on the host's clock: it says them itself. */
export function describeExplanation(explanation: Explanation): readonly string[] {
  const { name, role, since, master, faults } = explanation;
  const because = since === undefined ? '' : `, because ${describeCause(since.cause)}`;
  const sentences = [`${name} is ${ROLE_WORDS[role]}${because}.`];
  for (const fault of faults) sentences.push(`${capital(describeFault(fault))}.`);
  sentences.push(describePriority(explanation.priority));
  if (master !== undefined) sentences.push(`It takes ${master.address} (priority ${master.priority}) for the Master.`);
  else if (role === 'backup') sentences.push('It has heard no Master.');
  for (const change of explanation.changes) sentences.push(`${capital(change)}.`);
  return sentences;
}

function nextStep(state: VirtualRouterState): Explanation['next'] {
  const { masterDown, advertisement, startupDelay, sendRetry } = state.timers;
  if (state.role === 'backup' && masterDown !== undefined) return { at: masterDown, kind: 'take-over' };
  if (state.role === 'master' && advertisement !== undefined) return { at: advertisement, kind: 'advertise' };
  if (state.role === 'initialize' && startupDelay !== undefined) return { at: startupDelay, kind: 'start' };
  if (state.role === 'fault' && sendRetry !== undefined) return { at: sendRetry, kind: 'retry' };
  return undefined;
}

function changesOf(state: VirtualRouterState): readonly string[] {
  switch (state.role) {
    case 'initialize':
      if (!state.started) return ['it begins when it is told to start'];
      if (state.waitingForGroup) return [WAITS_FOR_GROUP];
      if (state.timers.startupDelay !== undefined) return ['it begins when the startup delay is over'];
      return state.faults.map((fault) => `it begins when it is no longer true that ${describeFault(fault)}`);
    case 'fault':
      return ['it becomes Backup when nothing is wrong any more'];
    case 'master':
      return masterChanges(state);
    case 'backup':
      return backupChanges(state);
  }
}

const WAITS_FOR_GROUP = 'it becomes Master when every member of its sync group can';

function masterChanges({ config, priority, facts, timers }: VirtualRouterState): readonly string[] {
  const address = facts.primaryAddress ?? 'its own';
  const changes =
    config.ownerIgnoresAdvertisements === true && priority === OWNER_PRIORITY
      ? ['it ignores what other routers advertise']
      : [
          `it becomes Backup when it hears a priority above ${priority}, or the same from a higher address than ${address}`,
        ];
  if (timers.rivalWatch !== undefined) {
    changes.push('it becomes Backup when another router goes on saying that it owns the addresses');
  }
  if (config.syncGroup !== undefined) changes.push(`it leaves with any other member of sync group ${config.syncGroup}`);
  return changes;
}

function backupChanges(state: VirtualRouterState): readonly string[] {
  if (state.waitingForGroup) return [WAITS_FOR_GROUP];
  if (state.timers.startupDelay !== undefined) return ['it listens when the startup delay is over'];
  if (state.masterStopping) return ['the Master said that it stops: it becomes Master unless another one advertises'];
  if (state.facts.rivalOwner !== undefined) {
    return [`it becomes Master, as the owner again, when ${state.facts.rivalOwner} falls silent`];
  }
  const { master, priority, config } = state;
  const changes = ['it becomes Master when the Master falls silent or says that it stops'];
  if (!config.preempt) changes.push('it does not take the role from a Master that advertises, whatever the priority');
  else if (master !== undefined && master.priority >= priority) {
    changes.push(`it becomes Master when its priority rises above ${master.priority}, now ${priority}`);
  } else if (state.preemption === 'delaying') {
    changes.push('it takes the role from the Master, which has a lower priority, after the preempt delay');
  }
  return changes;
}

function describePriority(priority: Explanation['priority']): string {
  const { base, parts, sum, effective, rivalOwner } = priority;
  if (rivalOwner !== undefined) {
    return `Its priority is ${effective}: it owns the addresses, but ${rivalOwner} says so too and does not give way.`;
  }
  if (base === OWNER_PRIORITY) return 'Its priority is 255: it owns the addresses.';
  const terms = parts.filter((part) => part.value !== 0).map((part) => term(part));
  const limit = sum === effective ? '' : `, which is ${sum}, kept within ${PRIORITY_MIN} and ${PRIORITY_MAX}`;
  return `Its priority is ${effective}: ${[`${base} configured`, ...terms].join(' ')}${limit}.`;
}

function term({ kind, name, value }: Contribution): string {
  return `${value < 0 ? '-' : '+'} ${Math.abs(value)} ${kind} ${name}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  initialize: 'not running yet',
  backup: 'Backup',
  master: 'Master',
  fault: 'in fault',
};
