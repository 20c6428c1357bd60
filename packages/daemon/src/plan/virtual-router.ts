// One vrrp_instance -> one virtual router, pure: RFC 9568 section 6.1 parameters from keepalived's words.
import type { Config, VrrpInstance } from '@vrrp/conf-parser';
import { OWNER_PRIORITY, judgeConfig, type Authentication, type VirtualRouterConfig } from '@vrrp/state-machine';
import { encodePassword } from '@vrrp/wire';
import type { Admitted, Candidate, Judgement } from './admission.js';
import { planAddresses } from './addresses.js';
import type { DesiredChannel, DesiredVirtualRouter } from './desired.js';
import { micros } from './micros.js';
import { planTrackedObjects } from './trackers.js';

/** RFC 9568 §5.1.1.3: sent with 255, anything else is dropped by a multicast receiver. */
const MAX_TTL = 255;

export function planVirtualRouter(key: string, admitted: Admitted<VirtualRouterConfig>): DesiredVirtualRouter {
  const { instance, link, router } = admitted;
  return { key, config: router, channel: planChannel(admitted), addresses: planAddresses(instance, link) };
}

/** What `create` would be given, and whether it would take it. */
export function judgeCandidate(config: Config, candidate: Candidate): Judgement<VirtualRouterConfig> {
  const router = planRouterConfig(config, candidate);
  return { router, issues: judgeConfig(router) };
}

function planChannel({ instance, link, multicastGroup }: Candidate): DesiredChannel {
  const unicastPeers = instance.unicast_peer.map((peer) => peer.address);
  const source = instance.unicast_src_ip ?? instance.mcast_src_ip;
  return {
    family: instance.family,
    link,
    ...(multicastGroup === undefined ? {} : { multicastGroup }),
    unicastPeers,
    ttl: instance.unicast_ttl ?? MAX_TTL,
    ...(source === undefined ? {} : { source }),
    // COMPAT: keepalived looks at a unicast source once, when it starts, and does not act on track_src_ip at all.
    ...(source !== undefined && (unicastPeers.length > 0 || instance.track_src_ip) ? { sourceMustExist: true } : {}),
  };
}

function planRouterConfig(config: Config, { instance, link, multicastGroup, group }: Candidate): VirtualRouterConfig {
  const unicast = multicastGroup === undefined;
  return {
    name: instance.name,
    vrid: instance.virtual_router_id,
    family: instance.family,
    version: instance.version,
    interface: link,
    priority: instance.priority,
    advertisementInterval: micros(instance.advert_int),
    downTimerAdverts: instance.down_timer_adverts,
    preempt: !instance.nopreempt,
    preemptDelay: micros(instance.preempt_delay),
    virtualAddresses: instance.virtual_ipaddress.map((line) => line.address),
    authentication: planAuthentication(instance),
    checksum: instance.v3_checksum_as_v2 ? 'payload-only' : 'with-pseudo-header',
    ...planExceptions(instance),
    ...(unicast ? { unicast: { peers: planPeers(instance), checkSource: instance.check_unicast_src } } : {}),
    multicastGroup: multicastGroup ?? '',
    announcements: {
      delay: micros(instance.garp_master_delay),
      repeat: instance.garp_master_repeat,
      refresh: micros(instance.garp_master_refresh),
      refreshRepeat: instance.garp_master_refresh_repeat,
      lowerPriorityDelay: micros(instance.garp_lower_prio_delay),
      lowerPriorityRepeat: instance.garp_lower_prio_repeat,
    },
    answerLowerPriority: !instance.lower_prio_no_advert,
    advertiseBeforeYielding: instance.higher_prio_send_advert,
    checkAddressList: !instance.skip_check_adv_addr,
    startupDelay: micros(config.global_defs.vrrp_startup_delay),
    trackInterface: !instance.dont_track_primary,
    trackedObjects: planTrackedObjects(instance, group),
    ...(group === undefined ? {} : { syncGroup: group.name }),
  };
}

/** What only few instances say. */
function planExceptions(instance: VrrpInstance): Partial<VirtualRouterConfig> {
  const { old_unicast_checksum: old, timer_expired_backup: highest, owner_ignore_adverts: ignores } = instance;
  return {
    ...(old === undefined ? {} : { oldUnicastChecksum: old }),
    ...(highest === undefined ? {} : { highestOtherPriority: highest }),
    ...(instance.priority === OWNER_PRIORITY && instance.state === 'BACKUP' ? { listensFirst: true } : {}),
    ...(instance.accept ? {} : { accept: false }),
    ...(ignores ? { ownerIgnoresAdvertisements: true } : {}),
  };
}

function planPeers(instance: VrrpInstance): readonly { address: string; minTtl?: number; maxTtl?: number }[] {
  return instance.unicast_peer.map((peer) => ({
    address: peer.address,
    ...(peer.min_ttl === undefined ? {} : { minTtl: peer.min_ttl }),
    ...(peer.max_ttl === undefined ? {} : { maxTtl: peer.max_ttl }),
  }));
}

function planAuthentication(instance: VrrpInstance): Authentication {
  if (instance.version === 3 || instance.authentication?.auth_type !== 'PASS') return { kind: 'none' };
  return { kind: 'simple-password', password: encodePassword(instance.authentication.auth_pass) };
}
