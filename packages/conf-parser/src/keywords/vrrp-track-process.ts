// vrrp_track_process NAME { } (keepalived.conf(5), "VRRP track process(es)"): how many of a process have to run.
import type { TrackProcessDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { splitQuoted } from '../values/script-spec.js';
import { blockTable } from './keyword.js';
import { choice, flag, number, words } from './kinds.js';
import { takeWeight } from './weight.js';

export function createTrackProcessDraft(name: string, nameWord: Word): TrackProcessDraft {
  return { at: new Map(), name, nameWord, weight: 0, reverse: false, quorum: 1, used: false };
}

const unsupported = { support: 'unsupported' } as const;
const delay = (name: string, doc: string) =>
  number<TrackProcessDraft>({ name, min: 0.000001, max: 3600, decimals: 6, default: '0', ...unsupported, doc });

export const VRRP_TRACK_PROCESS = blockTable<TrackProcessDraft>('vrrp_track_process', 'A process that has to run.', [
  words({
    name: 'process',
    parameters: 'NAME|PATH [ARG…]',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    ...unsupported,
    doc: 'The process, by name or path; with arguments the whole command line has to match.',
    set(draft, statement, scope) {
      if (draft.process !== undefined) {
        finding(scope, 'conf/duplicate-keyword', wordSpan(statement.keyword), 'the process is already set', {
          severity: 'error',
        });
        return;
      }
      const [first] = statement.words;
      const last = statement.words.at(-1);
      if (first === undefined || last === undefined) return;
      draft.process = splitQuoted(first.line.text.slice(first.from, last.to), false)?.join(' ') ?? first.text;
    },
  }),
  flag({ name: 'full_command', ...unsupported, doc: 'Match the whole command line.' }),
  choice({
    name: 'param_match',
    values: ['initial', 'partial'],
    atMost: 1,
    optional: true,
    ...unsupported,
    doc: 'How the arguments are compared.',
  }),
  words({
    name: 'weight',
    missing: 'error',
    parameters: '-254..254 [reverse]',
    needs: 1,
    takes: 2,
    default: '0',
    ...unsupported,
    doc: 'Added to the priority while the process runs (positive) or does not (negative); 0: a fault.',
    set: (draft, statement, scope) => takeWeight(scope, statement, { limit: 254 }, draft),
  }),
  number({
    name: 'quorum',
    min: 1,
    max: 65_535,
    default: '1',
    ...unsupported,
    doc: 'Fewest processes.',
    set: (draft, value) => void (draft.quorum = value),
  }),
  number({
    name: 'quorum_max',
    min: 0,
    max: 65_535,
    ...unsupported,
    doc: 'Most processes; 0: it must not run.',
    set: (draft, value) => void (draft.quorum_max = value),
  }),
  delay('delay', 'Sets terminate_delay and fork_delay.'),
  delay('terminate_delay', 'Seconds before an ended process counts.'),
  delay('fork_delay', 'Seconds before a started process counts.'),
]);
