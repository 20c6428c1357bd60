// The include keywords (keepalived.conf(5), "INCLUDE"): which of the six is meant, which files it names, and what is
// wrong when one of them cannot be read. Reading the files is the expander's work, finding them the loader's.
import type { FileKind, SourceLoader } from '../source.js';

/** Which failures of an include are errors; plain `include` only has them logged. */
export interface IncludePolicy {
  readonly readable: boolean;
  readonly match: boolean;
  readonly wildcardMatch: boolean;
  readonly braceMatch: boolean;
}

export interface IncludeLine {
  readonly keyword: string;
  readonly policy: IncludePolicy;
  /** Offset of the pattern, which is the rest of the line as it stands: quotes are part of the name. */
  readonly patternStart: number;
}

export function matchInclude(text: string): IncludeLine | undefined {
  if (!text.startsWith('include')) return undefined;
  const match = /^(include[rmwba]?)[ \t\v\f\r][ \t]*/.exec(text);
  const keyword = match?.[1];
  const policy = keyword === undefined ? undefined : POLICIES[keyword];
  if (match === null || keyword === undefined || policy === undefined) return undefined;
  return { keyword, policy, patternStart: match[0].length };
}

export type IncludeProblem =
  { readonly kind: 'skipped'; readonly path: string; readonly as: FileKind } | { readonly kind: 'no-match' };

export interface IncludedFiles {
  readonly paths: readonly string[];
  readonly problems: readonly IncludeProblem[];
  /** A strict variant that a problem makes an error. */
  readonly failed: boolean;
}

/** `directory` is that of the including file: relative patterns start there. */
export function findIncluded(
  pattern: string,
  directory: string,
  policy: IncludePolicy,
  loader: SourceLoader,
): IncludedFiles {
  // COMPAT: an include without a name, which takes a blank other than a space after the keyword, includes nothing.
  if (pattern === '') return { paths: [], problems: [], failed: false };
  const full = pattern.startsWith('/') ? pattern : joinPath(directory, pattern);
  const wildcard = /[*?[]/.test(pattern);
  const braces = pattern.includes('{');
  const matches = wildcard || braces ? loader.glob(full) : [full];
  const problems: IncludeProblem[] = [];
  const paths = matches.filter((path) => {
    const kind = loader.kind === undefined ? 'file' : loader.kind(path);
    if (kind === 'file') return true;
    if (kind !== undefined) problems.push({ kind: 'skipped', path, as: kind });
    return false;
  });
  const missing = matches.length === 0 || (!wildcard && !braces && paths.length === 0 && problems.length === 0);
  if (missing) problems.push({ kind: 'no-match' });
  const unreadable = policy.readable && problems.some((problem) => problem.kind === 'skipped');
  return { paths, problems, failed: unreadable || (missing && (wildcard ? policy.wildcardMatch : policy.match)) };
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash === -1) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

function joinPath(directory: string, path: string): string {
  if (directory === '.') return path;
  return directory.endsWith('/') ? directory + path : `${directory}/${path}`;
}

const NOTHING: IncludePolicy = { readable: false, match: false, wildcardMatch: false, braceMatch: false };
const READ: IncludePolicy = { ...NOTHING, readable: true };
const MATCH: IncludePolicy = { ...READ, match: true };

const POLICIES: Readonly<Record<string, IncludePolicy>> = {
  include: NOTHING,
  includer: READ,
  includem: MATCH,
  includew: { ...MATCH, wildcardMatch: true },
  includeb: { ...READ, braceMatch: true },
  includea: { readable: true, match: true, wildcardMatch: true, braceMatch: true },
};
