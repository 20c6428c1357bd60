// The track_* blocks, which vrrp_instance and vrrp_sync_group share, and their weights' ranges
// (keepalived.conf(5), "track_interface", "track_script", "track_process", "track_file", "track_bfd").
import type { TrackDraft, TrackingDraft } from '../bind/drafts.js';
import type { Scope } from '../bind/scope.js';
import type { Statement } from '../bind/statement.js';
import { parseTrackLine } from '../values/track-line.js';
import { requireInterface } from '../values/interface-name.js';
import type { Keyword, Placed } from '../bind/keyword.js';
import { list } from './kinds.js';

type Tracking = Placed & TrackingDraft;

export function trackingKeywords<Draft extends Tracking>(): readonly Keyword<Draft>[] {
  const weighted = '{ NAME [weight -253..253 [reverse|noreverse]] … }';
  return [
    list({
      name: 'track_interface',
      parameters: '{ IFNAME [weight -253..253 [reverse]] … }',
      doc: 'Interfaces that have to be up: without a weight a down interface means FAULT, with one it changes the priority.',
      item(scope, draft, item) {
        draft.track_interface ??= new Map();
        const rules = { block: 'track_interface', limit: 254, clampTo: 253 };
        const name = requireInterface(scope, item.keyword);
        const track = parseTrackLine(scope, item, rules, draft.track_interface);
        if (track !== undefined) draft.track_interface.set(name, { ...withDefault(track, 0), name });
      },
    }),
    list({
      name: 'track_script',
      parameters: weighted,
      doc: 'Scripts whose result counts; the weight defaults to that of the vrrp_script.',
      item: (scope, draft, item) =>
        take(scope, (draft.track_script ??= new Map()), item, 'track_script', scope.config.scripts),
    }),
    list({
      name: 'track_process',
      parameters: '{ NAME [weight -254..254 [reverse|noreverse]] … }',
      doc: 'Processes that have to run; the weight defaults to that of the vrrp_track_process.',
      item: (scope, draft, item) =>
        take(scope, (draft.track_process ??= new Map()), item, 'track_process', scope.config.trackProcesses),
    }),
    list({
      name: 'track_file',
      parameters: '{ NAME [weight -254..254 [reverse|noreverse]] … }',
      doc: 'Files whose number, times the weight, is added to the priority.',
      item: (scope, draft, item) =>
        take(scope, (draft.track_file ??= new Map()), item, 'track_file', scope.config.trackFiles),
    }),
    list({
      name: 'track_bfd',
      parameters: weighted,
      support: 'unsupported',
      doc: 'BFD sessions that have to be up.',
      item: (scope, draft, item) =>
        take(scope, (draft.track_bfd ??= new Map()), item, 'track_bfd', scope.config.bfdInstances),
    }),
  ];
}

interface Tracked {
  readonly weight?: number;
  used?: boolean;
}

function take(
  scope: Scope,
  into: Map<string, TrackDraft>,
  item: Statement,
  block: string,
  known: ReadonlyMap<string, Tracked>,
): void {
  const limit = block === 'track_bfd' ? 253 : 254;
  const track = parseTrackLine(
    scope,
    item,
    { block, limit, known, ...(block === 'track_script' ? { clampTo: 253 } : {}) },
    into,
  );
  if (track === undefined) return;
  const object = known.get(track.name);
  if (object !== undefined) object.used = true;
  into.set(track.name, withDefault(track, object?.weight ?? 0));
}

function withDefault(track: TrackDraft, weight: number): TrackDraft {
  return track.weight === undefined ? { ...track, weight } : track;
}
