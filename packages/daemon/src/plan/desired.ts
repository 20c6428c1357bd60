// What should be true, as plain data: the output of the plan and the input of the engine and of the control thread.
// It crosses the thread boundary by structured clone, so it holds no functions and no classes.
import type { TrackedObject, VirtualRouterConfig } from '@vrrp/state-machine';

/** A virtual address with everything the kernel needs to know about it (keepalived.conf(5), virtual_ipaddress). */
export interface DesiredAddress {
  readonly kind: 'address';
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  /** Name of the link it goes on. */
  readonly link: string;
  /** rt_scope number. */
  readonly scope: number;
  readonly broadcast?: string;
  readonly label?: string;
  readonly peer?: string;
  readonly noDad: boolean;
  /** Flags of ip-address(8), left out when they are not set: RFC 6275 home address, no route for the network, and so on. */
  readonly homeAddress?: true;
  readonly noPrefixRoute?: true;
  readonly managesTemporary?: true;
  readonly autoJoin?: true;
  /** Seconds; left out for ever. */
  readonly preferredLifetime?: number;
  /** Whether its removal by somebody else matters (`no_track` negated). */
  readonly tracked: boolean;
}

/** How a virtual router sends and hears advertisements. */
export interface DesiredChannel {
  readonly family: 4 | 6;
  readonly link: string;
  /** Left out for unicast. */
  readonly multicastGroup?: string;
  readonly unicastPeers: readonly string[];
  /** TTL or hop limit of what is sent. */
  readonly ttl: number;
  /** Configured source (mcast_src_ip, unicast_src_ip); else the link's primary address. */
  readonly source?: string;
  /** Fault while the host has no such address: nobody could answer it (unicast), or `track_src_ip` says so. */
  readonly sourceMustExist?: true;
}

export interface DesiredVirtualRouter {
  /** Identity over a reload: family, link, vrid and the way it talks; the name may change. */
  readonly key: string;
  readonly config: VirtualRouterConfig;
  readonly channel: DesiredChannel;
  /** Advertised and excluded addresses, in configuration order. */
  readonly addresses: readonly DesiredAddress[];
}

export interface DesiredScriptTracker {
  readonly kind: 'script';
  readonly name: string;
  readonly argv: readonly string[];
  /** Microseconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
  /** enable_script_security: run as root only what nobody but root can change. */
  readonly mustBeSafe: boolean;
  readonly user?: string;
  readonly group?: string;
}

/** keepalived.conf(5), vrrp_track_process. Delays are in microseconds. */
export interface DesiredProcessTracker {
  readonly kind: 'process';
  readonly name: string;
  readonly process: string;
  readonly fullCommand: boolean;
  readonly parameters?: readonly string[];
  readonly match?: 'exact' | 'initial' | 'partial';
  readonly quorum: number;
  readonly quorumMax?: number;
  readonly forkDelay: number;
  readonly terminateDelay: number;
}

/** keepalived.conf(5), track_file. */
export interface DesiredFileTracker {
  readonly kind: 'file';
  readonly name: string;
  readonly path: string;
  /** Written at the daemon's start, never on a reload. */
  readonly initFile?: { readonly value: number; readonly overwrite: boolean };
}

export type DesiredTracker = DesiredScriptTracker | DesiredProcessTracker | DesiredFileTracker;

/** Virtual routers that take their roles together; at least one member, every member among the virtual routers. */
export interface DesiredSyncGroup {
  readonly name: string;
  /** Names, in configuration order. */
  readonly members: readonly string[];
}

/** How long a change of a link must stand before it counts (interface_up_down_delays), in microseconds. */
export interface DesiredLinkDelays {
  readonly link: string;
  readonly upDelay: number;
  readonly downDelay: number;
}

/** Of the engine's thread. */
export interface DesiredScheduling {
  /** setpriority(2), -20..19; counts where there is no real-time priority. */
  readonly niceValue: number;
  readonly realtime?: {
    /** SCHED_RR, 1..99. */
    readonly priority: number;
    /** Microseconds of computing on end after which it is taken away for a while. */
    readonly runMax: number;
    /** The configuration says so: then it is worth a warning when it is refused. */
    readonly asked: boolean;
  };
}

/** A link whose driver is asked each second whether it has its beat (linkbeat_interfaces); `method` is tried first. */
export interface DesiredLinkbeat {
  readonly link: string;
  readonly method?: 'mii' | 'ethtool' | 'ioctl';
}

export interface Desired {
  readonly virtualRouters: readonly DesiredVirtualRouter[];
  readonly syncGroups: readonly DesiredSyncGroup[];
  readonly trackers: readonly DesiredTracker[];
  readonly linkDelays?: readonly DesiredLinkDelays[];
  readonly scheduling?: DesiredScheduling;
  readonly linkbeats?: readonly DesiredLinkbeat[];
  /** vrrp_drift_fallback: a Master that lost an address goes to Backup, as keepalived does, instead of putting it back. */
  readonly driftFallback?: boolean;
  /** log_unknown_vrids: an advertisement for a VRID that nobody here runs is told. */
  readonly tellsUnknownVrids?: boolean;
}

/** Whether the state of this link is a fact the virtual router lives by. */
export function usesLink(router: DesiredVirtualRouter, name: string): boolean {
  return linksOf(router).includes(name);
}

/** The links whose state is a fact the virtual router lives by; one may come twice. */
export function linksOf({ config, channel, addresses }: DesiredVirtualRouter): readonly string[] {
  return [channel.link, ...addresses.map(({ link }) => link), ...trackedInterfaces(config).map(({ name }) => name)];
}

/** Which interfaces other than its own a virtual router watches. */
export function trackedInterfaces(config: VirtualRouterConfig): readonly TrackedObject[] {
  return config.trackedObjects.filter((object) => object.kind === 'interface');
}
