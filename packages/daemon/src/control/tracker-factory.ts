// Makes the tracker of @vrrp/trackers that a desired one asks for, over the real ports: one clock, and one watch of the
// machine's processes for all. It starts none and listens to none.
import { openProcessEvents } from '@vrrp/netlink-native';
import {
  createBuiltinTracker,
  createFileTracker,
  createNodeClock,
  createNodeProber,
  createProcessTracker,
  createProcessWatch,
  createScriptTracker,
  isBuiltinCheck,
  nodeFileWatcher,
  nodeProcessTable,
  parseBuiltinCheck,
  type Clock,
  type FileWatcher,
  type ProcessWatch,
  type Prober,
  type Spawner,
  type Tracker,
  type TrackerObservation,
} from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import type { DesiredScriptTracker, DesiredTracker } from '../plan/desired.js';
import { runAs } from './accounts.js';
import { createEchoRequests } from './echo-requests.js';
import { programSpawner } from './program-spawner.js';
import { builtinProblem, ownUser, refusal } from './script-inspection.js';

export interface TrackerPorts {
  readonly clock: Clock;
  readonly spawner: Spawner;
  readonly prober: Prober;
  readonly files: FileWatcher;
  readonly processes: ProcessWatch;
}

/** What an earlier tracker of the same name has found, and whether the daemon has only just started. */
export interface TrackerPast {
  readonly carriedResult?: 'up' | 'down';
  readonly carriedExitStatus?: number;
  readonly starting: boolean;
}

/** Why this must not or cannot be run, whatever else: asked anew at each reload, because files and users change. */
export function refusalOf(desired: DesiredTracker): string | undefined {
  if (desired.kind !== 'script') return undefined;
  const { argv, user: name, group, mustBeSafe } = desired;
  if (isBuiltinCheck(argv)) return builtinProblem(argv);
  const user = name === undefined ? ownUser() : runAs(name, group);
  if (user === undefined) return `there is no user ${name ?? ''}`;
  return mustBeSafe ? refusal(argv[0] ?? '', user) : undefined;
}

/** @param onPolling told once when the kernel has no process events for us and every process is looked at instead. */
export function realTrackerPorts(onPolling: (reason: string) => void): TrackerPorts {
  const clock = createNodeClock();
  return {
    clock,
    spawner: programSpawner,
    prober: createNodeProber({ ping: createEchoRequests(), spawner: programSpawner }),
    files: nodeFileWatcher,
    processes: createProcessWatch({ clock, table: nodeProcessTable, events: openProcessEvents(), onPolling }),
  };
}

/** @param refused what `refusalOf` said of it. */
export function createTracker(
  desired: DesiredTracker,
  refused: string | undefined,
  past: TrackerPast,
  ports: TrackerPorts,
  observe: (observation: TrackerObservation) => void,
): Tracker {
  switch (desired.kind) {
    case 'script':
      return refused !== undefined
        ? refusedTracker(desired, ports.clock, refused)
        : createCheck(desired, past, ports, observe);
    case 'process':
      return createProcessTracker(desired, ports);
    case 'file': {
      const { initFile, ...file } = desired;
      // keepalived.conf(5), track_file: a reload leaves the file as it is.
      const initial = initFile === undefined || !past.starting ? {} : { initFile };
      return createFileTracker({ ...file, ...initial, observe }, ports);
    }
    default:
      return assertNever(desired);
  }
}

function createCheck(
  desired: DesiredScriptTracker,
  { carriedResult, carriedExitStatus }: TrackerPast,
  ports: TrackerPorts,
  observe: (observation: TrackerObservation) => void,
): Tracker {
  const { kind: _kind, user: name, group, mustBeSafe: _mustBeSafe, argv, ...options } = desired;
  const common = {
    ...options,
    ...(carriedResult === undefined ? {} : { carriedResult }),
    ...(carriedExitStatus === undefined ? {} : { carriedExitStatus }),
    observe,
  };
  const builtin = isBuiltinCheck(argv) ? parseBuiltinCheck(argv) : undefined;
  if (builtin?.ok === true) return createBuiltinTracker({ ...common, check: builtin.check }, ports);
  const user = name === undefined ? undefined : runAs(name, group);
  return createScriptTracker({ ...common, argv, ...(user === undefined ? {} : { user }) }, ports);
}

/** A check that must not be run is a failing check with that reason (keepalived drops it, and so counts it as healthy). */
function refusedTracker({ name }: DesiredScriptTracker, clock: Clock, message: string): Tracker {
  return {
    name,
    kind: 'script',
    start: (listener) => {
      const evidence = { kind: 'exec-error', message } as const;
      listener({ tracker: name, at: clock.now(), status: 'down', evidence });
    },
    close: () => Promise.resolve(),
  };
}
