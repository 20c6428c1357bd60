// global_defs: the scripts of the daemon itself, the FIFOs and what reads them (keepalived.conf(5), "notify_fifo",
// "startup_script" and following).
import type { GlobalDraft } from '../bind/drafts.js';
import type { Keyword } from '../bind/keyword.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { Word } from '../bind/statement.js';
import { parseScriptSpec } from '../values/script-spec.js';
import { boolean, flag, number, words } from './kinds.js';
import { script } from './script-keyword.js';
import { reported, unsupported } from './support-levels.js';

const GLOBAL_SCRIPTS = [
  ['startup_script', 'daemon'],
  ['shutdown_script', 'daemon'],
  ['notify_fifo_script', 'anybody'],
  ['vrrp_notify_fifo_script', 'vrrp'],
  ['lvs_notify_fifo_script', 'lvs'],
] as const;

function isVrrpFifoScript(name: string): name is 'notify_fifo_script' | 'vrrp_notify_fifo_script' {
  return name === 'notify_fifo_script' || name === 'vrrp_notify_fifo_script';
}

function isVrrpFifo(name: string): name is 'notify_fifo' | 'vrrp_notify_fifo' {
  return name === 'notify_fifo' || name === 'vrrp_notify_fifo';
}

export const globalScriptKeywords: readonly Keyword<GlobalDraft>[] = [
  ...GLOBAL_SCRIPTS.map(([name, runBy]) =>
    script<GlobalDraft>({
      name,
      ...(isVrrpFifoScript(name) ? {} : unsupported),
      ...reported,
      doc: name.endsWith('fifo_script') ? 'Reads the FIFO.' : 'Run by the daemon itself.',
      set(draft, statement, scope) {
        // COMPAT: an unknown user is an error for the scripts of the daemon itself, and is not for the others.
        reportAgain(scope, draft, name, statement.keyword);
        const users = name.endsWith('fifo_script') ? 'with-user' : 'with-known-user';
        const spec = parseScriptSpec(scope, statement, users);
        if (spec === undefined) return;
        draft.scripts.push({ spec, runBy });
        // The first one counts.
        if (isVrrpFifoScript(name)) draft[name] ??= spec;
      },
    }),
  ),
  ...['startup_script_timeout', 'shutdown_script_timeout'].map((name) =>
    number<GlobalDraft>({
      name,
      min: 1,
      max: 1000,
      default: '10',
      ...unsupported,
      ...reported,
      doc: 'Seconds the script may take.',
    }),
  ),
  ...['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'].map((name) =>
    words<GlobalDraft>({
      name,
      parameters: 'PATH [USER [GROUP]]',
      needs: 1,
      takes: 3,
      repeatable: true,
      ...(isVrrpFifo(name) ? {} : unsupported),
      ...reported,
      doc: 'A FIFO told of every change.',
      set(draft, { keyword, words: [path, user, group] }, scope) {
        reportAgain(scope, draft, name, keyword);
        if (path === undefined || !isVrrpFifo(name)) return;
        // The first one counts.
        draft[name] ??= {
          path: path.text,
          ...(user === undefined ? {} : { user: user.text }),
          ...(group === undefined ? {} : { group: group.text }),
        };
      },
    }),
  ),
  boolean({
    name: 'vrrp_notify_priority_changes',
    default: 'off',
    doc: 'Default of notify_priority_changes.',
    set: (draft, value) => void (draft.vrrp_notify_priority_changes = value),
  }),
  flag({
    name: 'fifo_write_vrrp_states_on_reload',
    doc: 'Tell FIFOs the states of all instances and groups after a reload, changed or not.',
    set: (draft) => void (draft.fifo_write_vrrp_states_on_reload = true),
  }),
  boolean({
    name: 'set_supplementary_groups',
    since: '2.4.4',
    ...unsupported,
    doc: 'Scripts get all groups of their user.',
  }),
  boolean({ name: 'use_symlink_paths', since: '2.3.0', ...unsupported, doc: 'Run scripts by the path as written.' }),
];

function reportAgain(scope: Scope, { at }: GlobalDraft, name: string, again: Word): void {
  if (at[name] === undefined) return;
  const summary = `${name} is already set: the first one counts`;
  finding(scope, 'conf/duplicate-keyword', wordSpan(again), summary, { severity: 'error' });
}
