// track_file NAME { }, formerly vrrp_track_file (keepalived.conf(5), "VRRP track file(s)"): a number in a file.
import type { TrackFileDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { blockTable } from '../bind/keyword.js';
import { choice, word, words } from './kinds.js';
import { takeWeight } from './weight.js';

export function createTrackFileDraft(name: string, nameWord: Word): TrackFileDraft {
  return { at: {}, name, nameWord, weight: 1, reverse: false, used: false };
}

/** keepalived's sensible range. */
const MAX_SENSIBLE = 254;

export const TRACK_FILE = blockTable<TrackFileDraft>('track_file', 'A file whose number changes the priority.', () => [
  word({
    name: 'file',
    missing: 'error',
    parameters: 'PATH',
    doc: 'The file. Required.',
    set(draft, text, scope, at) {
      if (draft.file === undefined) draft.file = text;
      else finding(scope, 'conf/duplicate-keyword', wordSpan(at), 'the file is already set', { severity: 'error' });
    },
  }),
  words({
    name: 'weight',
    missing: 'error',
    parameters: '-254..254 [reverse]',
    needs: 1,
    takes: 2,
    default: '1',
    doc: 'The number in the file is multiplied by this and added to the priority.',
    set: (draft, statement, scope) => takeWeight(scope, statement, { limit: 254, unlessSetFrom: 1 }, draft),
  }),
  choice({
    name: 'init_file',
    values: ['overwrite'],
    atMost: 2,
    optional: true,
    parameters: '[VALUE] [overwrite]',
    number: true,
    doc: 'Create the file at the start, with 0 unless a value is given; overwrite: also when it is there.',
    enter: (draft) => void (draft.init_file ??= { value: 0, overwrite: false }),
    set(draft, text, scope, at) {
      if (draft.init_file === undefined) return;
      if (text === 'overwrite') draft.init_file.overwrite = true;
      else {
        draft.init_file.value = Number(text);
        if (Math.abs(draft.init_file.value) <= MAX_SENSIBLE) return;
        const summary = `a number outside -${MAX_SENSIBLE}..${MAX_SENSIBLE} says no more than these do`;
        finding(scope, 'conf/out-of-range', wordSpan(at), summary);
      }
    },
  }),
]);
