// Words for what happened: causes, faults and reasons as short clauses for people, and one-line texts of actions and
// observations for traces and golden scripts. Data in, text out; keepalived's own log sentences are the daemon's.
import { assertNever } from './assert-never.js';
import type { VirtualRouterConfig } from './config.js';
import type { Action, Cause, Fault, Observation } from './types.js';

/** Why a transition happened, as the rest of a sentence: "became Master because …". */
export function describeCause(cause: Cause): string {
  return CAUSES[cause];
}

/** What is wrong, as a clause: "interface eth0 is down". What a tracker found is its owner's to say. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'interface-down':
      return `interface ${fault.interface} is down`;
    case 'no-primary-address':
      return 'there is no address to send from';
    case 'no-socket':
      return `there is no socket for advertisements (${fault.reason})`;
    case 'cannot-send':
      return `its advertisements do not leave (${fault.reason})`;
    case 'tracker-down':
      return `${fault.trackerKind} ${fault.tracker} is bad`;
    case 'tracker-pending':
      return `${fault.trackerKind} ${fault.tracker} has no result yet`;
    case 'group-member':
      return `${fault.member} of sync group ${fault.group} is in fault`;
    default:
      return assertNever(fault);
  }
}

/** One line without name and time: `backup -> master (master-down-timer)`, `send-advertisement priority=100`. */
export function formatAction(action: Action, config: VirtualRouterConfig): string {
  switch (action.kind) {
    case 'send-advertisement':
      return `${action.kind} priority=${action.priority}`;
    case 'add-addresses':
      return `${action.kind} ${config.virtualAddresses.join(' ')}${action.accept ? '' : ' accept=no'}`;
    case 'remove-addresses':
      return `${action.kind} ${config.virtualAddresses.join(' ')}`;
    case 'announce-addresses':
      return `${action.kind} ${config.virtualAddresses.join(' ')} repeat=${action.repeat}`;
    case 'announce-primary-address':
      return action.kind;
    case 'announce-group':
      return `${action.kind} ${action.group}`;
    case 'observe':
      return formatObservation(action.observation);
    default:
      return assertNever(action);
  }
}

export function formatObservation(observation: Observation): string {
  if (observation.kind === 'transition') {
    return `${observation.from} -> ${observation.to} (${observation.cause})`;
  }
  if (observation.kind === 'fault-raised' || observation.kind === 'fault-cleared') {
    return `${observation.kind}: ${describeFault(observation.fault)}`;
  }
  const fields = Object.entries(observation).filter(([name]) => name !== 'kind');
  return [observation.kind, ...fields.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}

const CAUSES: Readonly<Record<Cause, string>> = {
  startup: 'it started',
  shutdown: 'it was told to stop',
  'address-owner': 'it owns the addresses',
  'master-down-timer': 'no Master was heard for the Master_Down_Interval',
  'priority-zero-timer': 'the Master said that it stops',
  'higher-priority-advertisement': 'a router of higher priority advertises',
  'equal-priority-higher-address': 'a router of equal priority and higher address advertises',
  'address-lost': 'somebody removed a virtual address',
  'route-lost': 'somebody removed a virtual route',
  'rule-lost': 'somebody removed a virtual rule',
  'owner-conflict': 'another router says that it owns the addresses, and does not give way',
  'timer-expired': 'it was not scheduled for so long that another router may have taken over',
  fault: 'something is wrong',
  'faults-cleared': 'everything that was wrong is right again',
  'sync-group': 'its sync group went along',
};
