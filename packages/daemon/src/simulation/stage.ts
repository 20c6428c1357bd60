// Planned nodes -> the names a fault script may use for them, pure.
import { nearestWord } from '@vrrp/conf-parser';
import type { CheckKind, Stage, StageNode } from '@vrrp/state-machine/sim';
import type { Desired } from '../plan/desired.js';
import { planHosts, type NodePlan } from './address-plan.js';

/** @param end see {@link Stage}. */
export function stageOf(nodes: readonly NodePlan[], end?: number): Stage {
  const hosts = planHosts(nodes);
  const stageNodes = nodes.map(({ name, desired }, index): StageNode => {
    const links = hosts[index]?.links ?? [];
    const own = links.flatMap(({ addresses }) => addresses.map((text) => text.slice(0, text.indexOf('/'))));
    return {
      name,
      links: links.filter(({ loopback }) => !loopback).map((link) => link.name),
      checks: checksOf(desired),
      addresses: [...desired.virtualRouters.flatMap(({ addresses }) => addresses.map((one) => one.address)), ...own],
    };
  });
  return { nodes: stageNodes, suggest: nearestWord, ...(end === undefined ? {} : { end }) };
}

function checksOf({ virtualRouters }: Desired): StageNode['checks'] {
  const found = new Map<string, { kind: CheckKind; name: string }>();
  for (const { kind, name } of virtualRouters.flatMap(({ config }) => config.trackedObjects)) {
    if (kind !== 'interface') found.set(`${kind} ${name}`, { kind, name });
  }
  return [...found.values()];
}
