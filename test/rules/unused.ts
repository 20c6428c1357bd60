// Code that nobody uses: files that no import reaches, and exports that nothing names. What a package offers to others counts
// as used when a test or a page names it; what is not offered has to be used by the program, not by its own tests alone.
import { blank } from './blank.js';
import type { Finding } from './finding.js';
import { lineAt } from './finding.js';
import type { Dependency } from './folders.js';

/** Files below `src` that no import leads to from `entries` (what a manifest exports, starts or bundles). */
export function findUnreachable(
  paths: readonly string[],
  dependencies: readonly Dependency[],
  entries: readonly string[],
): readonly string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of dependencies) targets.set(from, [...(targets.get(from) ?? []), to]);
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(targets.get(path) ?? []));
  }
  return paths.filter((path) => !reached.has(path));
}

const EXPORT =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:const|function\*?|class|interface|type|let) ([A-Za-z_$][\w$]*)/gm;
const WORD = /[A-Za-z_$][\w$]*/g;

export interface Usage {
  /** Words of everything that runs: sources but lists of exports, scripts, benchmarks, each by its path. */
  readonly program: ReadonlyMap<string, ReadonlySet<string>>;
  /** Words of lists of exports (`index.ts`). */
  readonly offered: ReadonlySet<string>;
  /** Words of tests, examples and pages. */
  readonly others: ReadonlySet<string>;
}

/** The words of a text; comments of a source are no use. */
export function wordsOf(text: string, kind: 'source' | 'page' = 'source'): ReadonlySet<string> {
  return new Set((kind === 'source' ? blank(text, 'comments') : text).match(WORD) ?? []);
}

/** Exports of one file that nothing uses. */
export function findUnusedExports(source: string, path: string, usage: Usage): readonly Finding[] {
  const code = blank(source, 'comments');
  return [...code.matchAll(EXPORT)].flatMap((match) => {
    const name = match[1] ?? '';
    const uses = code.match(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g'))?.length ?? 0;
    if (uses > 1 || isUsed(name, path, usage)) return [];
    return [{ line: lineAt(code, match.index), problem: `nothing uses ${name}` }];
  });
}

function isUsed(name: string, path: string, { program, offered, others }: Usage): boolean {
  for (const [other, words] of program) if (other !== path && words.has(name)) return true;
  return offered.has(name) && others.has(name);
}
