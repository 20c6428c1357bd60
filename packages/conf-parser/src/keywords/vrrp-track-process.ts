// vrrp_track_process NAME { } (keepalived.conf(5), "VRRP track process(es)"): how many of a process have to run.
import type { TrackProcessDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { blockTable } from '../bind/keyword.js';
import type { Keyword } from '../bind/keyword.js';
import { choice, flag, number, reportInvalid, words } from './kinds.js';
import { takeWeight } from './weight.js';

export function createTrackProcessDraft(name: string, nameWord: Word): TrackProcessDraft {
  return { at: {}, name, nameWord, ...DEFAULTS };
}

const DEFAULTS = {
  full_command: false,
  weight: 0,
  reverse: false,
  quorum: 1,
  terminate_delay: 0,
  fork_delay: 0,
  used: false,
} as const;

const delay = (name: string, doc: string, set: (draft: TrackProcessDraft, value: number) => void) =>
  number<TrackProcessDraft>({ name, min: 0.000001, max: 3600, decimals: 6, default: '0', doc, set });

const matching = (): readonly Keyword<TrackProcessDraft>[] => [
  words({
    name: 'process',
    parameters: 'NAME|PATH [ARG…]',
    needs: 1,
    takes: Number.POSITIVE_INFINITY,
    doc: 'The process, by name or path; with arguments the whole command line has to match.',
    set(draft, statement, scope) {
      if (draft.process !== undefined) {
        finding(scope, 'conf/duplicate-keyword', wordSpan(statement.keyword), 'the process is already set', {
          severity: 'error',
        });
        return;
      }
      // Seen on keepalived 2.2.7: words as everywhere; single quotes and backslashes stand for themselves.
      const [command = '', ...parameters] = statement.words.map(({ text }) => text);
      draft.process = command;
      if (parameters.length === 0) return;
      draft.parameters = parameters;
      draft.full_command = true;
    },
  }),
  flag({
    name: 'full_command',
    doc: 'Compare the command as it was started, not the name the kernel has for it.',
    set: (draft) => void (draft.full_command = true),
  }),
  choice({
    name: 'param_match',
    values: ['initial', 'partial'],
    atMost: 1,
    optional: true,
    doc: 'How the arguments are compared: all of them; initial: the last may go on; partial: more may follow.',
    enter(draft) {
      draft.full_command = true;
      draft.param_match = 'exact';
    },
    set: (draft, text) => void (draft.param_match = text === 'initial' ? 'initial' : 'partial'),
  }),
  words({
    name: 'weight',
    missing: 'error',
    parameters: '-254..254 [reverse]',
    needs: 1,
    takes: 2,
    default: '0',
    doc: 'Added to the priority while the process runs (positive) or does not (negative); 0: a fault.',
    set: (draft, statement, scope) => takeWeight(scope, statement, { limit: 254, unlessSetFrom: 0 }, draft),
  }),
];

const counting = (): readonly Keyword<TrackProcessDraft>[] => [
  number({
    name: 'quorum',
    min: 1,
    max: 65_535,
    default: '1',
    doc: 'Fewest processes.',
    set(draft, value, scope, word) {
      if (value <= (draft.quorum_max ?? Number.POSITIVE_INFINITY)) draft.quorum = value;
      else reportInvalid(scope, word, `quorum is more than quorum_max (${draft.quorum_max ?? 0}); it is ignored`);
    },
  }),
  number({
    name: 'quorum_max',
    min: 0,
    max: 65_535,
    doc: 'Most processes; 0: it must not run.',
    set(draft, value, scope, word) {
      if (value !== 0 && value < draft.quorum) {
        reportInvalid(scope, word, `quorum_max is less than quorum (${draft.quorum}); it is ignored`);
        return;
      }
      draft.quorum_max = value;
      if (value === 0) draft.quorum = 0;
    },
  }),
  delay('delay', 'Sets terminate_delay and fork_delay.', (draft, value) => {
    draft.terminate_delay = value;
    draft.fork_delay = value;
  }),
  delay(
    'terminate_delay',
    'Seconds before an ended process counts.',
    (draft, value) => void (draft.terminate_delay = value),
  ),
  delay('fork_delay', 'Seconds before a started process counts.', (draft, value) => void (draft.fork_delay = value)),
];

export const VRRP_TRACK_PROCESS = blockTable<TrackProcessDraft>(
  'vrrp_track_process',
  'A process that has to run.',
  () => [...matching(), ...counting()],
);
