// The whole draft to the model: what only shows once everything has been read. Findings of this stage do not count for
// keepalived when an interface is missing, because keepalived has stopped by then.
import { adviseInstance } from '../advice.js';
import type { ConfigDraft, GlobalDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Config, GlobalDefs } from '../model.js';
import { completeInstance } from './instance.js';
import { completeMail, reportMail } from './mail.js';
import { reportSharedIds, STANDARD_GROUPS } from './shared-ids.js';
import { applySyncGroups, completeSyncGroups, withScripts } from './sync-groups.js';
import { hasServers, reportServers } from './servers.js';
import { completeTrackFiles, completeTrackProcesses } from './tracking.js';
import { commandOf, completeScripts, inspectGlobal, reportSecurity, settleScripts, usableScripts } from './scripts.js';
import type { UsableScripts } from './scripts.js';

export function completeConfig(scope: Scope): Config {
  const { config } = scope;
  // The scripts of the daemon itself are looked at before anything of VRRP.
  inspectGlobal(scope, ['daemon']);
  reportServers(scope);
  const stopped = reportInterfaces(scope);
  const later: Scope = stopped
    ? { ...scope, report: ({ keepalived: _uncounted, ...diagnostic }) => scope.report(diagnostic) }
    : scope;
  if (hasServers(config)) inspectGlobal(scope, ['lvs', 'anybody']);
  if (config.instances.size > 0) inspectGlobal(later, ['vrrp', 'anybody']);
  const usable = usableScripts(later);
  const groups = completeSyncGroups(later, usable);
  const completed = [...config.instances.values()].map((draft) => completeInstance(later, draft, usable));
  const instances = applySyncGroups(later, groups, completed);
  const drafts = [...config.syncGroups.values()];
  const groupScripts = new Map(drafts.map((group) => [group.name, settleScripts(later, group, usable)]));
  for (const instance of instances) {
    const draft = config.instances.get(instance.name);
    if (draft !== undefined) adviseInstance(later, draft, instance);
  }
  if (config.instances.size > 0) reportSecurity(later, config, usable);
  reportMail(later);
  reportSharedIds(later, instances);
  return {
    global_defs: completeGlobals(config, usable),
    ...(config.net_namespace === undefined ? {} : { net_namespace: config.net_namespace }),
    ...(config.instance === undefined ? {} : { instance: config.instance }),
    interface_up_down_delays: [...config.interfaceDelays.values()],
    linkbeat_use_polling: config.linkbeat_use_polling,
    linkbeat_interfaces: [...config.linkbeatInterfaces.values()],
    vrrp_instance: instances,
    vrrp_sync_group: withScripts(groups, groupScripts),
    vrrp_script: completeScripts(usable),
    vrrp_track_process: completeTrackProcesses(config),
    vrrp_track_file: completeTrackFiles(config),
  };
}

/** True when keepalived stops here. */
function reportInterfaces(scope: Scope): boolean {
  const { interfaceExists } = scope.facts;
  if (interfaceExists === undefined || scope.config.globals.dynamic_interfaces) return false;
  const known = new Map<string, boolean>();
  let missing = false;
  for (const { word, need } of scope.config.interfaceUses) {
    const exists = known.get(word.text) ?? interfaceExists(word.text);
    known.set(word.text, exists);
    if (exists) continue;
    const summary = `there is no interface ${word.text} on this machine`;
    if (need === 'optional') {
      finding(scope, 'conf/unknown-interface', wordSpan(word), summary, {
        detail: 'The line is left out.',
        keepalived: 'file-not-found',
      });
      continue;
    }
    missing = true;
    finding(scope, 'conf/unknown-interface', wordSpan(word), summary, {
      detail: 'keepalived does not start with this, unless global_defs has dynamic_interfaces.',
      fatal: true,
    });
  }
  return missing;
}

function completeGlobals({ globals }: ConfigDraft, { defaultUser }: UsableScripts): GlobalDefs {
  const { notify_fifo_script: script, vrrp_notify_fifo_script: vrrpScript } = globals;
  return {
    ...(globals.router_id === undefined ? {} : { router_id: globals.router_id }),
    vrrp_version: globals.vrrp_version ?? 2,
    vrrp_mcast_group4: globals.vrrp_mcast_group4 ?? STANDARD_GROUPS[4],
    vrrp_mcast_group6: globals.vrrp_mcast_group6 ?? STANDARD_GROUPS[6],
    vrrp_startup_delay: globals.vrrp_startup_delay,
    vrrp_delay_after_boot: globals.vrrp_delay_after_boot,
    ...completeScheduling(globals),
    vrrp_strict: globals.vrrp_strict,
    vrrp_drift_fallback: globals.vrrp_drift_fallback,
    log_unknown_vrids: globals.log_unknown_vrids,
    dynamic_interfaces: globals.dynamic_interfaces,
    enable_script_security: globals.enable_script_security,
    ...(globals.script_user === undefined ? {} : { script_user: globals.script_user }),
    ...(globals.notify_fifo === undefined ? {} : { notify_fifo: globals.notify_fifo }),
    ...(script === undefined ? {} : { notify_fifo_script: commandOf(script, script, defaultUser) }),
    ...(globals.vrrp_notify_fifo === undefined ? {} : { vrrp_notify_fifo: globals.vrrp_notify_fifo }),
    ...(vrrpScript === undefined ? {} : { vrrp_notify_fifo_script: commandOf(vrrpScript, vrrpScript, defaultUser) }),
    vrrp_notify_priority_changes: globals.vrrp_notify_priority_changes,
    fifo_write_vrrp_states_on_reload: globals.fifo_write_vrrp_states_on_reload,
    ...completeMail(globals),
    notify_webhook: globals.notify_webhook,
  };
}

function completeScheduling({ vrrp_priority, vrrp_rt_priority, vrrp_rlimit_rttime }: GlobalDraft): Partial<GlobalDefs> {
  return {
    ...(vrrp_priority === undefined ? {} : { vrrp_priority }),
    ...(vrrp_rt_priority === undefined ? {} : { vrrp_rt_priority }),
    ...(vrrp_rlimit_rttime === undefined ? {} : { vrrp_rlimit_rttime }),
  };
}

/** RFC 9568 §7.1: the VRID must be unique among the virtual routers of a family on a network. */
