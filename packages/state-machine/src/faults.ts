// Which faults follow from the facts. Level-triggered: the set is worked out anew from what is true now, never counted,
// so lost or repeated events cannot leave a router stuck. keepalived.conf(5) track_*, dont_track_primary; RFC 9568 has
// no such state. What a fault does to the role is in fault.ts.
import type { TrackedObject, VirtualRouterConfig } from './config.js';
import { trackerFact } from './facts.js';
import type { Facts, TrackerFact } from './facts.js';
import { FILE_CONTRIBUTION_FAULT, fileProduct } from './priority.js';
import type { Fault } from './types.js';

/** One for all routers that are well. */
const NO_FAULTS: readonly Fault[] = [];

/** Everything that is wrong now, in a fixed order: links, source address, trackers as configured, sync group. */
export function deriveFaults(config: VirtualRouterConfig, facts: Facts): readonly Fault[] {
  const faults: Fault[] = [];
  // An own link never heard of is down: better silent for a moment than Master on a link that is not there.
  if (config.trackInterface && !facts.links.some((link) => link.interface === config.interface && link.up)) {
    faults.push({ kind: 'interface-down', interface: config.interface });
  }
  for (const link of facts.links) {
    if (!link.up && link.interface !== config.interface) {
      faults.push({ kind: 'interface-down', interface: link.interface });
    }
  }
  if (facts.primaryAddress === undefined) faults.push({ kind: 'no-primary-address' });
  // Without an address there cannot be one.
  else if (facts.socketProblem !== undefined) faults.push({ kind: 'no-socket', reason: facts.socketProblem });
  if (facts.sendProblem !== undefined) faults.push({ kind: 'cannot-send', reason: facts.sendProblem });
  for (const tracked of config.trackedObjects) {
    const fault = trackerFault(tracked, facts);
    if (fault !== undefined) faults.push(fault);
  }
  if (config.syncGroup !== undefined && facts.heldBy !== undefined) {
    faults.push({ kind: 'group-member', group: config.syncGroup, member: facts.heldBy });
  }
  // A growing list keeps room for more; what is kept in the state has none to spare.
  return faults.length === 0 ? NO_FAULTS : faults.slice();
}

/** Whether two faults are the same trouble; the evidence may differ. */
export function sameFault(a: Fault, b: Fault): boolean {
  return faultKey(a) === faultKey(b);
}

/** Faults of `faults` that are not in `others`. */
export function faultsMissingIn(others: readonly Fault[], faults: readonly Fault[]): readonly Fault[] {
  return faults.filter((fault) => !others.some((other) => sameFault(fault, other)));
}

function faultKey(fault: Fault): string {
  switch (fault.kind) {
    case 'interface-down':
      return `${fault.kind} ${fault.interface}`;
    case 'no-primary-address':
    case 'no-socket':
    case 'cannot-send':
      return fault.kind;
    case 'tracker-down':
    case 'tracker-pending':
      return `${fault.kind} ${fault.trackerKind} ${fault.tracker}`;
    case 'group-member':
      return `${fault.kind} ${fault.group}`;
  }
}

function trackerFault(tracked: TrackedObject, facts: Facts): Fault | undefined {
  const fact = trackerFact(facts, tracked.kind, tracked.name);
  const name = { tracker: tracked.name, trackerKind: tracked.kind };
  if (tracked.weight === 0 && fact.status === 'unknown') return { kind: 'tracker-pending', ...name };
  if (!isBad(tracked, fact, facts)) return undefined;
  return { kind: 'tracker-down', ...name, ...(fact.evidence === undefined ? {} : { evidence: fact.evidence }) };
}

function isBad(tracked: TrackedObject, fact: TrackerFact, facts: Facts): boolean {
  if (tracked.kind === 'file') {
    if (tracked.weight !== 0) return fileProduct(tracked, facts) <= FILE_CONTRIBUTION_FAULT;
    // A gate made of a file is open at 0 (reverse: at anything else); a file that cannot be read at all closes it.
    return fact.value === undefined ? fact.status === 'down' : (fact.value !== 0) !== tracked.reverse;
  }
  return tracked.weight === 0 && (fact.status === 'up') === tracked.reverse;
}
