// A cluster of bare machines as the judges see it.
import type { VirtualRouterConfig } from '../config.js';
import type { Cluster } from './cluster.js';
import type { SimulatedRouter } from './router.js';
import type { ClusterView, RouterView } from './views.js';

export function viewOf(cluster: Cluster): ClusterView {
  const { clock, lan } = cluster;
  return {
    now: () => clock.now(),
    changes: () => cluster.changes,
    routers: () => cluster.routers.flatMap(viewOfRouter),
    members: () => cluster.routers.map(({ name, config }) => ({ node: name, id: idOf(config), config })),
    latency(a, b) {
      const { loss, corruption, delay, jitter } = lan.conditions;
      const both = lan.isConnected(a.node, b.node) && lan.isConnected(b.node, a.node);
      return both && loss === 0 && corruption === 0 ? delay + jitter : undefined;
    },
    hasKernel: () => true,
  };
}

/** Of a virtual router, the same on every node. */
export function idOf({ interface: link, family, vrid }: VirtualRouterConfig): string {
  return `${link}/${family}/${vrid}`;
}

function viewOfRouter({ name, config, state, isStalled, holdsAddresses }: SimulatedRouter): readonly RouterView[] {
  if (state === undefined || isStalled) return [];
  const { role, priority } = state;
  const addresses = config.virtualAddresses.map((address) => ({ address, isPresent: holdsAddresses }));
  return [{ node: name, id: idOf(config), config, role, priority, addresses }];
}
