// Who had which role when, and what it means: for each virtual router the time without a Master, the time with two, and
// who is Master at the end. Pure: from the record alone. A stalled Master counts: it still answers for its addresses.
import type { LaneRole, RecordedRouter, SimulationEvent } from './record.js';

/** Microseconds since the nodes started; `to` is exclusive. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export interface RolePeriod extends Period {
  readonly role: LaneRole;
}

export interface Lane {
  readonly node: string;
  /** Without gaps from 0 to the end. */
  readonly periods: readonly RolePeriod[];
}

export interface Mastership {
  readonly router: RecordedRouter;
  readonly lanes: readonly Lane[];
  readonly withoutMaster: readonly Period[];
  readonly withTwoMasters: readonly Period[];
  /** Nodes that are Master at the end. */
  readonly masters: readonly string[];
}

/** @param duration microseconds. */
export function mastershipOf(router: RecordedRouter, events: readonly SimulationEvent[], duration: number): Mastership {
  const lanes = router.nodes.map((node) => ({ node, periods: lanePeriods(router.id, node, events, duration) }));
  const edges = [...new Set(lanes.flatMap(({ periods }) => periods.flatMap(({ from, to }) => [from, to])))];
  edges.sort((a, b) => a - b);
  const counted = edges.slice(1).map((to, index) => {
    const from = edges[index] ?? 0;
    return { from, to, masters: mastersAt(lanes, from).length };
  });
  return {
    router,
    lanes,
    withoutMaster: merged(counted.filter(({ masters }) => masters === 0)),
    withTwoMasters: merged(counted.filter(({ masters }) => masters > 1)),
    masters: lanes.filter(({ periods }) => periods.at(-1)?.role === 'master').map(({ node }) => node),
  };
}

/** Sum of the lengths, in microseconds. */
export function totalTime(periods: readonly Period[]): number {
  return periods.reduce((sum, { from, to }) => sum + to - from, 0);
}

function lanePeriods(
  id: string,
  node: string,
  events: readonly SimulationEvent[],
  duration: number,
): readonly RolePeriod[] {
  const periods: RolePeriod[] = [];
  let [from, role]: [number, LaneRole] = [0, 'off'];
  for (const event of events) {
    if (event.kind !== 'role' || event.node !== node || event.virtualRouter !== id || event.role === role) continue;
    if (event.at > from) periods.push({ from, to: event.at, role });
    [from, role] = [event.at, event.role];
  }
  if (duration > from || periods.length === 0) periods.push({ from, to: duration, role });
  return periods;
}

function mastersAt(lanes: readonly Lane[], time: number): readonly Lane[] {
  return lanes.filter(({ periods }) =>
    periods.some(({ from, to, role }) => role === 'master' && from <= time && time < to),
  );
}

/** Neighbours become one. */
function merged(periods: readonly Period[]): readonly Period[] {
  const joined: Period[] = [];
  for (const { from, to } of periods) {
    const last = joined.at(-1);
    if (last?.to === from) joined[joined.length - 1] = { from: last.from, to };
    else joined.push({ from, to });
  }
  return joined;
}
