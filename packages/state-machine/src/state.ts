// Everything one virtual router remembers, as plain data (RFC 9568 §6.1 parameters, §6.2 timers), and how it begins.
// Deadlines are fields: there is nothing to arm or cancel. Nothing decides here; see initialize, backup, master, fault.
import { AdvertisementView as view, ipBytes, normalizeIp } from '@vrrp/wire';
import type { ChecksumForm } from '@vrrp/wire';
import { checkConfig } from './check-config.js';
import type { UnicastPeer, VirtualRouterConfig } from './config.js';
import { deriveFaults } from './faults.js';
import type { Facts } from './facts.js';
import { NO_FACTS } from './facts.js';
import { effectivePriority } from './priority.js';
import { ZERO_STATISTICS } from './statistics.js';
import type { Statistics } from './statistics.js';
import { centiseconds, masterDownInterval, MICROS_PER_SECOND, skewTime } from './timing.js';
import type { Cause, DiscardReason, Fault, Micros, Role } from './types.js';

/** The other router that this one believes to be Master (RFC 9568: Active Router). */
export interface KnownMaster {
  readonly address: string;
  /** As it advertised. */
  readonly priority: number;
  /** What the address adds to a checksum: with it nothing is parsed while the same Master speaks. */
  readonly addressSum: number;
}

/** How the router came to its role. */
export interface LastTransition {
  readonly at: Micros;
  readonly from: Role;
  readonly cause: Cause;
}

/** Another router of this VRID whose advertisements are not used (unheard.ts). */
export interface UnheardSource {
  readonly source: string;
  /** Why its latest advertisement was not used. */
  readonly reason: DiscardReason;
  readonly expected?: number | string;
  readonly received?: number | string;
  /** Since when for this reason, without a pause. */
  readonly since: Micros;
  readonly last: Micros;
  readonly count: number;
}

/** What was expected and what came, where two values say it. */
export type DiscardEvidence = Pick<UnheardSource, 'expected' | 'received'>;

/** One for all routers that use everything they hear. */
export const NOBODY_UNHEARD: readonly UnheardSource[] = [];

/** One for all routers that have reported nobody. */
export const NO_SOURCES: readonly string[] = [];

/** Points in time; `undefined` is a timer that does not run. */
export interface Timers {
  /** RFC 9568 §6.2 Active_Down_Timer. */
  readonly masterDown: Micros | undefined;
  /** RFC 9568 §6.2 Adver_Timer. */
  readonly advertisement: Micros | undefined;
  /** The second burst of announcements after becoming Master. */
  readonly announcement: Micros | undefined;
  /** From then on the next advertisement brings a refresh; it wakes nobody by itself, as in keepalived. */
  readonly refresh: Micros | undefined;
  /** The second burst after a lower priority was heard. */
  readonly lowerPriorityAnnouncement: Micros | undefined;
  readonly preemptDelay: Micros | undefined;
  readonly startupDelay: Micros | undefined;
  /** An owner that contests ours may still give way until then; wakes nobody by itself. */
  readonly rivalGrace: Micros | undefined;
  /** From `rivalGrace` to then it is heard whether it did. */
  readonly rivalWatch: Micros | undefined;
  /** A router in fault because nothing it sent left: tries again then. */
  readonly sendRetry: Micros | undefined;
}

/** What follows from the configuration alone, worked out once. */
export interface Prepared {
  /** `virtualAddresses`, to compare with what a packet lists. */
  readonly addresses: view.AddressWords;
  /** What `multicastGroup` adds to a checksum; 0 for unicast. */
  readonly groupSum: number;
  /** Unicast peers by canonical address. */
  readonly peers: ReadonlyMap<string, UnicastPeer>;
  /** The interval as a packet carries it: seconds in version 2, centiseconds in version 3. */
  readonly interval: number;
}

export interface SendFailures {
  /** When the first of them was due. */
  readonly since: Micros;
  readonly last: Micros;
}

export interface VirtualRouterState {
  readonly config: VirtualRouterConfig;
  readonly prepared: Prepared;
  readonly role: Role;
  /** Told to start and not to stop since; before that, facts are only stored. */
  readonly started: boolean;
  /** Effective priority, 1..255. */
  readonly priority: number;
  /** What is true around the router as far as it was told. */
  readonly facts: Facts;
  /** What follows from the facts: everything that is wrong now. */
  readonly faults: readonly Fault[];
  /** `undefined` until the first one. */
  readonly lastTransition: LastTransition | undefined;
  /** `undefined` while this router is Master, or when nobody was heard. */
  readonly master: KnownMaster | undefined;
  /** RFC 9568 §6.1 Active_Adver_Interval: what the Master advertises; our own interval until one is heard. */
  readonly masterAdvertisementInterval: Micros;
  /** RFC 9568 §6.1 Skew_Time. */
  readonly skewTime: Micros;
  /** RFC 9568 §6.1 Active_Down_Interval. */
  readonly masterDownInterval: Micros;
  readonly timers: Timers;
  /** How advertisements are to be checksummed: as configured, or as a unicast peer was heard to. */
  readonly checksumForm: ChecksumForm;
  /** Why `timers.masterDown` runs: silence, or a Master that said it stops. */
  readonly masterStopping: boolean;
  /** keepalived's preempt_delay: nobody to preempt, waiting, or waited long enough. */
  readonly preemption: 'idle' | 'delaying' | 'allowed';
  /** The router would be Master now, if its sync group were ready. */
  readonly waitingForGroup: boolean;
  /** Advertisements that the host could not send, one after the other until now; `undefined`: the last one left. */
  readonly sendFailures: SendFailures | undefined;
  /** Lower priorities answered since the last advertisement that was due by itself. */
  readonly answers: number;
  /** Other routers of this VRID whose advertisements are not used. */
  readonly unheard: readonly UnheardSource[];
  /** Kinds of packet trouble already observed since the role or the Master changed, as bits. */
  readonly reported: number;
  /** The same for each source, as `SOURCE REASON`: what was said of one says nothing of another. */
  readonly reportedSources: readonly string[];
  readonly statistics: Statistics;
}

/** No timer runs. */
export function noTimers(): Timers {
  return {
    masterDown: undefined,
    advertisement: undefined,
    announcement: undefined,
    refresh: undefined,
    lowerPriorityAnnouncement: undefined,
    preemptDelay: undefined,
    startupDelay: undefined,
    rivalGrace: undefined,
    rivalWatch: undefined,
    sendRetry: undefined,
  };
}

/**
 * A virtual router that was not told anything yet: role `initialize`, every fact unknown.
 * @throws RangeError or TypeError when the configuration is impossible (ask `judgeConfig` before).
 */
export function create(config: VirtualRouterConfig): VirtualRouterState {
  checkConfig(config);
  const priority = effectivePriority(config, NO_FACTS);
  const { skewTime: skew, masterDownInterval: down } = intervals(config, priority, config.advertisementInterval);
  return {
    config,
    prepared: prepare(config),
    role: 'initialize',
    started: false,
    priority,
    facts: NO_FACTS,
    faults: deriveFaults(config, NO_FACTS),
    lastTransition: undefined,
    master: undefined,
    masterAdvertisementInterval: config.advertisementInterval,
    skewTime: skew,
    masterDownInterval: down,
    timers: noTimers(),
    checksumForm: configuredChecksumForm(config),
    masterStopping: false,
    preemption: 'idle',
    waitingForGroup: false,
    sendFailures: undefined,
    answers: 0,
    unheard: NOBODY_UNHEARD,
    reported: 0,
    reportedSources: NO_SOURCES,
    statistics: ZERO_STATISTICS,
  };
}

/** When the host must send the next `time` event at the latest; `undefined`: nothing is due until something happens. */
export function nextDeadline(state: VirtualRouterState): Micros | undefined {
  const timers = state.timers;
  let next = earlier(timers.masterDown, timers.advertisement);
  next = earlier(next, timers.announcement);
  next = earlier(next, timers.lowerPriorityAnnouncement);
  next = earlier(next, timers.preemptDelay);
  next = earlier(next, timers.rivalWatch);
  next = earlier(next, timers.sendRetry);
  return earlier(next, timers.startupDelay);
}

/**
 * A copy whose fields may be written. Field by field because a literal is allocated in one go: bench/step.js ran three
 * times slower with spread syntax, which is a call into the runtime for each object.
 */
export function copyState(from: VirtualRouterState): VirtualRouterState {
  return {
    config: from.config,
    prepared: from.prepared,
    role: from.role,
    started: from.started,
    priority: from.priority,
    facts: from.facts,
    faults: from.faults,
    lastTransition: from.lastTransition,
    master: from.master,
    masterAdvertisementInterval: from.masterAdvertisementInterval,
    skewTime: from.skewTime,
    masterDownInterval: from.masterDownInterval,
    timers: from.timers,
    checksumForm: from.checksumForm,
    masterStopping: from.masterStopping,
    preemption: from.preemption,
    waitingForGroup: from.waitingForGroup,
    sendFailures: from.sendFailures,
    answers: from.answers,
    unheard: from.unheard,
    reported: from.reported,
    reportedSources: from.reportedSources,
    statistics: from.statistics,
  };
}

/** As `copyState`. */
export function copyTimers(from: Timers): Timers {
  return {
    masterDown: from.masterDown,
    advertisement: from.advertisement,
    announcement: from.announcement,
    refresh: from.refresh,
    lowerPriorityAnnouncement: from.lowerPriorityAnnouncement,
    preemptDelay: from.preemptDelay,
    startupDelay: from.startupDelay,
    rivalGrace: from.rivalGrace,
    rivalWatch: from.rivalWatch,
    sendRetry: from.sendRetry,
  };
}

/** Skew_Time and Master_Down_Interval for a priority and an interval. */
export function intervals(
  config: VirtualRouterConfig,
  priority: number,
  masterAdvertisementInterval: Micros,
): { readonly skewTime: Micros; readonly masterDownInterval: Micros } {
  const { version, downTimerAdverts } = config;
  const input = { version, downTimerAdverts, priority, masterAdvertisementInterval };
  return { skewTime: skewTime(input), masterDownInterval: masterDownInterval(input) };
}

/** The form of checksum to begin with. */
export function configuredChecksumForm(config: VirtualRouterConfig): ChecksumForm {
  return config.oldUnicastChecksum === 'always' ? 'multicast-pseudo-header' : config.checksum;
}

/** What follows from a checked configuration. */
export function prepare(config: VirtualRouterConfig): Prepared {
  const interval = config.advertisementInterval;
  return {
    addresses: view.addressWords(
      config.virtualAddresses.map((address) => ipBytes(address)),
      config.family,
    ),
    groupSum: config.unicast === undefined ? view.addressSum(ipBytes(config.multicastGroup)) : 0,
    peers: config.unicast === undefined ? NO_PEERS : peersByAddress(config.unicast.peers),
    interval: config.version === 2 ? Math.floor(interval / MICROS_PER_SECOND) : centiseconds(interval),
  };
}

const NO_PEERS: ReadonlyMap<string, UnicastPeer> = new Map();

function peersByAddress(peers: readonly UnicastPeer[]): ReadonlyMap<string, UnicastPeer> {
  return new Map(peers.map((peer) => [normalizeIp(peer.address) ?? peer.address, peer]));
}

function earlier(a: Micros | undefined, b: Micros | undefined): Micros | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}
