// The vocabulary of the virtual router on one page: what it is told (Event), what it asks for (Action), what it
// reports (Observation). Plain data only; RFC 9568 section 6 and keepalived's documented behaviour. No decisions here.
import type { VirtualRouterConfig } from './config.js';

/** Integer microseconds; points in time are counted from a monotonic origin that the host chooses. */
export type Micros = number & { readonly __unit?: 'µs' };
/** Hundredths of a second, as in the version 3 packet (RFC 9568 §5.2.7). */
export type Centiseconds = number & { readonly __unit?: 'cs' };

/** The role of a virtual router (RFC 9568 §6.3; `master` is its Active Router, `fault` is keepalived's extension). */
export type Role = 'initialize' | 'backup' | 'master' | 'fault';

/** A datagram as the host received it, not yet judged: every check, in keepalived's order, is the state machine's. */
export interface ReceivedAdvertisement {
  readonly source: string;
  readonly destination: string;
  /** TTL or hop limit of the datagram, 0..255. */
  readonly ttl: number;
  /** Whether the destination is a multicast group. */
  readonly multicast: boolean;
  /** The VRRP message, without IP header. May be a view that is valid only during the call. */
  readonly payload: Uint8Array;
}

/** What a tracker knows now. `unknown` means no result yet. `value` is the number of a tracked file. */
export type TrackerStatus = 'up' | 'down' | 'unknown';
export type TrackerKind = 'interface' | 'script' | 'process' | 'file' | 'bfd';

/** What a tracker found, as data of its owner's making: carried to whoever makes a sentence of it, and never read here. */
export type TrackerEvidence =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout'; readonly after: Micros }
  | { readonly kind: 'exec-error'; readonly message: string }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'check'; readonly result: string; readonly detail: string }
  | { readonly kind: 'none' };

/**
 * `hold` and `release`: another member's fault keeps this one in fault too. `announce`: another member, a Master, heard a
 * lower priority; what was misled may have been misled about this member's addresses too.
 */
export type GroupOrder = 'master' | 'backup' | 'hold' | 'release' | 'announce';

export type Event = { readonly at: Micros } & EventBody;

export type EventBody =
  | { readonly kind: 'startup' }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'time' }
  | { readonly kind: 'packet'; readonly packet: ReceivedAdvertisement }
  /** State of an interface this virtual router needs (its own when `interface` is left out). */
  | { readonly kind: 'link'; readonly interface?: string; readonly up: boolean }
  /** Whether there is a socket to send and hear advertisements with: `undefined`, or why there is none. */
  | { readonly kind: 'socket'; readonly problem: string | undefined }
  /** The address advertisements are sent from; `undefined` when the interface has none of the family. */
  | { readonly kind: 'primary-address'; readonly address: string | undefined }
  | {
      readonly kind: 'tracker';
      readonly tracker: string;
      readonly trackerKind: TrackerKind;
      readonly status: TrackerStatus;
      readonly value?: number;
      /** Why. */
      readonly evidence?: TrackerEvidence;
    }
  /** Somebody else removed a virtual address of ours from the kernel. */
  | { readonly kind: 'address-lost'; readonly address: string; readonly interface: string }
  /** Somebody else removed a tracked virtual route or rule of ours, named as the host names it. */
  | { readonly kind: 'route-lost'; readonly route: string }
  | { readonly kind: 'rule-lost'; readonly rule: string }
  | { readonly kind: 'reconfigure'; readonly config: VirtualRouterConfig }
  /** What the sync group decided for this member: take a role with the others, or be held in (released from) fault. */
  | { readonly kind: 'group'; readonly group: string; readonly order: GroupOrder; readonly member: string }
  /** An action could not be carried out; the host hands the failure back. */
  | { readonly kind: 'action-failed'; readonly action: Action['kind']; readonly reason: string };

export type Action =
  /** Send one advertisement with this priority now, to the group or to every unicast peer. */
  | { readonly kind: 'send-advertisement'; readonly priority: number }
  /**
   * Put all virtual addresses (excluded ones too) on their interfaces. Without `accept` (RFC 9568 §6.1 Accept_Mode) packets
   * addressed to them are dropped from before they are there until they are gone; neighbour discovery is not.
   */
  | { readonly kind: 'add-addresses'; readonly accept: boolean }
  | { readonly kind: 'remove-addresses' }
  /** Gratuitous ARP / unsolicited NA for all virtual addresses, the whole list `repeat` times. */
  | { readonly kind: 'announce-addresses'; readonly repeat: number }
  /** The same, once, for the address advertisements are sent from: unicast peers may have forgotten where it is. */
  | { readonly kind: 'announce-primary-address' }
  /** Give every other member of the sync group the order `announce`. */
  | { readonly kind: 'announce-group'; readonly group: string }
  | { readonly kind: 'observe'; readonly observation: Observation };

/** Why a transition happened: exactly one, from this closed set. */
export type Cause =
  | 'startup'
  | 'shutdown'
  | 'address-owner'
  | 'master-down-timer'
  | 'priority-zero-timer'
  | 'higher-priority-advertisement'
  | 'equal-priority-higher-address'
  | 'address-lost'
  | 'route-lost'
  | 'rule-lost'
  /** Another address owner does not give way. */
  | 'owner-conflict'
  /** Its own timer came so late that another may have taken over meanwhile. */
  | 'timer-expired'
  | 'fault'
  | 'faults-cleared'
  /** The sync group took this member along. */
  | 'sync-group';

/**
 * One thing that is wrong now; the router is in `fault` exactly while this set is not empty, with one exception: a
 * router that was told to start and waits only for first results (`tracker-pending`) stays in `initialize`, silently.
 */
export type Fault =
  | { readonly kind: 'interface-down'; readonly interface: string }
  | { readonly kind: 'no-primary-address' }
  /** The host has no socket for advertisements. */
  | { readonly kind: 'no-socket'; readonly reason: string }
  /** Its advertisements were refused for a Master_Down_Interval: nobody hears it. It tries again by itself. */
  | { readonly kind: 'cannot-send'; readonly reason: string }
  | {
      readonly kind: 'tracker-down';
      readonly tracker: string;
      readonly trackerKind: TrackerKind;
      readonly evidence?: TrackerEvidence;
    }
  /** A tracker without weight has not reported yet: the router waits, silently, as keepalived does. */
  | { readonly kind: 'tracker-pending'; readonly tracker: string; readonly trackerKind: TrackerKind }
  /** Another member of the sync group is in fault. */
  | { readonly kind: 'group-member'; readonly group: string; readonly member: string };

/** Why a received datagram was not used, in keepalived's order of checks (`vrid` is another router's packet: only counted). */
export type DiscardReason =
  | 'vrid'
  | 'startup-delay'
  | 'length'
  | 'ttl'
  | 'version'
  | 'auth-type-invalid'
  | 'auth-type-mismatch'
  | 'auth-failure'
  | 'advertisement-interval'
  | 'type'
  | 'checksum'
  | 'destination-kind'
  | 'owner-ignores'
  /** None of its addresses is ours: another cluster with our VRID. */
  | 'foreign-addresses'
  | 'unknown-peer'
  | 'peer-ttl'
  | 'role';

/** What happened; logs, notifications and metrics read only these. */
export type Observation =
  | {
      readonly kind: 'transition';
      readonly from: Role;
      readonly to: Role;
      readonly cause: Cause;
      readonly priority: number;
      readonly faults: readonly Fault[];
    }
  | { readonly kind: 'fault-raised'; readonly fault: Fault }
  | { readonly kind: 'fault-cleared'; readonly fault: Fault }
  | { readonly kind: 'master-down-timer-expired' }
  | {
      readonly kind: 'advertisement-discarded';
      readonly reason: DiscardReason;
      readonly source: string;
      /** As Master: two routers hold the role. */
      readonly role: Role;
      readonly expected?: number | string;
      readonly received?: number | string;
    }
  | {
      readonly kind: 'address-list-mismatch';
      readonly source: string;
      /** How many addresses we have, and how many it lists. */
      readonly expected: number;
      readonly received: number;
      /** The first of ours that it does not list. */
      readonly missing: string | undefined;
    }
  | {
      readonly kind: 'interval-learned';
      readonly source: string;
      readonly interval: Micros;
      readonly configured: Micros;
    }
  /** A Backup heard a lower priority and lets its timer run on (it preempts). */
  | {
      readonly kind: 'lower-priority-discarded';
      readonly source: string;
      readonly received: number;
      readonly own: number;
    }
  | {
      readonly kind: 'master-heard-lower';
      readonly source: string;
      readonly received: number;
      readonly own: number;
      readonly electionForced: boolean;
    }
  | { readonly kind: 'master-heard-higher'; readonly source: string; readonly received: number; readonly own: number }
  | { readonly kind: 'own-address-heard'; readonly source: string; readonly received: number }
  | { readonly kind: 'priority-zero-received'; readonly source: string }
  | { readonly kind: 'priority-zero-sent' }
  | { readonly kind: 'priority-changed'; readonly from: number; readonly to: number }
  | { readonly kind: 'preempt-delay-started'; readonly delay: Micros }
  | { readonly kind: 'preempt-delay-stopped' }
  | { readonly kind: 'preempt-delay-expired' }
  | { readonly kind: 'address-lost'; readonly address: string; readonly interface: string }
  | { readonly kind: 'route-lost'; readonly route: string }
  | { readonly kind: 'rule-lost'; readonly rule: string }
  /** A Master was not scheduled for this long after its advertisement was due (keepalived's timer_expired_backup). */
  | { readonly kind: 'timer-expired'; readonly lateness: Micros }
  /** The down timer ran out, but the sync group is not ready to be Master as a whole. */
  | { readonly kind: 'waiting-for-group'; readonly group: string }
  /** Another router says that it owns the addresses too (priority 255); `yields`: this one gives way. */
  | { readonly kind: 'owner-conflict'; readonly source: string; readonly yields: boolean };
