// The record of a simulation as text: one line per event, and what it meant for each virtual router. Pure.
import { MICROS_PER_SECOND } from '@vrrp/state-machine';
import { totalTime, type Mastership, type Period } from './mastership.js';
import type { LaneRole, SimulationEvent } from './record.js';
const TIME_WIDTH = 11;
/** Shorter than this, in microseconds, is an advertisement on its way: the old Master has not heard it yet. */
const HANDOVER = 1_000;
/** Periods that are named one by one; more are only counted. */
const PERIODS_SHOWN = 6;

/** Events in the order of time, in columns: time, node, instance, what happened. */
export function timelineLines(events: readonly SimulationEvent[]): readonly string[] {
  const nodeWidth = width(events.map((event) => ('node' in event ? event.node : '')));
  const instanceWidth = width(events.map(instanceOf));
  return events.map((event) => {
    const time = formatSeconds(event.at).padStart(TIME_WIDTH);
    if (event.kind === 'fault') return `${time}  ${'-'.repeat(nodeWidth + instanceWidth + 2)}  ${event.text}`;
    const columns = `${time}  ${event.node.padEnd(nodeWidth)}  ${instanceOf(event).padEnd(instanceWidth)}`;
    return `${columns}  ${event.kind === 'role' ? roleText(event) : event.text}`;
  });
}

/** What became of one virtual router. */
export function mastershipLines(mastership: Mastership): readonly string[] {
  const { router, withoutMaster, withTwoMasters, masters } = mastership;
  const { name, vrid, family, link } = router;
  return [
    `${name} (VRID ${vrid}, IPv${family}, ${link})`,
    `  without a Master   ${periodsText(withoutMaster)}`,
    `  with two Masters   ${periodsText(withTwoMasters)}`,
    `  Master at the end  ${masters.length === 0 ? 'none' : masters.join(' and ')}`,
  ];
}

/** `3.609 s` */
export function formatSeconds(micros: number): string {
  return `${(micros / MICROS_PER_SECOND).toFixed(3)} s`;
}

export const ROLE_NAMES: Readonly<Record<LaneRole, string>> = {
  master: 'Master',
  backup: 'Backup',
  fault: 'fault',
  off: 'not running',
};

function roleText({ role, cause, priority }: SimulationEvent & { kind: 'role' }): string {
  const more = priority === undefined || role === 'off' ? '' : `, priority ${priority}`;
  const is = role === 'fault' ? 'is in fault' : `is ${ROLE_NAMES[role]}`;
  return `${is}${more}: ${cause}`;
}

function periodsText(periods: readonly Period[]): string {
  const long = periods.filter(({ from, to }) => to - from >= HANDOVER);
  const handovers = periods.length - long.length;
  const named = long
    .slice(0, PERIODS_SHOWN)
    .map(({ from, to }) => `${formatSeconds(to - from)} from ${formatSeconds(from)}`);
  const parts = [
    ...named,
    ...(long.length > named.length ? [`${long.length - named.length} more times`] : []),
    ...(handovers > 0 ? [`under 1 ms at ${handovers === 1 ? 'a handover' : `${handovers} handovers`}`] : []),
  ];
  if (parts.length === 0) return 'never';
  const list = parts.join(', ');
  return long.length > 1 ? `${formatSeconds(totalTime(periods))} in all: ${list}` : list;
}

function instanceOf(event: SimulationEvent): string {
  return event.kind === 'fault' ? '' : event.kind === 'role' ? event.instance : (event.instance ?? '');
}

function width(texts: readonly string[]): number {
  return Math.max(1, ...texts.map((text) => text.length));
}
