// EngineReport -> log lines: what the engine did and saw beside the state machine's own observations.
import { MICROS_PER_SECOND, type GroupObservation } from '@vrrp/state-machine';
import type { EngineReport } from '../engine/messages.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import type { LogEntry } from './entry.js';
import { observationEntries, ROLE_WORDS } from './observation-sentences.js';

/** @param routerOf who a virtual router's key stands for; undefined once it is gone. */
export function reportEntries(
  report: EngineReport,
  routerOf: (key: string) => RouterIdentity | undefined,
): readonly LogEntry[] {
  const router = 'router' in report && report.router !== undefined ? routerOf(report.router) : undefined;
  const identity =
    router === undefined ? {} : { virtualRouter: router.name, vrid: router.vrid, interface: router.interface };
  const common = { monotonic: report.at, event: eventName(report), ...identity };
  return entriesOf(report, router).map((entry) => withFields(common, entry));
}

function withFields(common: LogEntry['fields'], entry: LogEntry): LogEntry {
  return { ...entry, fields: { ...common, ...entry.fields } };
}

function eventName(report: EngineReport): string {
  return report.kind === 'observation' || report.kind === 'group-observation' ? report.observation.kind : report.kind;
}

function entriesOf(report: EngineReport, router: RouterIdentity | undefined): readonly LogEntry[] {
  if (report.kind === 'observation') return router === undefined ? [] : observationEntries(router, report.observation);
  if (report.kind === 'group-observation') return groupEntries(report.observation);
  if (report.kind === 'addresses-set') return addressEntries(router, 'setting VIPs.', report.addresses);
  if (report.kind === 'addresses-removed') return addressEntries(router, 'removing VIPs.', report.addresses);
  if (report.kind === 'announced') return announcementEntries(report, router);
  if (report.kind === 'leftovers-removed') return leftoverEntries(report.addresses);
  if (report.kind === 'leftover-kept') return keptEntries(report);
  if (report.kind === 'addresses-repaired') return repairEntries(report, router);
  if (report.kind === 'unknown-vrid') {
    const { vrid, link, source, family } = report;
    const message = `Unknown VRID(${vrid}) received on interface(${link}). ignoring...`;
    return [{ level: 'info', message, fields: { vrid, link, source, family } }];
  }
  if (report.kind === 'link') {
    const { link, up, seenBy } = report;
    const message = `${seenBy === 'netlink' ? 'Netlink' : 'Linkbeat'} reports ${link} ${up ? 'up' : 'down'}`;
    return [{ level: up ? 'notice' : 'warning', message, fields: { link, up, seenBy } }];
  }
  if (report.kind === 'link-change-held') {
    const { link, up, delay } = report;
    const message = `${link} is ${up ? 'up' : 'down'}: counts if it is so for ${delay / MICROS_PER_SECOND} s`;
    return [{ level: 'info', message, fields: { link, up, delay }, detail: true }];
  }
  if (report.kind === 'channel-opened') return channelEntries(report);
  if (report.kind === 'operation-failed') return failureEntries(report, router);
  if (report.kind === 'scheduled') return schedulingEntries(report);
  if (report.kind === 'stalled') {
    const message = `A thread timer expired ${report.lateness / MICROS_PER_SECOND} seconds ago`;
    return [{ level: 'warning', message, fields: { lateness: report.lateness } }];
  }
  return [];
}

function groupEntries(observation: GroupObservation): readonly LogEntry[] {
  const { group, to } = observation;
  // The members' own lines say that they got there.
  if (observation.kind === 'group-transition') return [];
  const message = `VRRP_Group(${group}) Syncing instances to ${ROLE_WORDS[to]} state`;
  return [{ level: 'notice', message, fields: { group, to, member: observation.member } }];
}

function addressEntries(
  router: RouterIdentity | undefined,
  words: string,
  addresses: readonly string[],
): readonly LogEntry[] {
  if (router === undefined) return [];
  return [{ level: 'info', message: `(${router.name}) ${words}`, fields: { addresses }, detail: true }];
}

/** keepalived writes two lines for each address; one carries the facts, so that nobody counts them twice. */
function announcementEntries(
  report: EngineReport & { kind: 'announced' },
  router: RouterIdentity | undefined,
): readonly LogEntry[] {
  const [many, single] =
    router?.family === 6
      ? ['unsolicited Neighbour Adverts', 'unsolicited Neighbour Advert']
      : ['gratuitous ARPs', 'gratuitous ARP'];
  return report.targets.flatMap(({ link, address }): readonly LogEntry[] => [
    {
      level: 'info',
      message: `(${router?.name ?? ''}) Sending/queueing ${many} on ${link} for ${address}`,
      fields: { event: 'announcing', link, address },
      detail: true,
    },
    {
      level: 'info',
      message: `Sending ${single} on ${link} for ${address}`,
      fields: { link, address, times: report.times },
      detail: true,
    },
  ]);
}

function leftoverEntries(
  addresses: readonly { readonly link: string; readonly address: string }[],
): readonly LogEntry[] {
  return addresses.map(({ link, address }) => ({
    level: 'notice',
    message: `removed ${address} from ${link}, left there by an earlier run`,
    fields: { link, address },
  }));
}

function keptEntries({ link, address, why }: EngineReport & { kind: 'leftover-kept' }): readonly LogEntry[] {
  const reason = why === 'owner' ? 'the virtual router owns it' : `it is the only address of ${link}`;
  const message = `left ${address} on ${link}, where it was before the start: ${reason}`;
  return [{ level: 'warning', message, fields: { link, address, why } }];
}

/** COMPAT: keepalived goes to Backup, and says that it removes what is left. docs/compatibility.md */
function repairEntries(
  { addresses, by }: EngineReport & { kind: 'addresses-repaired' },
  router: RouterIdentity | undefined,
): readonly LogEntry[] {
  const process = by?.process === undefined ? '' : ` (${by.process})`;
  const who = by === undefined ? 'somebody' : `process ${by.port}${process}`;
  const [first = ''] = addresses;
  const what = addresses.length === 1 ? first : `${addresses.length} addresses, ${first} first,`;
  const message = `(${router?.name ?? ''}) ${who} removed ${what} from the network: put back and announced`;
  return [{ level: 'warning', message, fields: { addresses, by } }];
}

function channelEntries(report: EngineReport & { kind: 'channel-opened' }): readonly LogEntry[] {
  const { family, link, linkIndex, multicastGroup } = report;
  const way = multicastGroup === undefined ? 'unicast' : `multicast, address(${multicastGroup})`;
  const message = `VRRP sockpool: [ifindex(${linkIndex}), family(IPv${family}), proto(112), ${way}]`;
  return [{ level: 'info', message, fields: { family, link, linkIndex, multicastGroup }, detail: true }];
}

function schedulingEntries(report: EngineReport & { kind: 'scheduled' }): readonly LogEntry[] {
  const { niceValue, realtimePriority, refused } = report;
  const now = realtimePriority === undefined ? `nice value ${niceValue}` : `real-time priority ${realtimePriority}`;
  if (refused === undefined) {
    const message = `The engine's thread has ${now}`;
    return [{ level: 'info', message, fields: { niceValue, realtimePriority }, detail: true }];
  }
  const { priority, error } = refused;
  const message = `the engine's thread has ${now}, and not real-time priority ${priority}: ${error.message}`;
  return [{ level: 'warning', message, fields: { niceValue, realtimePriority: priority, error } }];
}

function failureEntries(
  report: EngineReport & { kind: 'operation-failed' },
  router: RouterIdentity | undefined,
): readonly LogEntry[] {
  const who = router === undefined ? '' : `(${router.name}) `;
  const { operation, error } = report;
  return [{ level: 'error', message: `${who}could not ${operation}: ${error.message}`, fields: { operation, error } }];
}
