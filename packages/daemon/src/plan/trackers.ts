// What is tracked, pure: the objects that have to run, and how each counts for a virtual router (keepalived.conf(5),
// vrrp_script, vrrp_track_process, track_file and the track_* blocks). What a result does to a priority is the state
// machine's.
import {
  effectiveWeight,
  type Config,
  type TrackReference,
  type VrrpInstance,
  type VrrpScript,
  type VrrpSyncGroup,
  type VrrpTrackFile,
  type VrrpTrackProcess,
} from '@vrrp/conf-parser';
import type { TrackedObject, TrackerKind } from '@vrrp/state-machine';
import type { DesiredFileTracker, DesiredProcessTracker, DesiredScriptTracker, DesiredTracker } from './desired.js';
import { micros } from './micros.js';

/** The objects that an instance or a sync group tracks; an untracked one is never looked at (keepalived removes it too). */
export function planTrackers(config: Config): readonly DesiredTracker[] {
  const tracking = [...config.vrrp_instance, ...config.vrrp_sync_group];
  const mustBeSafe = config.global_defs.enable_script_security;
  const scripts = namesOf(tracking.map((one) => one.track_script));
  const processes = namesOf(tracking.map((one) => one.track_process));
  const files = namesOf(tracking.map((one) => one.track_file));
  return [
    ...config.vrrp_script.filter(({ name }) => scripts.has(name)).map((script) => planScript(script, mustBeSafe)),
    ...config.vrrp_track_process.filter(({ name }) => processes.has(name)).map(planProcess),
    ...config.vrrp_track_file.filter(({ name }) => files.has(name)).map(planFile),
  ];
}

/** Only kinds that have a running tracker gate anything: an object nobody reports on would hold the router in fault. */
export function planTrackedObjects(instance: VrrpInstance, group: VrrpSyncGroup | undefined): readonly TrackedObject[] {
  return [
    // The interface a virtual router lives on is watched anyway.
    ...merged('interface', instance.track_interface, group?.track_interface).filter(
      ({ name }) => name !== instance.interface,
    ),
    ...merged('script', instance.track_script, group?.track_script),
    ...merged('process', instance.track_process, group?.track_process),
    ...merged('file', instance.track_file, group?.track_file),
  ];
}

/** keepalived: what the group tracks counts for every member; its weight replaces that of the member unless that is 0. */
function merged(
  kind: TrackerKind,
  own: readonly TrackReference[],
  ofGroup: readonly TrackReference[] = [],
): readonly TrackedObject[] {
  const byName = new Map(own.map((reference) => [reference.name, reference]));
  for (const reference of ofGroup) {
    const ofMember = byName.get(reference.name);
    if (ofMember === undefined || effectiveWeight(ofMember) !== 0) byName.set(reference.name, reference);
  }
  return [...byName.values()].map((reference) => {
    const { name, reverse } = reference;
    return { kind, name, weight: effectiveWeight(reference), reverse };
  });
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
  };
}

function planFile({ name, file, init_file: initFile }: VrrpTrackFile): DesiredFileTracker {
  return { kind: 'file', name, path: file, ...(initFile === undefined ? {} : { initFile }) };
}
