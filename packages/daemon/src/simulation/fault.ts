// What can go wrong in a simulation, as plain data, and the words for it: a fault prints as the line of a fault script
// that makes it (docs/reference/simulate.md). No parsing (fault-script.ts) and no effect (simulation.ts) here.
import type { TrackerKind } from '@vrrp/state-machine';
import { formatDuration, type LanConditions } from '@vrrp/state-machine/sim';

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
  | { readonly kind: 'stall'; readonly node: string; readonly duration: number /* µs */ }
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
  | { readonly kind: 'reload'; readonly node: string; readonly file: string };

export type CheckKind = Exclude<TrackerKind, 'interface'>;

export interface ScheduledFault {
  /** Microseconds since the nodes started. */
  readonly at: number;
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

function formatConditions({ loss, duplication, reorder, delay, jitter }: Partial<LanConditions>): string {
  if (loss !== undefined) return `loss ${loss * PERCENT}%`;
  if (duplication !== undefined) return `duplication ${duplication * PERCENT}%`;
  if (reorder !== undefined) return `reorder ${reorder ? 'on' : 'off'}`;
  const more = jitter === undefined || jitter === 0 ? '' : ` jitter ${formatDuration(jitter)}`;
  return `delay ${formatDuration(delay ?? 0)}${more}`;
}
