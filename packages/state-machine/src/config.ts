// What one virtual router is configured with: keepalived's defaults already applied, every time in microseconds.
// The daemon's plan makes these from the configuration file; other hosts write them by hand.
import type { Micros, TrackerKind } from './types.js';

export type Authentication =
  | { readonly kind: 'none' }
  /** RFC 2338 §10.3: eight bytes, NUL padded, sent in clear. */
  | { readonly kind: 'simple-password'; readonly password: Uint8Array };

/** keepalived.conf(5) garp_*: when and how often the Master announces its addresses. Delay 0 means not at all. */
export interface AnnouncementPolicy {
  /** From becoming Master to the second burst. */
  readonly delay: Micros;
  /** How often each address is announced in a burst, >= 1. */
  readonly repeat: number;
  readonly refresh: Micros;
  /** 0 sends nothing, as keepalived's vrrp_min_garp has it. */
  readonly refreshRepeat: number;
  readonly lowerPriorityDelay: Micros;
  /** 0 sends nothing when a lower priority is heard. */
  readonly lowerPriorityRepeat: number;
}

export interface UnicastPeer {
  readonly address: string;
  readonly minTtl?: number;
  readonly maxTtl?: number;
}

/** A tracked object and how it counts for this virtual router (weight 0: it gates; else it adds to the priority). */
export interface TrackedObject {
  readonly kind: TrackerKind;
  readonly name: string;
  readonly weight: number;
  readonly reverse: boolean;
}

export interface VirtualRouterConfig {
  readonly name: string;
  /** 1..255 */
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly interface: string;
  /** Base priority 1..255; 255 is the address owner (RFC 9568 §6.1). */
  readonly priority: number;
  readonly advertisementInterval: Micros;
  /** Adverts missed before the Backup acts, 1..100 (default 3). */
  readonly downTimerAdverts: number;
  readonly preempt: boolean;
  /** RFC 9568 §6.1 Accept_Mode, for routers that do not own the addresses; left out: true, keepalived's default. */
  readonly accept?: boolean;
  readonly preemptDelay: Micros;
  /** The addresses an advertisement lists, in order. */
  readonly virtualAddresses: readonly string[];
  readonly authentication: Authentication;
  /** Version 3 over IPv4: with the pseudo header (the standard), or payload only. */
  readonly checksum: 'with-pseudo-header' | 'payload-only';
  /**
   * keepalived's old_unicast_checksum: version 3 over IPv4 to unicast peers with the multicast group in the pseudo header.
   * Left out: from the first advertisement that comes so.
   */
  readonly oldUnicastChecksum?: 'always' | 'never';
  /** Left out: multicast to `multicastGroup`. */
  readonly unicast?: { readonly peers: readonly UnicastPeer[]; readonly checkSource: boolean };
  /** Not looked at when `unicast` is given. */
  readonly multicastGroup: string;
  readonly announcements: AnnouncementPolicy;
  /** keepalived's lower_prio_no_advert, higher_prio_send_advert. */
  readonly answerLowerPriority: boolean;
  readonly advertiseBeforeYielding: boolean;
  /** Compare the address list of received advertisements with ours (keepalived's skip_check_adv_addr negated). */
  readonly checkAddressList: boolean;
  /** Received advertisements are ignored and no role is taken for this long after startup. */
  readonly startupDelay: Micros;
  /** A down interface means fault (keepalived's dont_track_primary negated). */
  readonly trackInterface: boolean;
  readonly trackedObjects: readonly TrackedObject[];
  /** Name of the sync group this virtual router belongs to: it takes roles only together with the other members. */
  readonly syncGroup?: string;
  /** keepalived's `state BACKUP` of an address owner: it listens at the start like everybody else. */
  readonly listensFirst?: boolean;
  /** keepalived's owner_ignore_adverts: an address owner does not listen to anybody. */
  readonly ownerIgnoresAdvertisements?: boolean;
  /**
   * keepalived's timer_expired_backup: the highest priority another router may have, 1..254. A Master whose timer comes so
   * late that a router of this priority has taken over goes to Backup. Only without `preempt`.
   */
  readonly highestOtherPriority?: number;
}
