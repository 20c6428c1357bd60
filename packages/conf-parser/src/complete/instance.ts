// A vrrp_instance as written to one with everything settled: defaults, what global_defs passes on, and what keepalived
// takes back because it does not fit together. In keepalived's order, because one step may change what the next sees.
import type { GarpDraft, InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import { DEFAULT_PRIORITY } from '../keywords/vrrp-instance.js';
import type { VrrpInstance } from '../model.js';
import { splitAddresses } from './addresses.js';
import { alertsByMail } from './mail.js';
import { settleAuthentication } from './authentication.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';
import { settleInterval } from './interval.js';
import { settlePreemption } from './preemption.js';
import { settleInstanceScripts, settleScripts } from './scripts.js';
import type { UsableScripts } from './scripts.js';
import { settleStrict } from './strict.js';
import { completeTracking } from './tracking.js';

export function completeInstance(scope: Scope, draft: InstanceDraft, scripts: UsableScripts): VrrpInstance {
  reportMissing(scope, draft);
  const { globals } = scope.config;
  const family = draft.family ?? 4;
  const priority = draft.priority ?? (draft.state === 'MASTER' ? 255 : DEFAULT_PRIORITY);
  const strict = draft.strict_mode ?? globals.vrrp_strict;
  const version = versionOf(scope, draft, family, strict);
  const state = draft.state ?? (priority === 255 ? 'MASTER' : 'BACKUP');
  const settled: Settled = { scope, draft, version, family, priority, strict, state };
  reportUnicast(settled);
  reportLinkLayer(settled);
  const strictSettings = settleStrict(settled);
  const addresses = splitAddresses(settled);
  const authentication = settleAuthentication(settled);
  const preemption = settlePreemption(settled);
  const announcements = completeAnnouncements(settled);
  const tracking = completeTracking(settled, scripts);
  // Spelled out rather than spread together: there may be ten thousand of these.
  const instance: Writable<VrrpInstance> = {
    name: draft.name,
    state: settled.state,
    virtual_router_id: draft.virtual_router_id,
    priority,
    advert_int: settleInterval(settled),
    version,
    family,
    virtual_ipaddress: addresses.virtual_ipaddress,
    virtual_ipaddress_excluded: addresses.virtual_ipaddress_excluded,
    unicast_peer: draft.unicast_peer,
    track_src_ip: draft.track_src_ip && (draft.mcast_src_ip ?? draft.unicast_src_ip) !== undefined,
    check_unicast_src: draft.check_unicast_src || globals.vrrp_check_unicast_src,
    nopreempt: preemption.nopreempt,
    preempt_delay: preemption.preempt_delay,
    down_timer_adverts: downTimerAdverts(settled),
    garp_master_delay: announcements.garp_master_delay,
    garp_master_repeat: announcements.garp_master_repeat,
    garp_master_refresh: announcements.garp_master_refresh,
    garp_master_refresh_repeat: announcements.garp_master_refresh_repeat,
    garp_lower_prio_delay: announcements.garp_lower_prio_delay,
    garp_lower_prio_repeat: announcements.garp_lower_prio_repeat,
    lower_prio_no_advert: strictSettings.lower_prio_no_advert,
    higher_prio_send_advert: strictSettings.higher_prio_send_advert,
    owner_ignore_adverts: strictSettings.owner_ignore_adverts,
    v3_checksum_as_v2: draft.v3_checksum_as_v2 ?? globals.v3_checksum_as_v2 ?? false,
    skip_check_adv_addr: draft.skip_check_adv_addr || globals.vrrp_skip_check_adv_addr,
    strict_mode: strict,
    accept: strictSettings.accept,
    dont_track_primary: draft.dont_track_primary,
    linkbeat_use_polling: draft.linkbeat_use_polling,
    track_interface: tracking.track_interface,
    track_script: tracking.track_script,
    track_process: tracking.track_process,
    track_file: tracking.track_file,
    notify_priority_changes: draft.notify_priority_changes ?? inheritedPriorityChanges(scope, draft.name),
    smtp_alert: alertsByMail(scope, draft),
    notify_webhook: draft.notify_webhook,
  };
  if (draft.interface !== undefined) instance.interface = draft.interface;
  if (authentication !== undefined) instance.authentication = authentication;
  addSources(draft, instance);
  if (preemption.timer_expired_backup !== undefined) instance.timer_expired_backup = preemption.timer_expired_backup;
  if (draft.old_unicast_checksum !== undefined && draft.unicast_peer.length > 0) {
    instance.old_unicast_checksum = draft.old_unicast_checksum;
  }
  return Object.assign(instance, settleScripts(scope, draft, scripts), settleInstanceScripts(scope, draft, scripts));
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function addSources(draft: InstanceDraft, instance: Writable<VrrpInstance>): void {
  const { mcast_src_ip, mcast_dst_ip, unicast_src_ip, unicast_ttl, unicast_peer } = draft;
  if (mcast_src_ip !== undefined) instance.mcast_src_ip = mcast_src_ip;
  if (mcast_dst_ip !== undefined) instance.mcast_dst_ip = mcast_dst_ip;
  if (unicast_src_ip !== undefined) instance.unicast_src_ip = unicast_src_ip;
  if (unicast_ttl !== undefined && unicast_peer.length > 0) instance.unicast_ttl = unicast_ttl;
}

function inheritedPriorityChanges({ config }: Scope, name: string): boolean {
  return config.groupOf.get(name)?.notify_priority_changes ?? config.globals.vrrp_notify_priority_changes;
}

function versionOf(scope: Scope, draft: InstanceDraft, family: 4 | 6, strict: boolean): 2 | 3 {
  const version = draft.version ?? (family === 6 ? 3 : (scope.config.globals.vrrp_version ?? 2));
  if (version === 3 || family === 4 || !strict) return version;
  finding(
    scope,
    'conf/strict-mode',
    placeOf(draft, 'version'),
    'strict mode has no version 2 for IPv6: version 3 is used',
  );
  return 3;
}

function reportMissing(scope: Scope, draft: InstanceDraft): void {
  if (draft.virtual_router_id === 0) {
    const span = wordSpan(draft.nameWord);
    finding(scope, 'conf/virtual-router-id-missing', span, `${draft.name} needs a virtual_router_id`, { fatal: true });
  }
  if (draft.interface === undefined) {
    const span = wordSpan(draft.nameWord);
    finding(scope, 'conf/interface-missing', span, `${draft.name} needs an interface`, { fatal: true });
  }
  if (draft.virtual_ipaddress.length > 0) return;
  const { vrrp_version, vrrp_strict } = scope.config.globals;
  const required =
    (draft.strict_mode ?? vrrp_strict) || (draft.version ?? (draft.family === 6 ? 3 : vrrp_version)) === 3;
  finding(scope, 'conf/no-virtual-address', wordSpan(draft.nameWord), `${draft.name} has no virtual_ipaddress`, {
    detail: required
      ? 'Version 3 and strict mode do not run without.'
      : 'A virtual router without addresses moves nothing.',
    ...(required ? { fatal: true } : {}),
  });
}

function reportUnicast({ scope, draft }: Settled): void {
  if (draft.unicast_peer.length > 0) return;
  if (draft.unicast_ttl !== undefined) {
    finding(
      scope,
      'conf/unicast-without-peers',
      placeOf(draft, 'unicast_ttl'),
      'unicast_ttl without unicast peers has no effect',
    );
  }
  if (!draft.unicast) return;
  const keyword =
    ['unicast_peer', 'unicast_src_ip', 'check_unicast_src', 'old_unicast_checksum'].find(
      (name) => draft.at[name] !== undefined,
    ) ?? '';
  finding(
    scope,
    'conf/unicast-without-peers',
    placeOf(draft, keyword),
    `${draft.name} has unicast keywords and no unicast peer: multicast is used`,
  );
}

function reportLinkLayer({ scope, draft, family }: Settled): void {
  const conflict = (keyword: string, summary: string): void =>
    finding(scope, 'conf/invalid-option', placeOf(draft, keyword), summary);
  if (draft.at['promote_secondaries'] !== undefined && (draft.use_vmac || draft.ipvlan !== undefined))
    conflict('promote_secondaries', 'a virtual MAC has promote_secondaries anyway: it is ignored');
  if (draft.at['vmac_xmit_base'] !== undefined && !draft.use_vmac)
    conflict('vmac_xmit_base', 'vmac_xmit_base needs use_vmac');
  if (draft.ipvlan?.address === false && family === 4) {
    conflict('use_ipvlan', 'use_ipvlan needs an address for an IPv4 instance: it stays in fault');
  }
  for (const { value, word, family: own } of [...draft.virtual_ipaddress, ...draft.virtual_ipaddress_excluded]) {
    if (value.use_vmac !== true) continue;
    const isElsewhere = own !== family || (value.dev !== undefined && value.dev !== draft.interface);
    const keyword = isElsewhere ? 'use_vmac_addr' : 'use_vmac';
    if (draft.at[keyword] === undefined) continue;
    const summary = `${keyword} of the instance gives ${value.address} a virtual MAC already`;
    finding(scope, 'conf/invalid-option', wordSpan(word), summary);
  }
  if (draft.at['vrf'] !== undefined && draft.interface !== undefined)
    conflict('vrf', 'vrf goes with unicast without an interface');
}

type Announcements = Required<GarpDraft>;

function completeAnnouncements({ scope, draft, strict }: Settled): Announcements {
  const global = scope.config.globals.garp;
  const { garp } = draft;
  const delay = global.garp_master_delay ?? DEFAULTS.garp_master_delay;
  const repeat = global.garp_master_repeat ?? DEFAULTS.garp_master_repeat;
  const settle = (keyword: keyof GarpDraft, standard: number): number => garp[keyword] ?? global[keyword] ?? standard;
  const own: Announcements = {
    garp_master_delay: garp.garp_master_delay ?? delay,
    garp_master_repeat: garp.garp_master_repeat ?? repeat,
    garp_master_refresh: settle('garp_master_refresh', DEFAULTS.garp_master_refresh),
    garp_master_refresh_repeat: settle('garp_master_refresh_repeat', DEFAULTS.garp_master_refresh_repeat),
    garp_lower_prio_delay: settle('garp_lower_prio_delay', delay),
    garp_lower_prio_repeat: settle('garp_lower_prio_repeat', repeat),
  };
  if (!strict) return own;
  for (const keyword of ['garp_lower_prio_delay', 'garp_lower_prio_repeat'] as const) {
    if ((draft.garp[keyword] ?? 0) !== 0) {
      finding(scope, 'conf/strict-mode', placeOf(draft, keyword), `strict mode takes ${keyword} as 0`);
    }
  }
  return { ...own, garp_lower_prio_delay: 0, garp_lower_prio_repeat: 0 };
}

function downTimerAdverts({ scope, draft, strict }: Settled): number {
  const value = draft.down_timer_adverts ?? scope.config.globals.vrrp_down_timer_adverts;
  if (!strict || value === STANDARD_DOWN_ADVERTS) return value;
  finding(
    scope,
    'conf/strict-mode',
    placeOf(draft, 'down_timer_adverts'),
    `strict mode takes down_timer_adverts as ${STANDARD_DOWN_ADVERTS}`,
  );
  return STANDARD_DOWN_ADVERTS;
}

const DEFAULTS = {
  garp_master_delay: 5,
  garp_master_repeat: 5,
  garp_master_refresh: 0,
  garp_master_refresh_repeat: 1,
} as const;

/** RFC 9568 §6.1: Active_Down_Interval is three intervals and the skew. */
const STANDARD_DOWN_ADVERTS = 3;
