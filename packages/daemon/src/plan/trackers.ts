// What is tracked, pure: the objects that have to run, and how each counts for a virtual router (keepalived.conf(5),
// vrrp_script, vrrp_track_process, track_file and the track_* blocks). What a result does to a priority is the state
// machine's.
import type {
  Config,
  TrackReference,
  VrrpInstance,
  VrrpScript,
  VrrpTrackFile,
  VrrpTrackProcess,
} from '@vrrp/conf-parser';
import type { TrackedObject, TrackerKind } from '@vrrp/state-machine';
import type { DesiredFileTracker, DesiredProcessTracker, DesiredScriptTracker, DesiredTracker } from './desired.js';

const MICROS_PER_SECOND = 1_000_000;

/** The objects that an instance tracks; an untracked one is never looked at (keepalived removes it too). */
export function planTrackers(config: Config): readonly DesiredTracker[] {
  const { vrrp_instance: instances } = config;
  const mustBeSafe = config.global_defs.enable_script_security;
  const scripts = namesOf(instances.map((instance) => instance.track_script));
  const processes = namesOf(instances.map((instance) => instance.track_process));
  const files = namesOf(instances.map((instance) => instance.track_file));
  return [
    ...config.vrrp_script.filter(({ name }) => scripts.has(name)).map((script) => planScript(script, mustBeSafe)),
    ...config.vrrp_track_process.filter(({ name }) => processes.has(name)).map(planProcess),
    ...config.vrrp_track_file.filter(({ name }) => files.has(name)).map(planFile),
  ];
}

/** Only kinds that have a running tracker gate anything: an object nobody reports on would hold the router in fault. */
export function planTrackedObjects(instance: VrrpInstance): readonly TrackedObject[] {
  return [
    ...trackedObjects('interface', instance.track_interface),
    ...trackedObjects('script', instance.track_script),
    ...trackedObjects('process', instance.track_process),
    ...trackedObjects('file', instance.track_file),
  ];
}

function trackedObjects(kind: TrackerKind, references: readonly TrackReference[]): readonly TrackedObject[] {
  return references.map(({ name, weight, reverse }) => ({ kind, name, weight, reverse }));
}

function namesOf(references: readonly (readonly TrackReference[])[]): ReadonlySet<string> {
  return new Set(references.flat().map((reference) => reference.name));
}

function planScript(script: VrrpScript, mustBeSafe: boolean): DesiredScriptTracker {
  const interval = micros(script.interval);
  return {
    kind: 'script',
    name: script.name,
    argv: script.script.argv,
    interval,
    timeout: script.timeout === 0 ? interval : micros(script.timeout),
    weight: script.weight,
    reverse: script.reverse,
    rise: script.rise,
    fall: script.fall,
    initFail: script.init_fail,
    mustBeSafe,
    ...(script.script.user === undefined ? {} : { user: script.script.user }),
    ...(script.script.group === undefined ? {} : { group: script.script.group }),
  };
}

function planProcess(tracked: VrrpTrackProcess): DesiredProcessTracker {
  return {
    kind: 'process',
    name: tracked.name,
    process: tracked.process,
    fullCommand: tracked.full_command,
    ...(tracked.parameters === undefined ? {} : { parameters: tracked.parameters }),
    ...(tracked.param_match === undefined ? {} : { match: tracked.param_match }),
    quorum: tracked.quorum,
    ...(tracked.quorum_max === undefined ? {} : { quorumMax: tracked.quorum_max }),
    forkDelay: micros(tracked.fork_delay),
    terminateDelay: micros(tracked.terminate_delay),
    weight: tracked.weight,
    reverse: tracked.reverse,
  };
}

function planFile({ name, file, weight, reverse, init_file: initFile }: VrrpTrackFile): DesiredFileTracker {
  return { kind: 'file', name, path: file, weight, reverse, ...(initFile === undefined ? {} : { initFile }) };
}

function micros(seconds: number): number {
  return Math.round(seconds * MICROS_PER_SECOND);
}
