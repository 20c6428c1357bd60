// One vrrp_instance -> one virtual router, pure: RFC 9568 section 6.1 parameters from keepalived's words.
import type { Config, VrrpInstance, VrrpSyncGroup } from '@vrrp/conf-parser';
import type { Authentication, VirtualRouterConfig } from '@vrrp/state-machine';
import { encodePassword } from '@vrrp/wire';
import type { AdmittedInstance } from './admission.js';
import type { DesiredAddress, DesiredChannel, DesiredVirtualRouter } from './desired.js';
import { planTrackedObjects } from './trackers.js';

/** RFC 9568 §5.2.4 */
const OWNER_PRIORITY = 255;
const MICROS_PER_SECOND = 1_000_000;
/** RFC 9568 §5.1.1.3: sent with 255, anything else is dropped by a multicast receiver. */
const MAX_TTL = 255;

interface PlannedInstance extends AdmittedInstance {
  readonly key: string;
  readonly addresses: readonly DesiredAddress[];
  readonly group: VrrpSyncGroup | undefined;
}

export function planVirtualRouter(config: Config, planned: PlannedInstance): DesiredVirtualRouter {
  const { key, instance, addresses, group } = planned;
  const channel = planChannel(planned);
  return { key, config: planRouterConfig(config, instance, channel, group), channel, addresses };
}

function planChannel({ instance, link, multicastGroup }: AdmittedInstance): DesiredChannel {
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

function planRouterConfig(
  config: Config,
  instance: VrrpInstance,
  channel: DesiredChannel,
  group: VrrpSyncGroup | undefined,
): VirtualRouterConfig {
  const unicast = channel.multicastGroup === undefined;
  return {
    name: instance.name,
    vrid: instance.virtual_router_id,
    family: instance.family,
    version: instance.version,
    interface: channel.link,
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
    multicastGroup: channel.multicastGroup ?? '',
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

function micros(seconds: number): number {
  return Math.round(seconds * MICROS_PER_SECOND);
}
