// The status document -> text for people, pure: a line about the daemon, a table of virtual routers with what is wrong with
// each, a table of what they track.
import type {
  PriorityDocument,
  StatusDocument,
  TrackerDocument,
  TrackerUseDocument,
  VirtualRouterDocument,
} from '../control/status/document.js';
import { formatDuration } from '../control/status/duration.js';
import { printable } from './printable.js';

const GAP = '  ';

export function statusText(status: StatusDocument): string {
  const { virtualRouters, syncGroups, trackers } = status;
  return [
    [headLine(status), ...reloadLine(status), ...findingLines(status)],
    table(ROUTER_HEAD, virtualRouters.map(routerRow)),
    [...virtualRouters.flatMap(remarks), ...fifoRemarks(status)],
    table(
      ['SYNC GROUP', 'ROLE', 'MEMBERS'],
      syncGroups.map((one) => [one.name, ROLES[one.role], one.members.join(' ')]),
    ),
    table(TRACKER_HEAD, trackers.map(trackerRow)),
  ]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function headLine({ daemon, configuration }: StatusDocument): string {
  const { version, pid, uptime } = daemon;
  return `vrrpd ${version}, pid ${pid}, up ${formatDuration(uptime)}, ${printable(configuration.file)}`;
}

function reloadLine({ configuration: { lastReload } }: StatusDocument): readonly string[] {
  if (lastReload === null) return [];
  if (lastReload.successful) return [`reloaded at ${lastReload.time}`];
  return [`THE RELOAD AT ${lastReload.time} FAILED (${lastReload.reason ?? ''}): an older configuration runs`];
}

/** What was left out of the configuration that runs. */
function findingLines({ configuration: { findings } }: StatusDocument): readonly string[] {
  return findings.map(({ code, severity, message, place }) => {
    const where = place === null ? '' : `${place.file}:${place.line}: `;
    return printable(`${where}${severity}: ${message} [${code}]`);
  });
}

const ROLES = { initialize: 'INIT', backup: 'BACKUP', master: 'MASTER', fault: 'FAULT' } as const;
const ROUTER_HEAD = ['VIRTUAL ROUTER', 'INTERFACE', 'VRID', 'ROLE', 'FOR', 'PRIORITY', 'MASTER', 'WHY'];

function routerRow(router: VirtualRouterDocument): readonly string[] {
  const { name, interface: link, vrid, family, role, since, priority } = router;
  return [
    name,
    link,
    `${vrid}/IPv${family}`,
    ROLES[role],
    since === null ? '-' : formatDuration(since.seconds),
    priorityText(priority),
    masterText(router),
    whyText(router),
  ];
}

/** The cause of the role; in fault the first fault, and beside it that another router is not heard. */
function whyText({ role, since, faults, unheard }: VirtualRouterDocument): string {
  if (since === null) return 'not started';
  const [fault] = faults;
  const cause = role === 'fault' && fault !== undefined ? fault.message : since.cause;
  if (unheard.length === 0) return cause;
  if (unheard.every(({ reason }) => reason === 'foreign-addresses')) return `${cause}, ANOTHER CLUSTER HAS ITS VRID`;
  return `${cause}, ${role === 'master' ? 'TWO MASTERS' : 'A MASTER IS NOT HEARD'}`;
}

/** `80 = 100 - 20 chk`; parts that add nothing are left out. */
function priorityText({ base, parts, sum, effective, rivalOwner }: PriorityDocument): string {
  if (rivalOwner !== null) return `${effective} (${rivalOwner} owns the addresses too)`;
  const terms = parts
    .filter(({ value }) => value !== 0)
    .map(({ name, value }) => `${value < 0 ? '-' : '+'} ${Math.abs(value)} ${name}`);
  if (terms.length === 0) return String(effective);
  return `${effective} = ${[base, ...terms].join(' ')}${sum === effective ? '' : ' (limited)'}`;
}

function masterText({ role, master }: VirtualRouterDocument): string {
  if (role === 'master') return 'itself';
  if (master === null) return '-';
  const heard = master.heard === null ? '' : `, heard ${formatDuration(master.heard)} ago`;
  return `${master.address} (${master.priority}${heard})`;
}

/** What is wrong, in lines of its own: why a router is not what one expects. */
function remarks({ name, role, faults, unheard, repairs, virtualAddresses }: VirtualRouterDocument): readonly string[] {
  const held = virtualAddresses.filter(({ present }) => present).map(({ address }) => address);
  const wrong = virtualAddresses.filter(({ present }) => present !== (role === 'master'));
  const verb = role === 'master' ? 'is missing from' : 'is still on';
  return [
    ...(role === 'master' && held.length > 0 ? [`${name}: has ${held.join(' ')}`] : []),
    ...faults.map(({ message }) => `${name}: ${message}`),
    ...unheard.map(({ message, since, mend }) => `${name}: ${message}, since ${since} (to mend it, ${mend})`),
    ...repairLine(name, repairs),
    ...wrong.map(({ address, interface: link }) => `${name}: ${address} ${verb} ${link}`),
  ].map(printable);
}

function repairLine(name: string, { count, last }: VirtualRouterDocument['repairs']): readonly string[] {
  if (last === null) return [];
  const { time, by } = last;
  const who = by === null ? 'somebody' : `process ${by.pid}${by.process === null ? '' : ` (${by.process})`}`;
  return [`${name}: ${count} address${count === 1 ? '' : 'es'} put back, last at ${time}, removed by ${who}`];
}

function fifoRemarks({ notifications: { fifos } }: StatusDocument): readonly string[] {
  return fifos
    .filter(({ lost }) => lost > 0)
    .map(({ path, lost }) => printable(`notify FIFO ${path}: ${lost} lost, because nobody read the lines before`));
}

const TRACKER_HEAD = ['TRACKER', 'KIND', 'STATUS', 'FOR', 'REASON', 'LAST RUN', 'USED BY'];
const WORDS = { up: 'up', down: 'down', unknown: 'unknown' } as const;

function trackerRow({ name, kind, status, since, reason, lastRun, usedBy }: TrackerDocument): readonly string[] {
  return [
    name,
    kind,
    WORDS[status],
    since === null ? '-' : formatDuration(since.seconds),
    reason ?? '-',
    lastRun === null ? '-' : `${lastRun.result}, took ${formatDuration(lastRun.duration)}`,
    usedBy.map(useText).join(', '),
  ];
}

function useText({ virtualRouter, effect, weight, reverse }: TrackerUseDocument): string {
  const how = effect === 'gate' ? 'gate' : `weight ${weight}`;
  return `${virtualRouter} (${how}${reverse ? ' reverse' : ''})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const all = [head, ...rows.map((row) => row.map(printable))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}
