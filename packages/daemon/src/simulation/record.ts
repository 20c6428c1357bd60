// What happened in a simulation, as plain data in the order of time: roles taken, faults made, and the other things an
// operator wants to know. What is printed, drawn and judged is made from it.
import { describeCause, type Observation, type Role } from '@vrrp/state-machine';
import { faultClause } from '../reports/fault-clause.js';
import { formatFault, nodesOf, type Fault } from '@vrrp/state-machine/sim';
import type { EngineReport } from '../engine/messages.js';
import type { DesiredVirtualRouter } from '../plan/desired.js';

/** `off`: nobody runs it on this node. */
export type LaneRole = Exclude<Role, 'initialize'> | 'off';

/** `at` in microseconds since the nodes started. */
export type SimulationEvent = { readonly at: number } & (
  | {
      readonly kind: 'role';
      readonly node: string;
      /** Id of the virtual router, the same on every node. */
      readonly virtualRouter: string;
      /** Name of its instance on this node. */
      readonly instance: string;
      readonly role: LaneRole;
      /** Why, as a clause for people. */
      readonly cause: string;
      /** Effective priority; left out when the node is gone. */
      readonly priority?: number;
    }
  | { readonly kind: 'fault'; readonly nodes: readonly string[]; readonly text: string }
  | { readonly kind: 'remark'; readonly node: string; readonly instance?: string; readonly text: string }
);

/** What one virtual router of the record is, whatever its instances are called. */
export interface RecordedRouter {
  readonly id: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly link: string;
  /** Name of its instance on the first node that has it. */
  readonly name: string;
  readonly nodes: string[];
}

export class Recorder {
  readonly events: SimulationEvent[] = [];
  readonly #routers = new Map<string, RecordedRouter>();
  /** By node and the engine's key. */
  readonly #known = new Map<string, { readonly id: string; readonly instance: string }>();
  readonly #roles = new Map<string, { readonly node: string; readonly id: string; readonly role: LaneRole }>();

  /** The configuration a node runs from now on. */
  introduce(node: string, routers: readonly DesiredVirtualRouter[]): void {
    for (const { key, config } of routers) {
      const { vrid, family, interface: link, name } = config;
      const id = `${link}/${family}/${vrid}`;
      const known = this.#routers.get(id) ?? { id, vrid, family, link, name, nodes: [] };
      if (!known.nodes.includes(node)) known.nodes.push(node);
      this.#routers.set(id, known);
      this.#known.set(`${node} ${key}`, { id, instance: name });
    }
  }

  get routers(): readonly RecordedRouter[] {
    return [...this.#routers.values()];
  }

  fault(at: number, fault: Fault): void {
    this.events.push({ at, kind: 'fault', nodes: nodesOf(fault), text: formatFault(fault) });
  }

  /** The node stopped without a word. */
  gone(at: number, node: string, cause: string): void {
    for (const [key, known] of this.#known) {
      if (!key.startsWith(`${node} `) || (this.#roles.get(laneKey(node, known.id))?.role ?? 'off') === 'off') continue;
      this.#role(node, known.id, {
        at,
        kind: 'role',
        node,
        virtualRouter: known.id,
        instance: known.instance,
        role: 'off',
        cause,
      });
    }
  }

  remark(at: number, node: string, text: string): void {
    this.events.push({ at, kind: 'remark', node, text });
  }

  /** What an engine reported. */
  report(node: string, report: EngineReport): void {
    const { at } = report;
    if (report.kind === 'observation') this.#observation(node, at, report.router, report.observation);
    else if (report.kind === 'stalled') this.remark(at, node, `woke ${report.lateness / 1_000_000} s late`);
    else if (report.kind === 'operation-failed')
      this.remark(at, node, `could not ${report.operation}: ${report.error.message}`);
    else if (report.kind === 'leftovers-removed') {
      const list = report.addresses.map(({ address }) => address).join(', ');
      this.remark(at, node, `removed ${list}, left there by the run before`);
    }
  }

  #observation(node: string, at: number, key: string, observation: Observation): void {
    const known = this.#known.get(`${node} ${key}`);
    if (known === undefined) return;
    const { id, instance } = known;
    if (observation.kind !== 'transition') {
      const text = remarkOn(observation);
      if (text !== undefined) this.events.push({ at, kind: 'remark', node, instance, text });
      return;
    }
    const { to, cause, priority, faults } = observation;
    const reasons = to === 'fault' ? faults.map(faultClause).join(', ') : describeCause(cause);
    const role = to === 'initialize' ? 'off' : to;
    this.#role(node, id, { at, kind: 'role', node, virtualRouter: id, instance, role, cause: reasons, priority });
  }

  #role(node: string, id: string, event: SimulationEvent & { kind: 'role' }): void {
    this.#roles.set(laneKey(node, id), { node, id, role: event.role });
    this.events.push(event);
  }
}

function laneKey(node: string, id: string): string {
  return `${node} ${id}`;
}

/** Observations that change something, or show a mistake in a configuration. */
function remarkOn(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'priority-changed':
      return `priority ${observation.from} becomes ${observation.to}`;
    case 'advertisement-discarded': {
      const { reason, source, expected, received } = observation;
      const values = expected === undefined ? '' : ` (expected ${expected}, received ${received ?? 'nothing'})`;
      return `discards what ${source} sends: ${reason}${values}`;
    }
    case 'address-list-mismatch':
      return `${observation.source} advertises other addresses`;
    case 'interval-learned':
      return `learns the interval ${observation.interval / 1_000_000} s from ${observation.source}`;
    case 'preempt-delay-started':
      return `waits ${observation.delay / 1_000_000} s before it preempts`;
    case 'address-lost':
      return `somebody removed ${observation.address} from ${observation.interface}`;
    case 'route-lost':
      return `somebody removed the route ${observation.route}`;
    case 'rule-lost':
      return `somebody removed the rule ${observation.rule}`;
    case 'timer-expired':
      return `was scheduled ${observation.lateness / 1_000_000} s late, so another may have taken over`;
    case 'waiting-for-group':
      return `waits until the rest of group ${observation.group} can be Master too`;
    case 'owner-conflict':
      return `${observation.source} says that it owns the addresses too (priority 255)${observation.yields ? ': yields' : ''}`;
    default:
      return undefined;
  }
}
