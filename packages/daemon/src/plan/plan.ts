// Config -> Desired, pure: the only place where a vrrp_instance becomes a VirtualRouter. It applies no defaults of the
// file format (the parser did) and decides nothing about roles (the state machine does).
import type { Config, VrrpSyncGroup } from '@vrrp/conf-parser';
import { admitInstances, type Admission, type PlanNote } from './admission.js';
import type { Desired, DesiredLinkbeat, DesiredLinkDelays, DesiredSyncGroup, DesiredVirtualRouter } from './desired.js';
import { planAddresses } from './addresses.js';
import { planLinkbeats } from './linkbeats.js';
import { planLinkDelays } from './link-delays.js';
import { planNotifications, type DesiredNotifications } from './notifications.js';
import { planScheduling } from './scheduling.js';
import { planTrackers } from './trackers.js';
import { planVirtualRouter } from './virtual-router.js';

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
  const { admitted, notes } = admitInstances(config);
  const routers = planRouters(config, admitted);
  const links = planLinks(config, routers);
  return {
    desired: {
      virtualRouters: routers,
      syncGroups: planSyncGroups(config, routers),
      trackers: planTrackers(config),
      linkDelays: links.delays,
      linkbeats: links.linkbeats,
      scheduling: planScheduling(config),
    },
    notes: [...notes, ...links.notes],
    notifications: planNotifications(config),
  };
}

/**
 * The notes of {@link planConfig} alone, for a configuration test: nothing else of the plan has any, and ten thousand
 * virtual routers take a tenth of the whole test to plan. Those about links ask which links the routers use.
 */
export function planNotes(config: Config): readonly PlanNote[] {
  const { admitted, notes } = admitInstances(config);
  if (config.linkbeat_interfaces.length + config.interface_up_down_delays.length === 0) return notes;
  return [...notes, ...planLinks(config, planRouters(config, admitted)).notes];
}

function planRouters(config: Config, admitted: Admission['admitted']): readonly DesiredVirtualRouter[] {
  const groups = groupsByMember(config);
  return [...admitted].map(([key, one]) => {
    const addresses = planAddresses(one.instance, one.link);
    return planVirtualRouter(config, { key, ...one, addresses, group: groups.get(one.instance.name) });
  });
}

interface PlannedLinks {
  readonly linkbeats: readonly DesiredLinkbeat[];
  readonly delays: readonly DesiredLinkDelays[];
  readonly notes: readonly PlanNote[];
}

function planLinks(config: Config, routers: readonly DesiredVirtualRouter[]): PlannedLinks {
  const notes: PlanNote[] = [];
  const note = (one: PlanNote): void => void notes.push(one);
  const linkbeats = planLinkbeats(config, routers, note);
  return { linkbeats, delays: planLinkDelays(config, routers, linkbeats, note), notes };
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
