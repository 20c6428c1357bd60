// Config -> Desired, pure: the only place where a vrrp_instance becomes a VirtualRouter. It applies no defaults of the
// file format (the parser did) and decides nothing about roles (the state machine does).
import type { Config } from '@vrrp/conf-parser';
import type { Desired, DesiredSyncGroup, DesiredVirtualRouter } from './desired.js';
import { planAddresses } from './addresses.js';
import { planLinkDelays } from './link-delays.js';
import { planNotifications, type DesiredNotifications } from './notifications.js';
import { planTrackers } from './trackers.js';
import { planVirtualRouter } from './virtual-router.js';

/** A sentence about something the plan had to leave out, with the instance it concerns. */
export interface PlanNote {
  readonly code: string;
  readonly instance: string;
  readonly message: string;
}

export interface PlanResult {
  readonly desired: Desired;
  readonly notes: readonly PlanNote[];
  readonly notifications: DesiredNotifications;
}

/** Plans a whole configuration. Total: what cannot be run is left out and becomes a note. */
export function planConfig(config: Config): PlanResult {
  const notes: PlanNote[] = [];
  const virtualRouters: DesiredVirtualRouter[] = [];
  for (const instance of config.vrrp_instance) {
    const linkName = instance.interface;
    if (linkName === undefined) {
      const message = `(${instance.name}) has no interface; unicast without an interface is not supported yet`;
      notes.push({ code: 'plan/no-interface', instance: instance.name, message });
      continue;
    }
    const addresses = planAddresses(instance, linkName);
    const router = planVirtualRouter(config, instance, linkName, addresses);
    const twin = virtualRouters.find((other) => other.key === router.key);
    if (twin !== undefined) {
      const message = `(${instance.name}) has the same virtual router id, interface and family as (${twin.config.name}) and is left out`;
      notes.push({ code: 'plan/duplicate-vrid', instance: instance.name, message });
      continue;
    }
    virtualRouters.push(router);
  }
  const syncGroups = planSyncGroups(config, virtualRouters);
  return {
    desired: {
      virtualRouters,
      syncGroups,
      trackers: planTrackers(config),
      linkDelays: planLinkDelays(config, virtualRouters),
    },
    notes,
    notifications: planNotifications(config),
  };
}

/** Only members that run count; a group without any is none. */
function planSyncGroups(config: Config, routers: readonly DesiredVirtualRouter[]): readonly DesiredSyncGroup[] {
  const running = new Set(routers.map((router) => router.config.name));
  return config.vrrp_sync_group
    .map(({ name, group }) => ({ name, members: group.filter((member) => running.has(member)) }))
    .filter(({ members }) => members.length > 0);
}
