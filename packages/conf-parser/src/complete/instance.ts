// A vrrp_instance as written to one with everything settled: defaults, what global_defs passes on, and what keepalived
// takes back because it does not fit together. In keepalived's order, because one step may change what the next sees.
import type { GarpDraft, InstanceDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { VrrpInstance } from '../model.js';
import { splitAddresses } from './addresses.js';
import { settleAuthentication } from './authentication.js';
import { placeOf } from './settled.js';
import type { Settled } from './settled.js';
import { settleInterval } from './interval.js';
import { settlePreemption } from './preemption.js';
import { settleScripts } from './scripts.js';
import type { UsableScripts } from './scripts.js';
import { settleStrict } from './strict.js';
import { completeTracking } from './tracking.js';

export function completeInstance(scope: Scope, draft: InstanceDraft, scripts: UsableScripts): VrrpInstance {
  reportMissing(scope, draft);
  const { globals } = scope.config;
  const family = draft.family ?? 4;
  const priority = draft.priority ?? (draft.state === 'MASTER' ? 255 : 100);
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
  return {
    name: draft.name,
    state: settled.state,
    ...(draft.interface === undefined ? {} : { interface: draft.interface }),
    virtual_router_id: draft.virtual_router_id,
    priority,
    advert_int: settleInterval(settled),
    version,
    family,
    ...(authentication === undefined ? {} : { authentication }),
    ...addresses,
    ...addressing(draft),
    check_unicast_src: draft.check_unicast_src || globals.vrrp_check_unicast_src,
    ...preemption,
    ...completeAnnouncements(settled),
    down_timer_adverts: downTimerAdverts(settled),
    ...strictSettings,
    skip_check_adv_addr: draft.skip_check_adv_addr || globals.vrrp_skip_check_adv_addr,
    strict_mode: strict,
    dont_track_primary: draft.dont_track_primary,
    ...completeTracking(settled, scripts),
    ...settleScripts(scope, draft, scripts),
    notify_priority_changes: draft.notify_priority_changes ?? inheritedPriorityChanges(scope, draft.name),
  };
}

function inheritedPriorityChanges({ config }: Scope, name: string): boolean {
  const group = [...config.syncGroups.values()].find((one) => one.group?.some(({ text }) => text === name) === true);
  return group?.notify_priority_changes ?? config.globals.vrrp_notify_priority_changes;
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

function addressing(
  draft: InstanceDraft,
): Pick<VrrpInstance, 'mcast_src_ip' | 'mcast_dst_ip' | 'unicast_src_ip' | 'unicast_peer' | 'unicast_ttl'> {
  const { mcast_src_ip, mcast_dst_ip, unicast_src_ip, unicast_ttl, unicast_peer } = draft;
  return {
    ...(mcast_src_ip === undefined ? {} : { mcast_src_ip }),
    ...(mcast_dst_ip === undefined ? {} : { mcast_dst_ip }),
    ...(unicast_src_ip === undefined ? {} : { unicast_src_ip }),
    ...(unicast_ttl === undefined || unicast_peer.length === 0 ? {} : { unicast_ttl }),
    unicast_peer,
  };
}

function reportMissing(scope: Scope, draft: InstanceDraft): void {
  const span = wordSpan(draft.nameWord);
  if (draft.virtual_router_id === 0) {
    finding(scope, 'conf/virtual-router-id-missing', span, `${draft.name} needs a virtual_router_id`, { fatal: true });
  }
  if (draft.interface === undefined) {
    finding(scope, 'conf/interface-missing', span, `${draft.name} needs an interface`, { fatal: true });
  }
  if (draft.virtual_ipaddress.length > 0) return;
  const { vrrp_version, vrrp_strict } = scope.config.globals;
  const required =
    (draft.strict_mode ?? vrrp_strict) || (draft.version ?? (draft.family === 6 ? 3 : vrrp_version)) === 3;
  finding(scope, 'conf/no-virtual-address', span, `${draft.name} has no virtual_ipaddress`, {
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
  if (draft.at['vmac_xmit_base'] !== undefined && !draft.use_vmac)
    conflict('vmac_xmit_base', 'vmac_xmit_base needs use_vmac');
  if (draft.ipvlan?.address === false && family === 4) {
    conflict('use_ipvlan', 'use_ipvlan needs an address for an IPv4 instance: it stays in fault');
  }
  if (draft.at['vrf'] !== undefined && draft.interface !== undefined)
    conflict('vrf', 'vrf goes with unicast without an interface');
}

type Announcements = Required<GarpDraft>;

function completeAnnouncements({ scope, draft, strict }: Settled): Announcements {
  const global = scope.config.globals.garp;
  const delay = global.garp_master_delay ?? DEFAULTS.garp_master_delay;
  const repeat = global.garp_master_repeat ?? DEFAULTS.garp_master_repeat;
  const inherited: Announcements = {
    ...DEFAULTS,
    garp_lower_prio_delay: delay,
    garp_lower_prio_repeat: repeat,
    ...global,
  };
  const own: Announcements = { ...inherited, ...draft.garp };
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
