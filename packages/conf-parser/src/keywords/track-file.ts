// track_file NAME { }, formerly vrrp_track_file (keepalived.conf(5), "VRRP track file(s)"): a number in a file.
import type { TrackFileDraft } from '../bind/drafts.js';
import type { Word } from '../bind/statement.js';
import { blockTable } from './keyword.js';
import { word, words } from './kinds.js';
import { takeWeight } from './weight.js';

export function createTrackFileDraft(name: string, nameWord: Word): TrackFileDraft {
  return { at: new Map(), name, nameWord, weight: 1, reverse: false, used: false };
}

const unsupported = { support: 'unsupported' } as const;

export const TRACK_FILE = blockTable<TrackFileDraft>('track_file', 'A file whose number changes the priority.', [
  word({
    name: 'file',
    parameters: 'PATH',
    ...unsupported,
    doc: 'The file. Required.',
    set: (draft, text) => void (draft.file ??= text),
  }),
  words({
    name: 'weight',
    parameters: '-254..254 [reverse]',
    needs: 1,
    takes: 2,
    default: '1',
    ...unsupported,
    doc: 'The number in the file is multiplied by this and added to the priority.',
    set: (draft, statement, scope) => takeWeight(scope, statement, { limit: 254 }, draft),
  }),
  words({
    name: 'init_file',
    parameters: '[VALUE] [overwrite]',
    needs: 0,
    takes: 2,
    ...unsupported,
    doc: 'Create the file at the start.',
  }),
]);
