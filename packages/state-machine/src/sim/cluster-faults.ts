// What each fault of the fault language (fault.ts) does to a cluster of bare machines. Faults of kernels and of
// configuration files need whole nodes: the daemon's simulation.
import { assertNever } from '../assert-never.js';
import type { Cluster } from './cluster.js';
import type { Fault } from './fault.js';
import type { Stage } from './fault-words.js';
import type { SimulatedRouter } from './router.js';

type NodeFault = Extract<Fault, { readonly node: string }>;

/** @throws RangeError for a fault that bare machines cannot have. */
export function applyFault(cluster: Cluster, fault: Fault): void {
  if ('node' in fault) applyToRouter(cluster.router(fault.node), fault);
  else if (fault.kind === 'network') cluster.lan.setConditions(fault.conditions);
  else if (fault.kind === 'heal' && fault.ways === undefined) cluster.lan.heal();
  else for (const [from, to] of fault.ways ?? []) cluster.lan[fault.kind](from, to);
  cluster.touch();
}

/** What the names of a fault script may stand for. */
export function stageOf({ routers }: Cluster): Stage {
  const nodes = routers.map(({ name, config }) => ({
    name,
    links: [config.interface],
    checks: config.trackedObjects.flatMap(({ kind, name: check }) =>
      kind === 'interface' ? [] : [{ kind, name: check }],
    ),
    addresses: config.virtualAddresses,
  }));
  return { nodes };
}

function applyToRouter(router: SimulatedRouter, fault: NodeFault): void {
  switch (fault.kind) {
    case 'crash':
    case 'kill':
    case 'stop':
    case 'start':
      return router[fault.kind]();
    case 'restart':
      router.stop();
      return router.start();
    case 'stall':
      return router.stall(fault.duration);
    case 'link':
      return router.setLink(fault.up);
    case 'check': {
      const { check: trackerKind, name: tracker, succeeds } = fault;
      return router.setTracker({ kind: 'tracker', trackerKind, tracker, status: succeeds ? 'up' : 'down' });
    }
    case 'remove':
      return router.handle({ kind: 'address-lost', address: fault.address, interface: router.config.interface });
    case 'reload':
    case 'refuse':
    case 'lose-events':
    case 'overflow':
    case 'clock':
      throw new RangeError(`${fault.kind} needs whole nodes: vrrpd simulate`);
    default:
      return assertNever(fault);
  }
}
