// The status document, pure: how the engine says that it stands, the table of trackers and what the control thread has
// counted -> document.ts. Every point in time becomes wall clock time here, and every duration seconds.
import { MICROS_PER_SECOND, UNHEARD_MEMORY, type Micros } from '@vrrp/state-machine';
import { formatEvidence, resultWord } from '@vrrp/trackers';
import { LATENESS_BOUNDS } from '../../engine/lateness.js';
import type { LatenessCounts, RouterStanding } from '../../engine/messages.js';
import { mendOf, unheardClause } from '../../reports/discard-words.js';
import { faultClause } from '../../reports/fault-clause.js';
import type { FifoLoss } from '../notifications/fifo-set.js';
import type { TrackerRow } from '../tracker-set.js';
import type {
  ConfigurationDocument,
  DaemonDocument,
  LatenessDocument,
  StatusDocument,
  TrackerDocument,
  RepairsDocument,
  UnheardDocument,
  VirtualRouterDocument,
} from './document.js';
import type { EngineStanding } from './engine-questions.js';
import type { PointsInTime } from './points-in-time.js';
import { NO_COUNTS, type RouterCounts } from './report-counts.js';

export interface StatusSources {
  readonly daemon: DaemonDocument;
  readonly configuration: ConfigurationDocument;
  /** Undefined: the engine did not answer. */
  readonly standing: EngineStanding | undefined;
  /** By key of the virtual router. */
  readonly counts: ReadonlyMap<string, RouterCounts>;
  readonly trackers: readonly TrackerRow[];
  readonly fifoLosses: readonly FifoLoss[];
  readonly moment: Moment;
  readonly points: PointsInTime;
}

/** One moment on three clocks. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly wall: number;
  /** Microseconds of the engine's clock. */
  readonly engine: Micros;
  /** Microseconds of the trackers' clock. */
  readonly trackers: Micros;
}

export function composeStatus(sources: StatusSources): StatusDocument {
  const { daemon, configuration, standing, counts, trackers, fifoLosses, moment, points } = sources;
  const routers = standing?.routers ?? [];
  return {
    time: isoTime(moment.wall),
    daemon,
    engine: { answered: standing !== undefined, lateness: standing === undefined ? null : lateness(standing.lateness) },
    configuration,
    virtualRouters: routers.map((router) => virtualRouter(router, counts.get(router.key) ?? NO_COUNTS, moment, points)),
    syncGroups: (standing?.syncGroups ?? []).map(({ name, role, members }) => ({ name, role, members })),
    trackers: [...trackers.map((row) => trackerOf(row, routers, moment, points)), ...interfaceTrackers(routers)],
    notifications: { fifos: fifoLosses },
  };
}

/** What `PointsInTime` knows the last transition of a virtual router by. */
export function routerPoint({ key }: { readonly key: string }): string {
  return `router ${key}`;
}

/** As `routerPoint`. */
export function trackerPoint({ kind, name }: Pick<TrackerRow, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

export function isoTime(wall: number): string {
  return new Date(wall).toISOString();
}

function virtualRouter(
  router: RouterStanding,
  counts: RouterCounts,
  moment: Moment,
  points: PointsInTime,
): VirtualRouterDocument {
  const { wall, engine } = moment;
  const { explanation, intervals, statistics, announcementsSent } = router;
  const { since, priority, master, next } = explanation;
  // Parts of one answer are some microseconds apart.
  const ago = (at: Micros): number => Math.max(0, seconds(engine - at));
  return {
    name: router.name,
    interface: router.interface,
    vrid: router.vrid,
    family: router.family,
    version: router.version,
    role: router.role,
    since:
      since === undefined
        ? null
        : {
            time: isoTime(points.wallTime(routerPoint(router), since.at, engine, wall)),
            seconds: ago(since.at),
            previous: since.from,
            cause: since.cause,
          },
    priority: { ...priority, rivalOwner: priority.rivalOwner ?? null },
    preempt: router.preempt,
    syncGroup: router.syncGroup ?? null,
    advertisementInterval: seconds(intervals.advertisement),
    masterDownInterval: seconds(intervals.masterDown),
    skewTime: seconds(intervals.skew),
    primaryAddress: router.primaryAddress ?? null,
    master:
      master === undefined
        ? null
        : {
            ...master,
            heard: router.masterHeardAt === undefined ? null : ago(router.masterHeardAt),
            advertisementInterval: seconds(intervals.masterAdvertisement),
          },
    next: next === undefined ? null : { kind: next.kind, in: Math.max(0, seconds(next.at - engine)) },
    changes: explanation.changes,
    virtualAddresses: router.addresses.map(({ link, ...address }) => ({ ...address, interface: link })),
    faults: explanation.faults.map((fault) => ({ kind: fault.kind, message: faultClause(fault) })),
    repairs: repairsOf(router, moment),
    unheard: unheardOf(router, moment),
    statistics: { ...statistics, heardWhileMaster: counts.heardWhileMaster, announcementsSent },
    transitions: [...counts.transitions.values()],
  };
}

function repairsOf({ repairs: { count, last } }: RouterStanding, { wall, engine }: Moment): RepairsDocument {
  if (last === undefined) return { count, last: null };
  const { at, addresses, by } = last;
  const time = isoTime(wall - Math.round((engine - at) / MICROS_PER_MILLISECOND));
  return {
    count,
    last: { time, addresses, by: by === undefined ? null : { pid: by.port, process: by.process ?? null } },
  };
}

function unheardOf({ role, vrid, explanation }: RouterStanding, { wall, engine }: Moment): readonly UnheardDocument[] {
  return explanation.unheard
    .filter(({ last }) => engine - last <= UNHEARD_MEMORY)
    .map((one) => ({
      source: one.source,
      reason: one.reason,
      message: unheardClause(one, vrid, role),
      mend: mendOf(one.reason),
      since: isoTime(wall - Math.round((engine - one.since) / MICROS_PER_MILLISECOND)),
      last: Math.max(0, seconds(engine - one.last)),
      count: one.count,
    }));
}

function trackerOf(
  row: TrackerRow,
  routers: readonly RouterStanding[],
  moment: Moment,
  points: PointsInTime,
): TrackerDocument {
  const { name, kind, status, failure, lastRun } = row;
  const ago = (at: Micros): number => seconds(moment.trackers - at);
  return {
    name,
    kind,
    status,
    // A check that counts as failing until its first success has no other reason than that (init_fail).
    reason: failure === undefined ? null : resultWord(failure) || 'init_fail',
    evidence: formatEvidence(failure ?? row.evidence) || null,
    since:
      row.since === undefined
        ? null
        : {
            time: isoTime(points.wallTime(trackerPoint(row), row.since, moment.trackers, moment.wall)),
            seconds: ago(row.since),
          },
    lastRun:
      lastRun === undefined
        ? null
        : { result: resultWord(lastRun.evidence), duration: seconds(lastRun.duration), ended: ago(lastRun.at) },
    runs: [...row.runs].map(([result, count]) => ({ result, count })),
    usedBy: usesOf(kind, name, routers),
  };
}

/** Interfaces are watched by the engine: what it knows of them is in its virtual routers. */
function interfaceTrackers(routers: readonly RouterStanding[]): readonly TrackerDocument[] {
  const tracked = routers.flatMap((router) => router.tracked.filter(({ kind }) => kind === 'interface'));
  const byName = new Map(tracked.map((one) => [one.name, one]));
  return [...byName.values()].map(({ kind, name, status }) => ({
    name,
    kind,
    status,
    reason: status === 'down' ? 'down' : null,
    evidence: null,
    since: null,
    lastRun: null,
    runs: [],
    usedBy: usesOf(kind, name, routers),
  }));
}

function usesOf(kind: string, name: string, routers: readonly RouterStanding[]): TrackerDocument['usedBy'] {
  return routers.flatMap((router) =>
    router.tracked
      .filter((one) => one.kind === kind && one.name === name)
      .map(({ weight, reverse }) => ({
        virtualRouter: router.name,
        effect: weight === 0 ? 'gate' : 'weight',
        weight,
        reverse,
      })),
  );
}

function lateness({ count, sum, max, buckets }: LatenessCounts): LatenessDocument {
  let total = 0;
  return {
    count,
    sum: seconds(sum),
    max: seconds(max),
    buckets: LATENESS_BOUNDS.map((bound, index) => ({
      atMost: seconds(bound),
      count: (total += buckets[index] ?? 0),
    })),
  };
}
const MICROS_PER_MILLISECOND = 1_000;

function seconds(micros: Micros): number {
  return micros / MICROS_PER_SECOND;
}
