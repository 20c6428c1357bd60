// Which scripts can be run: the user they run as, whether they are there, and whether running scripts was made safe
// (keepalived.conf(5), "enable_script_security", "script_user"). What the machine knows is asked through the facts.
import type { ConfigDraft, GlobalScript, InstanceDraft, NotifyDraft, ScriptDraft, ScriptSpec } from '../bind/drafts.js';
import { finding } from '../bind/scope.js';
import type { Scope } from '../bind/scope.js';
import { wordSpan } from '../bind/statement.js';
import type { ScriptCommand, VrrpInstance, VrrpScript } from '../model.js';
import type { ScriptInspection } from '../source.js';

export interface UsableScripts {
  /** The vrrp_scripts that stay. */
  readonly scripts: ReadonlyMap<string, ScriptDraft>;
  /** Who a script without a user of its own runs as; `refused`: it does not run. */
  readonly defaultUser: DefaultUser;
  /** Set by every script that would be run: the first gives the position of a finding about all of them. */
  executed: ScriptSpec | undefined;
}

export type DefaultUser =
  | { readonly kind: 'user'; readonly user: string; readonly group?: string }
  | { readonly kind: 'daemon' }
  | { readonly kind: 'refused'; readonly reason: string };

const KEEPALIVED_USER = 'keepalived_script';
const NO_PROGRAM = { kind: 'missing', reason: 'a program has no name that begins with <' } as const;

export function usableScripts(scope: Scope): UsableScripts {
  const { config } = scope;
  const defaultUser = defaultUserOf(scope);
  const scripts = new Map<string, ScriptDraft>();
  for (const draft of config.scripts.values()) {
    if (draft.user === undefined && defaultUser.kind === 'refused') {
      finding(
        scope,
        'conf/unknown-user',
        wordSpan(draft.nameWord),
        `vrrp_script ${draft.name} is left out: ${defaultUser.reason}`,
      );
    } else scripts.set(draft.name, draft);
  }
  const usable: UsableScripts = { scripts, defaultUser, executed: undefined };
  for (const draft of config.scripts.values()) inspectTracked(scope, draft, scripts, usable);
  return usable;
}

function defaultUserOf({ config, facts }: Scope): DefaultUser {
  const { script_user, script_user_failed, enable_script_security } = config.globals;
  if (script_user_failed) return { kind: 'refused', reason: 'script_user of global_defs names nobody' };
  if (script_user !== undefined) return { kind: 'user', ...script_user };
  // A machine that cannot be asked is taken to have the user keepalived looks for.
  if (facts.userExists === undefined) return { kind: 'daemon' };
  if (facts.userExists(KEEPALIVED_USER)) return { kind: 'user', user: KEEPALIVED_USER };
  if (!enable_script_security) return { kind: 'daemon' };
  return { kind: 'refused', reason: `script security needs a script_user, or a user ${KEEPALIVED_USER}` };
}

function inspectTracked(
  scope: Scope,
  draft: ScriptDraft,
  scripts: Map<string, ScriptDraft>,
  usable: UsableScripts,
): void {
  const { script } = draft;
  // keepalived looks at all of them, used or not, when there is a vrrp_instance to run.
  if (script === undefined || !scripts.has(draft.name) || scope.config.instances.size === 0) return;
  const path = script.argv[0] ?? '';
  // A file that has to be there, and (vrrpd only) a check without a program: nothing is run.
  if (path.startsWith('builtin:')) reportBuiltin(scope, draft, script);
  if (path.startsWith('</') || path.startsWith('builtin:')) return;
  const inspection = scope.facts.inspectScript?.(path) ?? { kind: 'usable' };
  if (inspection.kind === 'missing') {
    finding(
      scope,
      'conf/script-missing',
      wordSpan(script.word),
      `vrrp_script ${draft.name} cannot be run: ${inspection.reason}`,
      {
        detail: 'keepalived goes on without it, as if nothing was checked.',
      },
    );
    scripts.delete(draft.name);
    return;
  }
  usable.executed ??= script;
  const user = draft.user?.user ?? defaultName(usable.defaultUser);
  if (inspection.kind === 'unsafe') reportUnsafe(scope, script, user, { ...inspection, refused: 'general' });
  if (inspection.kind !== 'not-executable') return;
  finding(
    scope,
    'conf/script-missing',
    wordSpan(script.word),
    `vrrp_script ${draft.name} cannot be run: ${inspection.reason}`,
    {
      keepalived: 'none',
    },
  );
  scripts.delete(draft.name);
}

/** It stays, and fails with this reason: a check that cannot be run is not a healthy one. */
function reportBuiltin(scope: Scope, { name }: ScriptDraft, { argv, word }: ScriptSpec): void {
  const problem = scope.facts.builtinProblem?.(argv);
  if (problem === undefined) return;
  finding(scope, 'conf/script-missing', wordSpan(word), `vrrp_script ${name} cannot be run: ${problem}`);
}

interface UnsafeScript {
  readonly component: string;
  readonly reason: string;
  /** How keepalived counts it when script security forbids the script; of notify scripts it says so in the log only. */
  readonly refused: 'general' | 'none';
}

/** What anybody could change matters where it runs with more rights than they have. */
function reportUnsafe(
  scope: Scope,
  script: ScriptSpec,
  user: string,
  { component, reason, refused }: UnsafeScript,
): void {
  if (user !== ROOT) return;
  const summary = `${component} makes this script unsafe to run as root: ${reason}`;
  if (!scope.config.globals.enable_script_security) {
    finding(scope, 'conf/script-unsafe', wordSpan(script.word), summary);
    return;
  }
  finding(scope, 'conf/script-unsafe', wordSpan(script.word), summary, {
    severity: 'error',
    detail: 'enable_script_security forbids to run it.',
    keepalived: refused,
  });
}

/** The daemon itself runs as root. */
const ROOT = 'root';

function defaultName(user: DefaultUser): string {
  return user.kind === 'user' ? user.user : ROOT;
}

export type NotifyScripts = Pick<
  VrrpInstance,
  'notify' | 'notify_master' | 'notify_backup' | 'notify_fault' | 'notify_stop'
>;
const NOTIFY = ['notify', 'notify_master', 'notify_backup', 'notify_fault', 'notify_stop'] as const;

export function settleScripts(scope: Scope, draft: NotifyDraft, usable: UsableScripts): NotifyScripts {
  const result: { -readonly [Key in keyof NotifyScripts]: NotifyScripts[Key] } = {};
  for (const keyword of NOTIFY) {
    const spec = draft[keyword];
    const command = spec === undefined ? undefined : settleNotify(scope, spec, usable);
    if (command !== undefined) result[keyword] = command;
  }
  return result;
}

/** The scripts that only an instance has. */
export function settleInstanceScripts(
  scope: Scope,
  { notify_master_rx_lower_pri: lower, notify_deleted: deleted }: InstanceDraft,
  usable: UsableScripts,
): Pick<VrrpInstance, 'notify_master_rx_lower_pri' | 'notify_deleted'> {
  const command = lower === undefined ? undefined : settleNotify(scope, lower, usable);
  return {
    ...(command === undefined ? {} : { notify_master_rx_lower_pri: command }),
    ...(deleted === undefined
      ? {}
      : { notify_deleted: deleted === true ? true : (settleNotify(scope, deleted, usable) ?? true) }),
  };
}

function settleNotify(scope: Scope, spec: ScriptSpec, usable: UsableScripts): ScriptCommand | undefined {
  const { defaultUser } = usable;
  if (spec.user === undefined && defaultUser.kind === 'refused') {
    finding(scope, 'conf/unknown-user', wordSpan(spec.word), `this script is left out: ${defaultUser.reason}`);
    return undefined;
  }
  const inspection = inspectProgram(scope, spec);
  if (inspection.kind === 'missing') {
    finding(scope, 'conf/script-missing', wordSpan(spec.word), `this script cannot be run: ${inspection.reason}`, {
      severity: 'warning',
    });
    return undefined;
  }
  usable.executed ??= spec;
  const user = spec.user ?? defaultName(defaultUser);
  if (inspection.kind === 'unsafe') reportUnsafe(scope, spec, user, { ...inspection, refused: 'none' });
  if (inspection.kind === 'not-executable') {
    finding(scope, 'conf/script-missing', wordSpan(spec.word), `this script cannot be run: ${inspection.reason}`, {
      severity: 'warning',
    });
    return undefined;
  }
  return commandOf(spec, spec, defaultUser);
}

/** Only a vrrp_script can test for a file: elsewhere `</path` names a program, which is not there. */
export function inspectProgram({ facts }: Scope, { argv: [path = ''] }: ScriptSpec): ScriptInspection {
  return path.startsWith('<') ? NO_PROGRAM : (facts.inspectScript?.(path) ?? { kind: 'usable' });
}

/** The command with the user it runs as, when that is not the daemon's own. */
export function commandOf(
  spec: ScriptSpec,
  own: { readonly user?: string; readonly group?: string },
  fallback: DefaultUser,
): ScriptCommand {
  const runAs = own.user === undefined && fallback.kind === 'user' ? fallback : own;
  return {
    argv: spec.argv,
    ...(runAs.user === undefined ? {} : { user: runAs.user }),
    ...(runAs.group === undefined ? {} : { group: runAs.group }),
  };
}

export function completeScripts(usable: UsableScripts): readonly VrrpScript[] {
  return [...usable.scripts.values()].flatMap((draft) => {
    const { name, script, interval, timeout, weight, reverse, rise, fall, init_fail } = draft;
    if (script === undefined) return [];
    return [
      {
        name,
        script: commandOf(script, draft.user ?? {}, usable.defaultUser),
        interval,
        timeout,
        weight,
        reverse,
        rise,
        fall,
        init_fail,
      },
    ];
  });
}

/** Scripts that run although nobody said that running scripts is safe. */
export function reportSecurity(scope: Scope, config: ConfigDraft, usable: UsableScripts): void {
  if (usable.executed !== undefined) reportInsecure(scope, config, usable.executed);
}

/** The same for those scripts of global_defs that these run. */
export function inspectGlobal(scope: Scope, runners: readonly GlobalScript['runBy'][]): void {
  const { config } = scope;
  const present = config.globals.scripts.find(
    ({ spec, runBy }) => runners.includes(runBy) && inspectProgram(scope, spec).kind !== 'missing',
  );
  if (present !== undefined) reportInsecure(scope, config, present.spec);
}

export function reportInsecure(scope: Scope, config: ConfigDraft, { word }: ScriptSpec): void {
  if (config.globals.enable_script_security) return;
  finding(
    scope,
    'conf/script-security',
    wordSpan(word),
    'scripts are run without enable_script_security in global_defs',
    {
      severity: 'warning',
      detail: 'With it, no script is run as root that somebody other than root could change.',
      keepalived: 'security',
    },
  );
}
