// What can go wrong in a simulation, as plain data, and the words for it: a fault prints as the line of a fault script
// that makes it (docs/reference/simulate.md). No parsing (fault-script.ts) and no effect here: that is each host's.
import type { Micros, TrackerKind } from '../types.js';
import { formatDuration } from './duration.js';
import type { LanConditions } from './lan.js';

/** One direction between two nodes. */
export type Way = readonly [from: string, to: string];

export type Fault =
  /** The machine is off; what it knew is forgotten, its own addresses apart. */
  | { readonly kind: 'crash'; readonly node: string }
  /** SIGKILL: the program is gone, its virtual addresses stay on the machine. */
  | { readonly kind: 'kill'; readonly node: string }
  /** SIGTERM. */
  | { readonly kind: 'stop'; readonly node: string }
  /** Nothing when it runs. */
  | { readonly kind: 'start'; readonly node: string }
  /** Stopped first when it runs. */
  | { readonly kind: 'restart'; readonly node: string }
  | { readonly kind: 'stall'; readonly node: string; readonly duration: Micros }
  | { readonly kind: 'link'; readonly node: string; readonly link: string; readonly up: boolean }
  /** On one link, or on every one. */
  | { readonly kind: 'partition'; readonly ways: readonly Way[]; readonly link?: string }
  /** Every cut when `ways` is left out. */
  | { readonly kind: 'heal'; readonly ways?: readonly Way[]; readonly link?: string }
  | { readonly kind: 'network'; readonly conditions: Partial<LanConditions>; readonly link?: string }
  /** What a tracked script, process, file or BFD session gives from now on. */
  | {
      readonly kind: 'check';
      readonly node: string;
      readonly check: CheckKind;
      readonly name: string;
      readonly succeeds: boolean;
    }
  /** Somebody removes an address by hand. */
  | { readonly kind: 'remove'; readonly node: string; readonly address: string }
  /** The node takes another configuration file. */
  | { readonly kind: 'reload'; readonly node: string; readonly file: string }
  /** The kernel refuses advertisements (a firewall, full buffers), or changes of addresses. */
  | {
      readonly kind: 'refuse';
      readonly node: string;
      readonly what: 'sending' | 'changes';
      readonly errno: ErrnoName;
      readonly duration: Micros;
    }
  /** The kernel's events are lost; at the end it says that some were. */
  | { readonly kind: 'lose-events'; readonly node: string; readonly duration: Micros }
  /** The receive queues are full: what arrives is dropped. */
  | { readonly kind: 'overflow'; readonly node: string; readonly duration: Micros }
  /** Somebody sets the time of day forward before what arrives is read: it looks older by so much. */
  | { readonly kind: 'clock'; readonly node: string; readonly ahead: Micros; readonly duration: Micros };

/** What kernels refuse with (errno(3)). */
export const ERRNOS = { EPERM: 1, ENOMEM: 12, EACCES: 13, ENETDOWN: 100, ENOBUFS: 105 } as const;
export type ErrnoName = keyof typeof ERRNOS;

export type CheckKind = Exclude<TrackerKind, 'interface'>;

export interface ScheduledFault {
  /** Microseconds since the nodes started. */
  readonly at: Micros;
  readonly fault: Fault;
}

const PERCENT = 100;

/** The fault as a script says it, without its time. */
export function formatFault(fault: Fault): string {
  switch (fault.kind) {
    case 'stall':
      return `stall ${fault.node} for ${formatDuration(fault.duration)}`;
    case 'link':
      return `link ${fault.node} ${fault.link} ${fault.up ? 'up' : 'down'}`;
    case 'partition':
      return `partition ${formatWays(fault.ways)}${onLink(fault.link)}`;
    case 'heal':
      return fault.ways === undefined
        ? `heal${onLink(fault.link)}`
        : `heal ${formatWays(fault.ways)}${onLink(fault.link)}`;
    case 'network':
      return `${formatConditions(fault.conditions)}${onLink(fault.link)}`;
    case 'check':
      return `${fault.check} ${fault.name} ${fault.succeeds ? 'succeeds' : 'fails'} on ${fault.node}`;
    case 'remove':
      return `remove ${fault.address} on ${fault.node}`;
    case 'reload':
      return `reload ${fault.node} with ${fault.file}`;
    case 'refuse':
      return `refuse ${fault.what} on ${fault.node} with ${fault.errno} for ${formatDuration(fault.duration)}`;
    case 'lose-events':
      return `lose events on ${fault.node} for ${formatDuration(fault.duration)}`;
    case 'overflow':
      return `overflow ${fault.node} for ${formatDuration(fault.duration)}`;
    case 'clock':
      return `clock ${fault.node} ahead ${formatDuration(fault.ahead)} for ${formatDuration(fault.duration)}`;
    default:
      return `${fault.kind} ${fault.node}`;
  }
}

/** The nodes a fault is about: none for the network as a whole. */
export function nodesOf(fault: Fault): readonly string[] {
  if ('node' in fault) return [fault.node];
  return 'ways' in fault ? [...new Set((fault.ways ?? []).flat())] : [];
}

function formatWays(ways: readonly Way[]): string {
  const [first = ['', ''], back] = ways;
  return `${first[0]} ${back === undefined ? '->' : '<->'} ${first[1]}`;
}

function onLink(link: string | undefined): string {
  return link === undefined ? '' : ` on ${link}`;
}

function formatConditions(conditions: Partial<LanConditions>): string {
  const { loss, duplication, corruption, reorder, delay, jitter } = conditions;
  if (loss !== undefined) return `loss ${loss * PERCENT}%`;
  if (duplication !== undefined) return `duplication ${duplication * PERCENT}%`;
  if (corruption !== undefined) return `corruption ${corruption * PERCENT}%`;
  if (reorder !== undefined) return `reorder ${reorder ? 'on' : 'off'}`;
  const more = jitter === undefined || jitter === 0 ? '' : ` jitter ${formatDuration(jitter)}`;
  return `delay ${formatDuration(delay ?? 0)}${more}`;
}
