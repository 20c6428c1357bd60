// The tracked objects of an instance: references to objects that stayed, with the weight and direction that hold.
// The address owner (priority 255) has no weights: keepalived drops what would change its priority.
import type { ConfigDraft, TrackDraft, TrackFileDraft, TrackingDraft, TrackProcessDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { TrackReference, VrrpInstance, VrrpTrackFile, VrrpTrackProcess } from '../model.js';
import type { Settled } from './settled.js';
import type { UsableScripts } from './scripts.js';

type Tracking = Pick<VrrpInstance, 'track_interface' | 'track_script' | 'track_process' | 'track_file'>;

export function completeTracking(settled: Settled, usable: UsableScripts): Tracking {
  const { draft } = settled;
  const { trackProcesses, trackFiles } = settled.scope.config;
  return {
    track_interface: trackedInterfaces(settled),
    track_script: references(draft.track_script, usable.scripts).filter((track) =>
      keepWeight(settled, track, draft.track_script),
    ),
    track_process: references(draft.track_process, trackProcesses),
    track_file: references(draft.track_file, trackFiles).filter((track) =>
      keepWeight(settled, track, draft.track_file),
    ),
  };
}

/** What a sync group tracks: as written, the weight of the object where the line gives none. */
export function trackReferences(config: ConfigDraft, draft: TrackingDraft, usable: UsableScripts): Tracking {
  return {
    track_interface: [...(draft.track_interface?.values() ?? [])].map((track) => referenceOf(track, false)),
    track_script: references(draft.track_script, usable.scripts),
    track_process: references(draft.track_process, config.trackProcesses),
    track_file: references(draft.track_file, config.trackFiles),
  };
}

type Tracks = ReadonlyMap<string, TrackDraft> | undefined;
type Objects = ReadonlyMap<string, { readonly reverse: boolean }>;

function references(tracks: Tracks, objects: Objects): readonly TrackReference[] {
  if (tracks === undefined) return [];
  return [...tracks.values()].flatMap((track) => {
    const object = objects.get(track.name);
    return object === undefined ? [] : [referenceOf(track, object.reverse)];
  });
}

function trackedInterfaces(settled: Settled): readonly TrackReference[] {
  const { scope, draft } = settled;
  return [...(draft.track_interface?.values() ?? [])].flatMap((track) => {
    if (track.name === draft.interface) {
      finding(
        scope,
        'conf/invalid-option',
        wordSpan(track.word),
        `${track.name} is the interface of ${draft.name} and tracked anyway; the line is left out`,
      );
      return [];
    }
    const reference = referenceOf(track, false);
    return keepWeight(settled, reference, draft.track_interface) ? [reference] : [];
  });
}

function keepWeight({ scope, draft, priority }: Settled, track: TrackReference, tracks: Tracks): boolean {
  const word = tracks?.get(track.name)?.word;
  if (priority !== 255 || track.weight === 0 || word === undefined) return true;
  finding(
    scope,
    'conf/weight-without-effect',
    wordSpan(word),
    `${draft.name} owns its addresses (priority 255), so ${track.name} cannot have a weight; the line is left out`,
    {
      severity: 'error',
    },
  );
  return false;
}

function referenceOf(track: TrackDraft, inherited: boolean): TrackReference {
  return { name: track.name, weight: track.weight ?? 0, reverse: track.reverse ?? inherited };
}

/** The vrrp_track_process blocks; one without a process was left out when it closed. */
export function completeTrackProcesses({ trackProcesses }: ConfigDraft): readonly VrrpTrackProcess[] {
  return [...trackProcesses.values()].map(trackProcess);
}

function trackProcess({ process = '', ...draft }: TrackProcessDraft): VrrpTrackProcess {
  const { at: _at, nameWord: _nameWord, used: _used, ...rest } = draft;
  return { process, ...rest };
}

/** The track_file blocks; one without a file was left out when it closed. */
export function completeTrackFiles({ trackFiles }: ConfigDraft): readonly VrrpTrackFile[] {
  return [...trackFiles.values()].map(trackFile);
}

function trackFile({ file = '', ...draft }: TrackFileDraft): VrrpTrackFile {
  const { at: _at, nameWord: _nameWord, used: _used, ...rest } = draft;
  return { file, ...rest };
}
