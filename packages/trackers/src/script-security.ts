// May this script be run? (keepalived.conf(5), enable_script_security.) A script that would run as root must not be
// changeable by anybody else: neither the file nor a folder or link on the way to it. Pure, over the facts of a port.
// It does not see access control lists, mount options or capabilities.

import { formatMode, joinPath, walkPath } from './path-walk.js';
import type { PathStep } from './path-walk.js';
import type { PathFacts, PathFactsSource } from './path-facts.js';
import type { RunAs } from './spawner.js';

export type ScriptFindingCode =
  /** Safe, but a full path would say which program is meant. */
  | 'script-found-by-search'
  /** Cannot be run. */
  | 'script-not-found'
  | 'script-not-a-file'
  | 'script-link-loop'
  | 'script-not-executable'
  | 'script-folder-closed'
  /** Somebody other than root could change what runs as root. */
  | 'script-not-owned-by-root'
  | 'script-writable-by-group'
  | 'script-writable-by-others';

export interface ScriptFinding {
  readonly code: ScriptFindingCode;
  readonly severity: 'notice' | 'unsafe' | 'unusable';
  /** The component of the path this is about. */
  readonly path: string;
  /** One sentence fragment that names the component and what is wrong with it. */
  readonly message: string;
  /** The command that mends it, where one does. */
  readonly fix?: string;
}

export interface ScriptVerdict {
  /** The program to run: links resolved unless told otherwise; undefined when there is none. */
  readonly program: string | undefined;
  /** In the order of the path's components. */
  readonly findings: readonly ScriptFinding[];
}

export interface ScriptSecurityOptions {
  /** Where a bare name is looked for, in order: the folders of PATH. */
  readonly searchPath: readonly string[];
  /** What a relative path with a slash is relative to. */
  readonly workingFolder: string;
  /** `use_symlink_paths`: run the path as it was written. */
  readonly useSymlinkPaths: boolean;
}

/** The verdict on a command (`argv[0]`) that would run as `user`. A command that begins with `</` is a test for a file: exempt. */
export function checkScriptSecurity(
  command: string,
  user: RunAs,
  facts: PathFactsSource,
  options: ScriptSecurityOptions,
): ScriptVerdict {
  if (command.startsWith('</')) return { program: command, findings: [] };
  const written = locate(command, user, facts, options);
  if (written === undefined) {
    const message = `${command} is in none of the folders ${options.searchPath.join(':')}`;
    return { program: undefined, findings: [unusable('script-not-found', command, message)] };
  }
  const searched: readonly ScriptFinding[] = command.includes('/')
    ? []
    : [
        {
          code: 'script-found-by-search',
          severity: 'notice',
          path: written,
          message: `${command} was found as ${written}; the full path says which one is meant`,
        },
      ];
  const walk = walkPath(written, facts);
  if (walk.problem !== undefined) {
    const code = walk.problem === 'loop' ? 'script-link-loop' : 'script-not-found';
    const message =
      walk.problem === 'loop' ? `${written} leads through too many symbolic links` : `${walk.end} does not exist`;
    return { program: undefined, findings: [...searched, unusable(code, walk.end, message)] };
  }
  const file = walk.steps.at(-1);
  const unusableFindings = file === undefined ? [] : usability(walk.steps, file, user);
  const unsafe =
    file !== undefined && runsAsRoot(user, file.facts) ? walk.steps.flatMap((step) => exposure(step, facts)) : [];
  return {
    program: options.useSymlinkPaths ? written : walk.end,
    findings: [...searched, ...unusableFindings, ...unsafe],
  };
}

/** The path of a command: bare names through the search path, first executable file wins. */
function locate(
  command: string,
  user: RunAs,
  facts: PathFactsSource,
  { searchPath, workingFolder }: ScriptSecurityOptions,
): string | undefined {
  if (command.startsWith('/')) return command;
  if (command.includes('/')) return joinPath(workingFolder, command);
  return searchPath
    .map((folder) => joinPath(folder, command))
    .find((path) => {
      const file = walkPath(path, facts).steps.at(-1)?.facts;
      return file?.type === 'file' && mayExecute(file, user);
    });
}

function usability(steps: readonly PathStep[], file: PathStep, user: RunAs): readonly ScriptFinding[] {
  const closed = steps.find(
    (step) => step.facts.type === 'directory' && step !== file && !mayExecute(step.facts, user, true),
  );
  if (closed !== undefined) {
    const message = `folder ${closed.path} (${formatMode(closed.facts)}) lets user ${user.uid} not through`;
    return [unusable('script-folder-closed', closed.path, message, `chmod o+x ${closed.path}`)];
  }
  if (file.facts.type !== 'file') return [unusable('script-not-a-file', file.path, `${file.path} is no regular file`)];
  if (mayExecute(file.facts, user)) return [];
  const message = `${file.path} (${formatMode(file.facts)}) may not be executed by user ${user.uid}`;
  return [unusable('script-not-executable', file.path, message, `chmod a+x ${file.path}`)];
}

/** `search`: for a folder; root passes through any folder, but executes only what somebody may execute. */
function mayExecute(facts: PathFacts, user: RunAs, search = false): boolean {
  if (user.uid === 0) return search || (facts.mode & 0o111) !== 0;
  if (user.uid === facts.uid) return (facts.mode & 0o100) !== 0;
  const inGroup = user.gid === facts.gid || (user.groups ?? []).includes(facts.gid);
  return (facts.mode & (inGroup ? 0o010 : 0o001)) !== 0;
}

function runsAsRoot(user: RunAs, file: PathFacts): boolean {
  const setuidRoot = (file.mode & 0o4000) !== 0 && file.uid === 0;
  const setgidRoot = (file.mode & 0o2000) !== 0 && file.gid === 0;
  return user.uid === 0 || user.gid === 0 || setuidRoot || setgidRoot;
}

/** Who else could change this component. The mode of a symbolic link says nothing; a sticky folder protects what is in it. */
function exposure({ path, facts }: PathStep, names: PathFactsSource): readonly ScriptFinding[] {
  const findings: ScriptFinding[] = [];
  const { mode, uid, gid, type } = facts;
  const where = `path component ${path}`;
  if (uid !== 0)
    findings.push(
      unsafe('script-not-owned-by-root', path, `${where} belongs to ${names.userName(uid)}`, `chown -h root ${path}`),
    );
  const sticky = type === 'directory' && (mode & 0o1000) !== 0;
  if (type === 'symlink' || sticky) return findings;
  const shown = formatMode(facts);
  if ((mode & 0o020) !== 0 && gid !== 0)
    findings.push(
      unsafe(
        'script-writable-by-group',
        path,
        `${where} is group-writable by ${names.groupName(gid)} (${shown})`,
        `chmod g-w ${path}`,
      ),
    );
  if ((mode & 0o002) !== 0)
    findings.push(
      unsafe('script-writable-by-others', path, `${where} is writable by everybody (${shown})`, `chmod o-w ${path}`),
    );
  return findings;
}

function unsafe(code: ScriptFindingCode, path: string, message: string, fix: string): ScriptFinding {
  return { code, severity: 'unsafe', path, message, fix };
}

function unusable(code: ScriptFindingCode, path: string, message: string, fix?: string): ScriptFinding {
  return { code, severity: 'unusable', path, message, ...(fix === undefined ? {} : { fix }) };
}
