// N nodes with the production engine on virtual LANs, one for each link name, in virtual time; and the effect of every
// fault. The same nodes, faults and seed give the same record, byte for byte. Judging is that of the judges of @vrrp/state-machine/sim
// (by view.ts) and mastership.ts's.
import type { Observation } from '@vrrp/state-machine';
import { ERRNOS, Lan, VirtualClock, type Fault, type ScheduledFault, type Way } from '@vrrp/state-machine/sim';
import { assertNever } from '../assert-never.js';
import type { Desired } from '../plan/desired.js';
import { planHosts, type NodePlan, type PlannedLink } from './address-plan.js';
import { Recorder } from './record.js';
import { runClock } from './run-clock.js';
import type { SimulatedLink, SimulatedNetwork, SimulatedWire } from './simulated-network.js';
import { SimulatedNode } from './simulated-node.js';

export interface SimulationOptions {
  readonly nodes: readonly NodePlan[];
  /** Decides what is lost, delayed and duplicated. */
  readonly seed: number;
  readonly faults: readonly ScheduledFault[];
  /** What `reload` faults name, by file. */
  readonly reloads?: ReadonlyMap<string, Desired>;
  /** Hears what every state machine observes. */
  readonly observe?: (node: SimulatedNode, observation: Observation) => void;
}

type NodeFault = Extract<Fault, { readonly node: string }>;

/** Seeds of two wires must differ in more than their last bits. */
const SEED_STEP = 0x9e37;

export class Simulation {
  readonly clock = new VirtualClock();
  readonly recorder = new Recorder();
  readonly nodes: readonly SimulatedNode[];
  /** By link name. */
  readonly wires: ReadonlyMap<string, SimulatedWire>;
  readonly #reloads: ReadonlyMap<string, Desired>;
  readonly #faults: readonly ScheduledFault[];
  readonly #failures: unknown[] = [];
  #networkChanges = 0;

  /** @throws RangeError for too many nodes. */
  constructor(options: SimulationOptions) {
    const { seed, reloads = new Map<string, Desired>() } = options;
    this.#reloads = reloads;
    this.#faults = options.faults;
    const hosts = planHosts(options.nodes, reloadsByNode(options.faults, reloads));
    const names = [
      ...new Set(hosts.flatMap(({ links }) => links.filter((one) => !one.loopback).map(({ name }) => name))),
    ];
    this.wires = new Map(names.map((name, index) => [name, this.#wire(seed + index * SEED_STEP)]));
    this.nodes = options.nodes.map(({ name, desired }, index) => {
      const network: SimulatedNetwork = { clock: this.clock, ...this.#wire(seed) };
      const links = (hosts[index]?.links ?? []).map((link) => this.#plugged(link));
      const failed = (error: unknown): void => void this.#failures.push(error);
      const observe = options.observe ?? ((): void => undefined);
      return new SimulatedNode({ name, desired, links, network, recorder: this.recorder, failed, observe });
    });
  }

  /** Starts every node at time 0 and schedules the faults. */
  async start(): Promise<void> {
    for (const { at, fault } of this.#faults) this.clock.schedule(at, () => this.#apply(fault));
    for (const node of this.nodes) await node.boot();
  }

  /**
   * Goes on until `time` microseconds. `atRest` is called after each task, when all that follows from it has happened.
   * @param isOver ends it before its time.
   * @throws what a node threw: a bug.
   */
  async runUntil(time: number, atRest?: () => void, isOver?: () => boolean): Promise<void> {
    await runClock(this.clock, time, { atRest, isOver, isSettled: () => this.#takeSettled() });
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** Whether what `from` sends on the link now can reach `to`, loss apart. */
  isConnected(link: string, from: string, to: string): boolean {
    return this.wires.get(link)?.datagrams.isConnected(from, to) ?? false;
  }

  /** Grows with everything that an onlooker could see. */
  get changes(): number {
    return this.nodes.reduce((sum, { host }) => sum + host.changes, this.#networkChanges);
  }

  #takeSettled(): boolean {
    let isSettled = true;
    for (const { host } of this.nodes) isSettled = host.takeSettled() && isSettled;
    return isSettled;
  }

  #apply(fault: Fault): void {
    this.#networkChanges += 1;
    this.recorder.fault(this.clock.now(), fault);
    if ('node' in fault) this.#applyToNode(fault, this.#node(fault.node));
    else this.#applyToNetwork(fault);
  }

  #applyToNode(fault: NodeFault, node: SimulatedNode): void {
    switch (fault.kind) {
      case 'crash':
      case 'kill':
      case 'stop':
      case 'start':
      case 'restart':
        return node[fault.kind]();
      case 'stall':
        return node.host.stall(fault.duration);
      case 'link':
        return node.host.setLink(fault.link, fault.up);
      case 'check':
        return node.setCheck(fault.check, fault.name, fault.succeeds);
      case 'remove':
        return node.host.takeAddress(fault.address);
      case 'refuse':
        return fault.what === 'sending'
          ? node.host.refuseSending(ERRNOS[fault.errno], fault.duration)
          : node.host.refuseChanges(fault.errno, fault.duration);
      case 'lose-events':
        return node.host.loseEvents(fault.duration);
      case 'overflow':
        return node.host.overflow(fault.duration);
      case 'clock':
        return node.host.misdate(fault.ahead, fault.duration);
      case 'reload': {
        const desired = this.#reloads.get(fault.file);
        if (desired === undefined) throw new RangeError(`the configuration ${fault.file} was not given`);
        return node.reload(desired);
      }
      default:
        return assertNever(fault);
    }
  }

  #applyToNetwork(fault: Exclude<Fault, NodeFault>): void {
    for (const lan of this.#lans(fault.link)) {
      if (fault.kind === 'network') lan.setConditions(fault.conditions);
      else if (fault.kind === 'heal' && fault.ways === undefined) lan.heal();
      else for (const [from, to] of fault.ways ?? NO_WAYS) lan[fault.kind](from, to);
    }
  }

  #lans(link: string | undefined): readonly Lan[] {
    const wires = link === undefined ? [...this.wires.values()] : [this.wires.get(link)];
    return wires.flatMap((wire) => (wire === undefined ? [] : [wire.datagrams, wire.frames]));
  }

  #node(name: string): SimulatedNode {
    const node = this.nodes.find((one) => one.name === name);
    if (node === undefined) throw new RangeError(`there is no node ${name}`);
    return node;
  }

  #wire(seed: number): SimulatedWire {
    const { clock } = this;
    return { datagrams: new Lan({ clock, seed }), frames: new Lan({ clock, seed }) };
  }

  #plugged({ name, mac, addresses, loopback }: PlannedLink): SimulatedLink {
    const wire = this.wires.get(name);
    return { name, mac, addresses, loopback, ...(wire === undefined ? {} : { wire }) };
  }
}

const NO_WAYS: readonly Way[] = [];

function reloadsByNode(
  faults: readonly ScheduledFault[],
  reloads: ReadonlyMap<string, Desired>,
): ReadonlyMap<string, readonly Desired[]> {
  const byNode = new Map<string, Desired[]>();
  for (const { fault } of faults) {
    const desired = fault.kind === 'reload' ? reloads.get(fault.file) : undefined;
    if (fault.kind !== 'reload' || desired === undefined) continue;
    byNode.set(fault.node, [...(byNode.get(fault.node) ?? []), desired]);
  }
  return byNode;
}
