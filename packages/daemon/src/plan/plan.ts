// Config -> Desired, pure: the only place where a vrrp_instance becomes a VirtualRouter. It applies no defaults of the
// file format (the parser did) and decides nothing about roles (the state machine does).
import type { Config, Diagnostic, ParsedConfig, PlaceOf, VrrpInstance } from '@vrrp/conf-parser';
import type { VirtualRouterConfig } from '@vrrp/state-machine';
import { admitInstances, type Admission, type Candidate, type Judgement } from './admission.js';
import type { Desired, DesiredLinkbeat, DesiredLinkDelays, DesiredVirtualRouter } from './desired.js';
import { createReport, NOWHERE, type Report } from './findings.js';
import { planLinkbeats } from './linkbeats.js';
import { planLinkDelays } from './link-delays.js';
import { planNotifications, type DesiredNotifications } from './notifications.js';
import { planScheduling } from './scheduling.js';
import { planTrackers } from './trackers.js';
import { judgeCandidate, planVirtualRouter } from './virtual-router.js';

export interface PlanResult {
  readonly desired: Desired;
  readonly notifications: DesiredNotifications;
  /** What is left out, and what has no effect, each with its place. */
  readonly findings: readonly Diagnostic[];
}

/** What is true of the machine and of the text. */
export interface PlanCircumstances {
  /** Seconds since it was booted; left out: long ago. */
  readonly uptime?: number;
  /** Of the parsed configuration; left out: findings have no place. */
  readonly placeOf?: PlaceOf;
}

/** Plans a whole configuration. Total: what cannot be run is left out and is found. */
export function planConfig(
  written: Config,
  { uptime = Infinity, placeOf = NOWHERE }: PlanCircumstances = {},
): PlanResult {
  const { findings, report } = createReport(placeOf);
  const whole = delayedAfterBoot(written, uptime);
  const admission = admitInstances(whole, (candidate) => judgeCandidate(whole, candidate), report);
  const config = runningPart(whole, admission);
  const routers = planRouters(admission);
  return {
    desired: {
      virtualRouters: routers,
      syncGroups: config.vrrp_sync_group.map(({ name, group }) => ({ name, members: group })),
      trackers: planTrackers(config),
      ...planLinks(config, routers, report),
      scheduling: planScheduling(config),
      ...(config.global_defs.vrrp_drift_fallback ? { driftFallback: true } : {}),
      ...(config.global_defs.log_unknown_vrids ? { tellsUnknownVrids: true } : {}),
    },
    notifications: planNotifications(config),
    findings,
  };
}

/**
 * The findings of {@link planConfig} alone, for a configuration test: most of the plan has none, and ten thousand virtual
 * routers take a good part of the whole test to plan. What the parser has refused at the same place is not said again.
 */
export function planFindings({ model, placeOf, diagnostics }: ParsedConfig): readonly Diagnostic[] {
  if (model === undefined) return [];
  const { findings, report } = createReport(placeOf);
  const judge = (candidate: Candidate): Judgement<VirtualRouterConfig> => judgeCandidate(model, candidate);
  // What is found about links depends on which of them the routers use.
  if (model.linkbeat_interfaces.length + model.interface_up_down_delays.length > 0) {
    const admission = admitInstances(model, judge, report);
    planLinks(runningPart(model, admission), planRouters(admission), report);
  } else admitInstances(model, (one) => (isOrdinary(one.instance) ? ORDINARY : judge(one)), report);
  if (findings.length === 0) return findings;
  const refused = new Set(diagnostics.filter(({ fatal }) => fatal === true).map(({ span }) => placeKey(span)));
  return findings.filter(({ span }) => !refused.has(placeKey(span)));
}

/**
 * Of what the parser lets through, only these can be refused, and ten thousand virtual routers take a fifth of a test to
 * make: a test over many configurations holds the two to the same findings.
 */
function isOrdinary({ version, family, virtual_router_id: vrid }: VrrpInstance): boolean {
  return vrid > 0 && (version === 3 || family === 4);
}

const ORDINARY: Judgement<undefined> = { router: undefined, issues: [] };

function placeKey({ file, start }: Diagnostic['span']): string {
  return `${start} ${file}`;
}

function planRouters(admission: Admission<VirtualRouterConfig>): readonly DesiredVirtualRouter[] {
  return [...admission].map(([key, admitted]) => planVirtualRouter(key, admitted));
}

/** What is left of a configuration without the instances that do not run: groups have only members that do. */
function runningPart(config: Config, admission: Admission<unknown>): Config {
  if (admission.size === config.vrrp_instance.length) return config;
  const instances = [...admission.values()].map(({ instance }) => instance);
  const running = new Set(instances.map(({ name }) => name));
  const groups = config.vrrp_sync_group.map((one) => ({
    ...one,
    group: one.group.filter((name) => running.has(name)),
  }));
  return {
    ...config,
    vrrp_instance: instances,
    vrrp_sync_group: groups.filter(({ group }) => group.length > 0),
  };
}

function planLinks(
  config: Config,
  routers: readonly DesiredVirtualRouter[],
  report: Report,
): { readonly linkbeats: readonly DesiredLinkbeat[]; readonly linkDelays: readonly DesiredLinkDelays[] } {
  const linkbeats = planLinkbeats(config, routers, report);
  return { linkDelays: planLinkDelays(config, routers, linkbeats, report), linkbeats };
}

/** The start is delayed by the longer of its own delay and what is missing of the delay after the boot. */
function delayedAfterBoot(config: Config, uptime: number): Config {
  const { vrrp_startup_delay: own, vrrp_delay_after_boot: afterBoot } = config.global_defs;
  const missing = afterBoot - uptime;
  return missing <= own ? config : { ...config, global_defs: { ...config.global_defs, vrrp_startup_delay: missing } };
}
