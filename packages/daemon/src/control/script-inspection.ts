// May a script be run, and if not, why: the script security check of @vrrp/trackers on the real file system.
import type { ScriptInspection } from '@vrrp/conf-parser';
import {
  checkScriptSecurity,
  isBuiltinCheck,
  nodePathFacts,
  parseBuiltinCheck,
  type RunAs,
  type ScriptFinding,
} from '@vrrp/trackers';

/** keepalived looks for bare names here when PATH is not set. */
const DEFAULT_SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What is said of a path that leads to something. */
const THERE: ReadonlySet<string> = new Set(['script-not-executable', 'script-not-a-file']);

/** The user the daemon itself runs as. */
export function ownUser(): RunAs {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** For the configuration parser: the script as the daemon's own user would run it. */
export function inspectScript(command: string): ScriptInspection {
  if (isBuiltinCheck([command])) return { kind: 'usable' };
  const findings = scriptFindings(command, ownUser());
  const unusable = findings.find((finding) => finding.severity === 'unusable');
  if (unusable !== undefined) {
    return { kind: THERE.has(unusable.code) ? 'not-executable' : 'missing', reason: unusable.message };
  }
  const unsafe = findings.find((finding) => finding.severity === 'unsafe');
  if (unsafe === undefined) return { kind: 'usable' };
  return { kind: 'unsafe', component: unsafe.path, reason: explain(unsafe) };
}

/** For the configuration parser: what is wrong with a built-in check. */
export function builtinProblem(argv: readonly string[]): string | undefined {
  const parsed = parseBuiltinCheck(argv);
  return parsed.ok ? undefined : parsed.problem;
}

/** Why script security forbids to run this; undefined when it does not. */
export function refusal(command: string, user: RunAs): string | undefined {
  const unsafe = scriptFindings(command, user).find((finding) => finding.severity === 'unsafe');
  return unsafe === undefined ? undefined : `script security: ${explain(unsafe)}`;
}

function scriptFindings(command: string, user: RunAs): readonly ScriptFinding[] {
  const searchPath = (process.env['PATH'] ?? DEFAULT_SEARCH_PATH).split(':').filter((folder) => folder !== '');
  const options = { searchPath, workingFolder: process.cwd(), useSymlinkPaths: false };
  return checkScriptSecurity(command, user, nodePathFacts, options).findings;
}

function explain({ message, fix }: ScriptFinding): string {
  return fix === undefined ? message : `${message}; mend it with: ${fix}`;
}
