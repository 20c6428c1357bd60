// A simulation as the judges see it: what the engines say of themselves, what the kernels hold, what the wires carry. What
// a node shows is worked out anew only when something about it changed.
import { idOf, type AddressView, type ClusterView, type RouterView } from '@vrrp/state-machine/sim';
import type { DesiredVirtualRouter } from '../plan/desired.js';
import type { SimulatedNode } from './simulated-node.js';
import type { Simulation } from './simulation.js';

export function viewOf(simulation: Simulation): ClusterView {
  const views = simulation.nodes.map((node) => new NodeView(node));
  const byName = new Map(simulation.nodes.map((node) => [node.name, node]));
  return {
    now: () => simulation.clock.now(),
    changes: () => simulation.changes,
    routers: () => views.flatMap((view) => view.routers()),
    members: () =>
      simulation.nodes.flatMap(({ name, desired }) =>
        desired.virtualRouters.map(({ config }) => ({ node: name, id: idOf(config), config })),
      ),
    latency: (a, b) => latencyBetween(simulation, byName, a, b),
    hasKernel: (name) => byName.get(name)?.host.hasWellKernel ?? false,
  };
}

class NodeView {
  readonly #node: SimulatedNode;
  #changes = -1;
  #routers: readonly RouterView[] = [];

  constructor(node: SimulatedNode) {
    this.#node = node;
  }

  /** Nothing while it does not run, or is not awake: the kernel of a machine that is off says nothing. */
  routers(): readonly RouterView[] {
    const { isActive, host } = this.#node;
    if (!isActive) return [];
    if (host.changes !== this.#changes) {
      this.#changes = host.changes;
      this.#routers = routersOf(this.#node);
    }
    return this.#routers;
  }
}

function routersOf(node: SimulatedNode): readonly RouterView[] {
  const byKey = new Map(node.desired.virtualRouters.map((desired) => [desired.key, desired]));
  const present = presentAddresses(node);
  return node.host.engine.snapshot().flatMap(({ key, role, priority }): readonly RouterView[] => {
    const desired = byKey.get(key);
    if (desired === undefined) return [];
    const { config } = desired;
    const addresses = addressesOf(node, desired, present);
    return [{ node: node.name, id: idOf(config), config, role, priority, addresses }];
  });
}

function addressesOf(
  { host }: SimulatedNode,
  { addresses }: DesiredVirtualRouter,
  present: ReadonlySet<string>,
): readonly AddressView[] {
  return addresses
    .filter(({ tracked }) => tracked)
    .map(({ address, link }) => ({
      address,
      isPresent: present.has(`${link} ${address}`),
      takenAt: host.takenAt(address),
    }));
}

function presentAddresses({ host }: SimulatedNode): ReadonlySet<string> {
  const { links, addresses } = host.kernel.snapshot();
  const names = new Map(links.map(({ index, name }) => [index, name]));
  return new Set(addresses.map(({ linkIndex, address }) => `${names.get(linkIndex)} ${address}`));
}

/** `undefined` when something may be lost on the way, or at either end. */
function latencyBetween(
  simulation: Simulation,
  nodes: ReadonlyMap<string, SimulatedNode>,
  a: RouterView,
  b: RouterView,
): number | undefined {
  const link = a.config.interface;
  const conditions = simulation.wires.get(link)?.datagrams.conditions;
  if (conditions === undefined || conditions.loss > 0 || conditions.corruption > 0) return undefined;
  const areWell = [a, b].every(({ node }) => nodes.get(node)?.host.hasWellSockets);
  const both = simulation.isConnected(link, a.node, b.node) && simulation.isConnected(link, b.node, a.node);
  const isMeant = speaksTo(nodes, a, b) && speaksTo(nodes, b, a);
  return areWell && both && isMeant ? conditions.delay + conditions.jitter : undefined;
}

/** Whether what `from` sends is sent to the other: a unicast router may have forgotten a peer. */
function speaksTo(nodes: ReadonlyMap<string, SimulatedNode>, from: RouterView, to: RouterView): boolean {
  const { unicast } = from.config;
  if (unicast === undefined) return true;
  const routers = nodes.get(to.node)?.desired.virtualRouters ?? [];
  const source = routers.find(({ config }) => idOf(config) === to.id)?.channel.source;
  return source === undefined || unicast.peers.some(({ address }) => address === source);
}

/** How much longer than the protocol a datagram may take on the slowest of the wires. */
export function longestLatency({ wires }: Simulation): number {
  const conditions = [...wires.values()].map((wire) => wire.datagrams.conditions);
  return Math.max(0, ...conditions.map(({ delay, jitter }) => delay + jitter));
}
