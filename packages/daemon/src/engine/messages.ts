// What the engine and the control thread say to each other: small plain messages, desired state in, reports out.
import type {
  Explanation,
  Fault,
  GroupObservation,
  Micros,
  Observation,
  Role,
  Statistics,
  SyncGroupState,
  TrackedObject,
  TrackerEvidence,
  TrackerKind,
  TrackerStatus,
} from '@vrrp/state-machine';
import type { Desired } from '../plan/desired.js';
import type { ObjectIdentity } from '../reconcile/desired-object.js';
import type { Remover } from '../reconcile/kept-object.js';

export interface TrackerNews {
  readonly tracker: string;
  readonly trackerKind: TrackerKind;
  readonly status: TrackerStatus;
  readonly value?: number;
  readonly evidence?: TrackerEvidence;
}

/** What an earlier run of ours may have left behind: removed at start where it still carries our mark. */
export type Leftovers = readonly ObjectIdentity[];

export type EngineCommand =
  /** Answered by `prepared`; nothing changes. A later one replaces it. */
  | { readonly kind: 'prepare'; readonly id: number; readonly desired: Desired }
  /** Of what was prepared last; answered by `committed`. */
  | { readonly kind: 'commit'; readonly id: number; readonly leftovers: Leftovers }
  | { readonly kind: 'tracker'; readonly news: TrackerNews }
  | { readonly kind: 'linkbeat'; readonly link: string; readonly up: boolean }
  | { readonly kind: 'snapshot'; readonly id: number }
  /** Takes the priority of its configuration anew, after it was taken away. */
  | { readonly kind: 'reschedule' }
  | { readonly kind: 'stop' };

/** Why a configuration cannot be run; `router` by its name. */
export interface PrepareProblem {
  readonly router?: string;
  readonly message: string;
}

export interface RouterSnapshot {
  readonly key: string;
  readonly name: string;
  readonly role: Role;
  readonly priority: number;
  readonly faults: readonly Fault[];
  readonly statistics: Statistics;
}

/** How a virtual router stands, for whoever asks: what `explain` says of its state, and what only the engine knows. */
export interface RouterStanding extends RouterSnapshot {
  readonly interface: string;
  readonly vrid: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly preempt: boolean;
  readonly syncGroup: string | undefined;
  readonly explanation: Explanation;
  readonly intervals: {
    readonly advertisement: Micros;
    /** What the Master advertises, or our own until one is heard. */
    readonly masterAdvertisement: Micros;
    readonly masterDown: Micros;
    readonly skew: Micros;
  };
  /** The address advertisements are sent from. */
  readonly primaryAddress: string | undefined;
  /** When the last good advertisement of the router that is believed to be Master came. */
  readonly masterHeardAt: Micros | undefined;
  readonly addresses: readonly AddressStanding[];
  readonly tracked: readonly (TrackedObject & { readonly status: TrackerStatus })[];
  /** Gratuitous ARP requests, or unsolicited neighbour advertisements, that have left. */
  readonly announcementsSent: number;
  readonly repairs: Repairs;
}

/** Virtual addresses that somebody removed and that were put back. */
export interface Repairs {
  readonly count: number;
  readonly last?: { readonly at: Micros; readonly addresses: readonly string[]; readonly by?: Remover };
}

export interface AddressStanding {
  readonly address: string;
  readonly prefixLength: number;
  readonly link: string;
  /** Whether advertisements list it (false: virtual_ipaddress_excluded). */
  readonly advertised: boolean;
  /** Whether the kernel has it, on that link. */
  readonly present: boolean;
}

/** How late the engine woke for deadlines that were due. */
export interface LatenessCounts {
  /** How often it woke for one. */
  readonly count: number;
  /** Microseconds, all together. */
  readonly sum: number;
  readonly max: number;
  /** How often it was no later than the bound of the same index in `LATENESS_BOUNDS`, and later than the one before it. */
  readonly buckets: readonly number[];
}

/** What there is to say beside the virtual routers. */
export interface EngineCounts {
  readonly syncGroups: readonly SyncGroupState[];
  readonly lateness: LatenessCounts;
}

export interface FailureText {
  readonly code: string;
  readonly message: string;
  /** Positive errno of the failed system call. */
  readonly errno?: number;
}

/** `at` is in microseconds of the world's monotonic clock. `router` is a virtual router's key. */
export type EngineReport = { readonly at: number } & (
  | { readonly kind: 'observation'; readonly router: string; readonly observation: Observation }
  | { readonly kind: 'group-observation'; readonly observation: GroupObservation }
  | { readonly kind: 'addresses-set'; readonly router: string; readonly addresses: readonly string[] }
  | { readonly kind: 'addresses-removed'; readonly router: string; readonly addresses: readonly string[] }
  /** Somebody had removed them; they are back, and the router is what it was. */
  | {
      readonly kind: 'addresses-repaired';
      readonly router: string;
      readonly addresses: readonly string[];
      readonly by?: Remover;
    }
  | {
      readonly kind: 'announced';
      readonly router: string;
      readonly targets: readonly { readonly link: string; readonly address: string }[];
      readonly times: number;
    }
  | {
      readonly kind: 'leftovers-removed';
      readonly addresses: readonly { readonly link: string; readonly address: string }[];
    }
  /** A configured address that was there at the start, and stays: the owner's own, or the only one of its link. */
  | {
      readonly kind: 'leftover-kept';
      readonly link: string;
      readonly address: string;
      readonly why: 'owner' | 'only-address';
    }
  /** An advertisement for a VRID that nobody here runs, the first of its sender. */
  | {
      readonly kind: 'unknown-vrid';
      readonly vrid: number;
      readonly family: 4 | 6;
      readonly link: string;
      readonly source: string;
    }
  | { readonly kind: 'link'; readonly link: string; readonly up: boolean; readonly seenBy: 'netlink' | 'linkbeat' }
  /** A link changed, and the change waits for its delay (µs) before it counts. */
  | { readonly kind: 'link-change-held'; readonly link: string; readonly up: boolean; readonly delay: number }
  | {
      readonly kind: 'channel-opened';
      readonly family: 4 | 6;
      readonly link: string;
      readonly linkIndex: number;
      readonly multicastGroup?: string;
    }
  | {
      readonly kind: 'operation-failed';
      readonly router: string | undefined;
      readonly operation: string;
      readonly error: FailureText;
    }
  /** The engine woke this much later than it asked for, in microseconds. */
  | { readonly kind: 'stalled'; readonly lateness: number }
  /** A part of an answer: some of the virtual routers; `counts` come with the last part. */
  | {
      readonly kind: 'snapshot';
      readonly id: number;
      readonly routers: readonly RouterStanding[];
      readonly counts?: EngineCounts;
    }
  /** How the engine's thread is scheduled now; `thread` is the kernel's number of it. */
  | {
      readonly kind: 'scheduled';
      readonly thread: number;
      readonly niceValue: number;
      readonly realtimePriority?: number;
      /** A real-time priority that was asked for, and why it is not to be had. */
      readonly refused?: { readonly priority: number; readonly error: FailureText };
    }
  /** The virtual routers of a configuration begin, or go on with it; `started` follows when all have. */
  | { readonly kind: 'starting' }
  | { readonly kind: 'started' }
  /** Whether a configuration can be run: no problem, and it waits for its `commit`. */
  | { readonly kind: 'prepared'; readonly id: number; readonly problems: readonly PrepareProblem[] }
  /** The commit of this number is done. */
  | { readonly kind: 'committed'; readonly id: number }
  | { readonly kind: 'stopped' }
);

/** A report without its time: what the engine's parts hand to the one place that stamps it. */
export type Untimed<T> = T extends { readonly at: number } ? Omit<T, 'at'> : never;

export function failureText(error: unknown): FailureText {
  if (!(error instanceof Error)) return { code: 'ERR_UNKNOWN', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ERR_UNKNOWN';
  const errno = 'errno' in error && typeof error.errno === 'number' ? { errno: Math.abs(error.errno) } : {};
  return { code, message: error.message, ...errno };
}
