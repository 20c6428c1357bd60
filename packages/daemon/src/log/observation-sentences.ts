// Observation -> log lines: one table from the state machine's closed set of observations to keepalived 2.2.7's sentences
// (seen on the running program; docs/compatibility.md lists the ones that are ours).
import type { Fault, Observation, Role } from '@vrrp/state-machine';
import { evidenceText } from '../reports/fault-clause.js';
import { discardSentences } from './discard-sentences.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import type { LogEntry } from './entry.js';

type Kind = Observation['kind'];
type Of<K extends Kind> = Extract<Observation, { kind: K }>;
type Sentences = { readonly [K in Kind]: (router: RouterIdentity, observation: Of<K>) => readonly LogEntry[] };

/** The lines for one observation; often one, sometimes none. */
export function observationEntries(router: RouterIdentity, observation: Observation): readonly LogEntry[] {
  const sentence = SENTENCES[observation.kind] as (
    router: RouterIdentity,
    observation: Observation,
  ) => readonly LogEntry[];
  return sentence(router, observation);
}

/** keepalived's words for the roles. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  initialize: 'INIT',
  backup: 'BACKUP',
  master: 'MASTER',
  fault: 'FAULT',
};

const SENTENCES: Sentences = {
  transition: (router, observation) => transitionEntries(router, observation),
  'fault-raised': (router, { fault }) => faultEntries(router, fault),
  'fault-cleared': (router, { fault }) =>
    one(router, 'info', `(${router.name}) ${faultText(router, fault)}: cleared`, { fault }, true),
  'master-down-timer-expired': (router) =>
    one(router, 'info', `(${router.name}) Receive advertisement timeout`, {}, true),
  'advertisement-discarded': (router, observation) => discardSentences(router, observation),
  'address-list-mismatch': (router, { source, expected, received, missing }) => {
    const text =
      expected === received
        ? `ip address associated with VRID ${router.vrid} not present in MASTER advert: ${missing ?? ''}`
        : `received an unexpected ip number count ${received}, expected ${expected}!`;
    return one(router, 'warning', `(${router.name}) ${text}`, { source, expected, received, missing });
  },
  'interval-learned': (router, { source, interval, configured }) =>
    one(
      router,
      'info',
      `(${router.name}) advertisement interval changed: mine=${seconds(configured)} sec, ${source} sends every ${seconds(interval)} sec`,
      { source, interval, configured },
      true,
    ),
  'lower-priority-discarded': (router, { source, received, own }) =>
    one(router, 'info', `(${router.name}) received lower priority (${received}) advert from ${source} - discarding`, {
      source,
      received,
      own,
    }),
  'master-heard-lower': (router, { source, received, own, electionForced }) => {
    const end = electionForced ? ', forcing new election' : '';
    const text = `(${router.name}) Received advert from ${source} with lower priority ${received}, ours ${own}${end}`;
    return one(router, 'warning', text, { source, received, own });
  },
  'master-heard-higher': (router, { source, received, own }) => {
    const text =
      received === own
        ? `(${router.name}) Master received advert from ${source} with same priority ${received} but higher IP address than ours`
        : `(${router.name}) Master received advert from ${source} with higher priority ${received}, ours ${own}`;
    return one(router, 'notice', text, { source, received, own });
  },
  'own-address-heard': (router, { source, received }) =>
    one(
      router,
      'warning',
      `(${router.name}) WARNING - equal priority advert received from remote host with our IP address.`,
      { source, received },
    ),
  'priority-zero-received': (router, { source }) =>
    one(router, 'info', `(${router.name}) Backup received priority 0 advertisement`, { source }, true),
  'priority-zero-sent': (router) => one(router, 'info', `(${router.name}) sent 0 priority`, {}, true),
  'priority-changed': (router, { from, to }) =>
    one(router, 'notice', `(${router.name}) Changing effective priority from ${from} to ${to}`, { from, to }),
  'preempt-delay-started': (router, { delay }) =>
    one(router, 'info', `(${router.name}) start preempt delay (${seconds(delay)} sec)`, { delay }),
  'preempt-delay-stopped': (router) => one(router, 'info', `(${router.name}) stop preempt delay`, {}),
  'preempt-delay-expired': (router) => one(router, 'info', `(${router.name}) preempt delay expired`, {}, true),
  'waiting-for-group': (router, { group }) =>
    one(router, 'info', `(${router.name}) waits until the rest of group ${group} can be Master too`, { group }, true),
  'owner-conflict': (router, { source, yields }) => {
    const end = yields ? ' - yielding' : '';
    const text = `(${router.name}) CONFIGURATION ERROR: ${source} says that it owns the addresses too (priority 255)${end}`;
    return one(router, 'error', text, { source, yields });
  },
  'timer-expired': (router, { lateness }) =>
    one(
      router,
      'warning',
      `(${router.name}) was scheduled ${seconds(lateness)} s late, so another router may have taken over`,
      { lateness },
    ),
  'route-lost': (router, { route }) => one(router, 'warning', `(${router.name}) route ${route} was removed`, { route }),
  'rule-lost': (router, { rule }) => one(router, 'warning', `(${router.name}) rule ${rule} was removed`, { rule }),
  'address-lost': (router, { address, interface: link }) =>
    one(router, 'warning', `Netlink reflector reports IP ${address} removed from ${link}`, { address, link }),
};

function transitionEntries(router: RouterIdentity, observation: Of<'transition'>): readonly LogEntry[] {
  const { from, to, cause, priority, faults } = observation;
  const fields = { from, to, reason: cause, priority, faults };
  if (to === 'initialize') return [];
  // Waiting for the first result of a script is not a fault to speak of: keepalived is silent too.
  const real = faults.filter((fault) => fault.kind !== 'tracker-pending');
  if (to === 'fault' && real.length === 0) return [];
  // The reasons came just before, one by one. Small letters at start, capitals later: keepalived's own way.
  if (to === 'fault' && from === 'initialize')
    return one(router, 'warning', `(${router.name}) entering FAULT state`, fields);
  const level = to === 'fault' ? 'warning' : 'notice';
  const start = from === 'initialize' && to === 'backup' ? ' (init)' : '';
  return one(router, level, `(${router.name}) Entering ${ROLE_WORDS[to]} STATE${start}`, fields);
}

function faultEntries(router: RouterIdentity, fault: Fault): readonly LogEntry[] {
  if (fault.kind === 'tracker-pending' || fault.kind === 'group-member') return [];
  return one(router, 'warning', faultSentence(router, fault), { fault });
}

function faultSentence(router: RouterIdentity, fault: Fault): string {
  const { name } = router;
  // With a colon when it is the configured address that is missing: keepalived's own way.
  if (fault.kind === 'no-primary-address')
    return `(${name})${router.source === undefined ? '' : ':'} entering FAULT state (${faultText(router, fault)})`;
  if (fault.kind === 'tracker-down' && fault.trackerKind === 'script') {
    return `(${name}): entering FAULT state due to script ${fault.tracker}${because(fault)}`;
  }
  if (fault.kind === 'tracker-down' && fault.trackerKind === 'process')
    return `(${name}) entering FAULT state (tracked process ${fault.tracker} quorum not achieved)`;
  return `(${name}): entering FAULT state (${faultText(router, fault)})`;
}

function faultText(router: RouterIdentity, fault: Fault): string {
  if (fault.kind === 'interface-down') return `interface ${fault.interface} down`;
  if (fault.kind === 'no-primary-address')
    return router.source === undefined ? `no IPv${router.family} address for interface` : 'src address not configured';
  if (fault.kind === 'no-socket') return `no socket for advertisements: ${fault.reason}`;
  if (fault.kind === 'cannot-send') return `advertisements do not leave: ${fault.reason}`;
  if (fault.kind === 'tracker-pending') return `${fault.trackerKind} ${fault.tracker} has no result yet`;
  if (fault.kind === 'group-member') return `member ${fault.member} of group ${fault.group} is in fault`;
  const { trackerKind, evidence } = fault;
  if (trackerKind === 'file' && evidence?.kind === 'value')
    return `tracked file ${fault.tracker} has status ${evidence.value}`;
  return `${trackerKind} ${fault.tracker} down${because(fault)}`;
}

function because(fault: Fault): string {
  const text = evidenceText(fault);
  return text === undefined ? '' : ` (${text})`;
}

function one(
  router: RouterIdentity,
  level: LogEntry['level'],
  message: string,
  fields: Readonly<Record<string, unknown>>,
  detail = false,
): readonly LogEntry[] {
  const identity = { virtualRouter: router.name, vrid: router.vrid, interface: router.interface };
  return [{ level, message, fields: { ...identity, ...fields }, detail }];
}

function seconds(micros: number): number {
  return micros / 1_000_000;
}
