// vrrp_script NAME { } (keepalived.conf(5), "VRRP script(s)"): a check that runs every interval.
import type { ScriptDraft } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { checkUser, parseScriptSpec } from '../values/script-spec.js';
import { blockTable } from '../bind/keyword.js';
import type { Keyword } from '../bind/keyword.js';
import { flag, number, words } from './kinds.js';
import { script } from './script-keyword.js';
import { takeWeight } from './weight.js';

/** keepalived counts these times in microseconds of 32 bits. */
const MAX_SECONDS = 4294;
const MAX_INT32 = 2_147_483_647;

export function createScriptDraft(name: string, nameWord: Word): ScriptDraft {
  const draft = { interval: 1, timeout: 0, weight: 0, reverse: false, rise: 1, fall: 1, init_fail: false };
  return { at: {}, name, nameWord, ...draft, userFailed: false, used: false };
}

const running = (): readonly Keyword<ScriptDraft>[] => [
  script({
    name: 'script',
    missing: 'nothing',
    parameters: 'COMMAND',
    doc: 'The command; with arguments in double quotes. Required.',
    set(draft, statement, scope) {
      const spec = parseScriptSpec(scope, statement, 'command-only');
      if (spec !== undefined) draft.script = spec;
    },
  }),
  number({
    name: 'interval',
    min: 0,
    max: MAX_SECONDS,
    decimals: 3,
    default: '1',
    doc: 'Seconds between runs.',
    set: (draft, value, scope, word) => void (draft.interval = settleSeconds(value, scope, word)),
  }),
  number({
    name: 'timeout',
    min: 0,
    max: MAX_SECONDS,
    decimals: 3,
    default: 'the interval',
    doc: 'Seconds a run may take before it counts as failed.',
    set: (draft, value, scope, word) => void (draft.timeout = settleSeconds(value, scope, word)),
  }),
  words({
    name: 'weight',
    parameters: '-253..253 [reverse]',
    needs: 1,
    takes: 2,
    default: '0',
    doc: 'Added to the priority: when positive while the script succeeds, when negative while it fails; 0: a failure is a fault.',
    set(draft, statement, scope) {
      // COMPAT: a weight out of range is reported and used.
      takeWeight(scope, statement, { limit: 253, keepOutOfRange: true }, draft);
    },
  }),
];

const counting = (): readonly Keyword<ScriptDraft>[] => [
  number({
    name: 'rise',
    min: 1,
    max: MAX_INT32,
    default: '1',
    doc: 'Successes in a row before a failed script counts as good.',
    set: (draft, value) => void (draft.rise = value),
    invalid: (draft) => void (draft.rise = 1),
  }),
  number({
    name: 'fall',
    min: 1,
    max: MAX_INT32,
    default: '1',
    doc: 'Failures in a row before a good script counts as failed.',
    set: (draft, value) => void (draft.fall = value),
    invalid: (draft) => void (draft.fall = 1),
  }),
  words({
    name: 'user',
    parameters: 'USER [GROUP]',
    needs: 1,
    takes: 2,
    default: 'script_user of global_defs',
    doc: 'Who the script runs as.',
    set(draft, statement, scope) {
      const [user, group] = statement.words;
      if (user === undefined) return;
      if (!checkUser(scope, user, user.text, group?.text)) draft.userFailed = true;
      else draft.user = group === undefined ? { user: user.text } : { user: user.text, group: group.text };
    },
  }),
  flag({
    name: 'init_fail',
    doc: 'The script counts as failed until it first succeeds.',
    set: (draft) => void (draft.init_fail = true),
  }),
];

export const VRRP_SCRIPT = blockTable<ScriptDraft>(
  'vrrp_script',
  'A command whose exit status says whether this node is fit to be Master.',
  () => [...running(), ...counting()],
);

/** COMPAT: keepalived 2.2.7 takes whole seconds only, and of others the whole part; later releases take parts of a second. */
function settleSeconds(value: number, scope: Scope, word: Word): number {
  if (value > 0 && word.text.includes('.')) {
    const summary = 'keepalived 2.2.7 takes whole seconds: its configuration test refuses this';
    finding(scope, 'conf/invalid-number', wordSpan(word), summary, { severity: 'warning', keepalived: 'general' });
  }
  if (value > 0) return value;
  finding(scope, 'conf/out-of-range', wordSpan(word), 'this must be greater than 0: 1 second is used');
  return 1;
}
