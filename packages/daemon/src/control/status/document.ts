// What GET /status answers and `vrrpd status --json` prints, as types. The names are a contract (docs/reference/status.md);
// schema.ts says the same as a zod schema, and the compiler keeps the two alike. Durations are seconds, points in time are
// ISO 8601 in UTC. Who makes it: compose-status.ts.
import type { Cause, DiscardReason, Fault, Role, Statistics, TrackerKind, TrackerStatus } from '@vrrp/state-machine';

export interface StatusDocument {
  /** When the engine was asked. */
  readonly time: string;
  readonly daemon: DaemonDocument;
  readonly engine: EngineDocument;
  readonly configuration: ConfigurationDocument;
  /** In the order of the configuration; empty when the engine did not answer, as the sync groups. */
  readonly virtualRouters: readonly VirtualRouterDocument[];
  readonly syncGroups: readonly SyncGroupDocument[];
  readonly trackers: readonly TrackerDocument[];
  readonly notifications: NotificationsDocument;
}

export interface DaemonDocument {
  readonly version: string;
  readonly node: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly uptime: number;
}

export interface EngineDocument {
  /** False: the engine's thread said nothing within the time limit, so roles are not known. */
  readonly answered: boolean;
  readonly lateness: LatenessDocument | null;
}

/** How late the engine woke for its deadlines. */
export interface LatenessDocument {
  readonly count: number;
  readonly sum: number;
  readonly max: number;
  /** How often it was no later than each bound; cumulative. */
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
}

export interface ConfigurationDocument {
  readonly file: string;
  /** When the configuration that runs was loaded. */
  readonly loadedAt: string;
  readonly lastReload: ReloadDocument | null;
  /** What of it is left out, and what has no effect. */
  readonly findings: readonly FindingDocument[];
}

export interface FindingDocument {
  /** docs/reference/diagnostics.md. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
}

export interface ReloadDocument {
  readonly time: string;
  readonly successful: boolean;
  /** Why not; the log has the findings. */
  readonly reason: string | null;
}

export interface VirtualRouterDocument {
  readonly name: string;
  readonly interface: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly role: Role;
  /** How it came to its role; null before the first one. */
  readonly since: SinceDocument | null;
  readonly priority: PriorityDocument;
  readonly preempt: boolean;
  readonly syncGroup: string | null;
  readonly advertisementInterval: number;
  readonly masterDownInterval: number;
  readonly skewTime: number;
  readonly primaryAddress: string | null;
  /** The other router that is believed to be Master; null while this one is, or none was heard. */
  readonly master: MasterDocument | null;
  /** What it does next by itself. */
  readonly next: { readonly kind: 'take-over' | 'advertise' | 'start' | 'retry'; readonly in: number } | null;
  /** What would change its role, as sentences. */
  readonly changes: readonly string[];
  readonly virtualAddresses: readonly VirtualAddressDocument[];
  readonly faults: readonly FaultDocument[];
  readonly repairs: RepairsDocument;
  /** Other routers that advertise its VRID and are not heard: as Master, both hold the addresses. */
  readonly unheard: readonly UnheardDocument[];
  readonly statistics: StatisticsDocument;
  readonly transitions: readonly TransitionDocument[];
}

export interface SinceDocument {
  readonly time: string;
  readonly seconds: number;
  readonly previous: Role;
  readonly cause: Cause;
}

export interface PriorityDocument {
  readonly base: number;
  readonly parts: readonly { readonly kind: TrackerKind; readonly name: string; readonly value: number }[];
  /** Base and parts, before the limits. */
  readonly sum: number;
  readonly effective: number;
  /** Another router that says it owns the addresses and does not give way: this owner counts as 254. */
  readonly rivalOwner: string | null;
}

export interface MasterDocument {
  readonly address: string;
  readonly priority: number;
  /** Seconds since its last good advertisement. */
  readonly heard: number | null;
  readonly advertisementInterval: number;
}

export interface VirtualAddressDocument {
  readonly address: string;
  readonly prefixLength: number;
  readonly interface: string;
  /** False: virtual_ipaddress_excluded. */
  readonly advertised: boolean;
  /** Whether the kernel has it. */
  readonly present: boolean;
}

export interface FaultDocument {
  readonly kind: Fault['kind'];
  readonly message: string;
}

/** Virtual addresses that somebody removed and that were put back. */
export interface RepairsDocument {
  readonly count: number;
  readonly last: {
    readonly time: string;
    readonly addresses: readonly string[];
    /** Who removed them, where the kernel says so; the name when the process still ran. */
    readonly by: { readonly pid: number; readonly process: string | null } | null;
  } | null;
}

/** A router of the same VRID whose advertisements are not used; forgotten after a minute of silence. */
export interface UnheardDocument {
  readonly source: string;
  readonly reason: DiscardReason;
  /** As a sentence, and what mends it. */
  readonly message: string;
  readonly mend: string;
  readonly since: string;
  /** Seconds since its last advertisement. */
  readonly last: number;
  readonly count: number;
}

/** Counters since the virtual router was configured. */
export interface StatisticsDocument extends Omit<Statistics, 'discards'> {
  readonly discards: Readonly<Record<DiscardReason, number>>;
  /** Advertisements of others that came while it was Master. */
  readonly heardWhileMaster: number;
  readonly announcementsSent: number;
}

export interface TransitionDocument {
  readonly from: Role;
  readonly to: Role;
  readonly cause: Cause;
  readonly count: number;
}

export interface SyncGroupDocument {
  readonly name: string;
  readonly role: Role;
  readonly members: readonly string[];
}

export interface TrackerDocument {
  readonly name: string;
  readonly kind: TrackerKind;
  readonly status: TrackerStatus;
  /** Why it is down, in a word or two: `exec-error`, `timeout`, `signal 9`, `exit 3`, …; null while it is not. */
  readonly reason: string | null;
  /** The same at length. */
  readonly evidence: string | null;
  readonly since: { readonly time: string; readonly seconds: number } | null;
  readonly lastRun: LastRunDocument | null;
  readonly runs: readonly { readonly result: string; readonly count: number }[];
  readonly usedBy: readonly TrackerUseDocument[];
}

export interface LastRunDocument {
  readonly result: string;
  readonly duration: number;
  /** Seconds since it ended. */
  readonly ended: number;
}

export interface TrackerUseDocument {
  readonly virtualRouter: string;
  /** `gate`: it has to be up; `weight`: it is added to the priority. */
  readonly effect: 'gate' | 'weight';
  readonly weight: number;
  readonly reverse: boolean;
}

export interface NotificationsDocument {
  /** Each notify FIFO, and how many lines found it full since it was opened: nobody reads it, or not fast enough. */
  readonly fifos: readonly { readonly path: string; readonly lost: number }[];
}

/** What GET /explain/NAME answers. */
export interface ExplainDocument {
  readonly time: string;
  /** For people, most important first. */
  readonly sentences: readonly string[];
  readonly virtualRouter: VirtualRouterDocument;
  /** Those that it uses. */
  readonly trackers: readonly TrackerDocument[];
}
