// Config -> Desired, pure: the only place where a vrrp_instance becomes a VirtualRouter. It applies no defaults of the
// file format (the parser did) and decides nothing about roles (the state machine does).
import type { Config, VrrpSyncGroup } from '@vrrp/conf-parser';
import type { Desired, DesiredSyncGroup, DesiredVirtualRouter } from './desired.js';
import { planAddresses } from './addresses.js';
import { planLinkbeats } from './linkbeats.js';
import { planLinkDelays } from './link-delays.js';
import { planNotifications, type DesiredNotifications } from './notifications.js';
import { planScheduling } from './scheduling.js';
import { planTrackers } from './trackers.js';
import { planVirtualRouter } from './virtual-router.js';

/** A sentence about something the plan had to leave out, with the instance if it concerns one. */
export interface PlanNote {
  readonly code: string;
  readonly instance?: string;
  readonly message: string;
}

export interface PlanResult {
  readonly desired: Desired;
  readonly notes: readonly PlanNote[];
  readonly notifications: DesiredNotifications;
}

/** What is true of the machine. */
export interface PlanCircumstances {
  /** Seconds since it was booted; left out: long ago. */
  readonly uptime?: number;
}

/** Plans a whole configuration. Total: what cannot be run is left out and becomes a note. */
export function planConfig(written: Config, { uptime = Infinity }: PlanCircumstances = {}): PlanResult {
  const config = delayedAfterBoot(written, uptime);
  const notes: PlanNote[] = [];
  const virtualRouters = new Map<string, DesiredVirtualRouter>();
  const groups = groupsByMember(config);
  for (const instance of config.vrrp_instance) {
    const linkName = instance.interface;
    if (linkName === undefined) {
      const message = `(${instance.name}) has no interface; unicast without an interface is not supported yet`;
      notes.push({ code: 'plan/no-interface', instance: instance.name, message });
      continue;
    }
    const addresses = planAddresses(instance, linkName);
    const router = planVirtualRouter(config, instance, linkName, addresses, groups.get(instance.name));
    const twin = virtualRouters.get(router.key);
    if (twin !== undefined) {
      const message = `(${instance.name}) has the same virtual router id, interface and family as (${twin.config.name}) and is left out`;
      notes.push({ code: 'plan/duplicate-vrid', instance: instance.name, message });
      continue;
    }
    virtualRouters.set(router.key, router);
  }
  const routers = [...virtualRouters.values()];
  const note = (one: PlanNote): void => void notes.push(one);
  const linkbeats = planLinkbeats(config, routers, note);
  return {
    desired: {
      virtualRouters: routers,
      syncGroups: planSyncGroups(config, routers),
      trackers: planTrackers(config),
      linkDelays: planLinkDelays(config, routers, linkbeats, note),
      linkbeats,
      scheduling: planScheduling(config),
    },
    notes,
    notifications: planNotifications(config),
  };
}

/** The sync group of each instance: the first that names it, as keepalived takes no second one. */
function groupsByMember({ vrrp_sync_group: groups }: Config): ReadonlyMap<string, VrrpSyncGroup> {
  return new Map(groups.toReversed().flatMap((group) => group.group.map((member) => [member, group] as const)));
}

/** Only members that run count; a group without any is none. */
function planSyncGroups(config: Config, routers: readonly DesiredVirtualRouter[]): readonly DesiredSyncGroup[] {
  const running = new Set(routers.map((router) => router.config.name));
  return config.vrrp_sync_group
    .map(({ name, group }) => ({ name, members: group.filter((member) => running.has(member)) }))
    .filter(({ members }) => members.length > 0);
}

/** The start is delayed by the longer of its own delay and what is missing of the delay after the boot. */
function delayedAfterBoot(config: Config, uptime: number): Config {
  const { vrrp_startup_delay: own, vrrp_delay_after_boot: afterBoot } = config.global_defs;
  const missing = afterBoot - uptime;
  return missing <= own ? config : { ...config, global_defs: { ...config.global_defs, vrrp_startup_delay: missing } };
}
