// Which modules a source names, and what the table of packages allows (architecture.md, "Packages").
// Finds static imports, re-exports, `import()` of a literal and `require` of a literal.
import { blank } from './blank.js';
import type { Finding } from './finding.js';
import { lineAt } from './finding.js';

export interface Import {
  readonly line: number;
  readonly specifier: string;
}

/** What one package is and may use in `src`: exact specifiers of workspace packages and of the registry. */
export interface PackageRule {
  readonly name: string;
  readonly mayImport: readonly string[];
}

const IMPORT = /\b(?:from|import|require)\s*\(?\s*(['"])([^'"\s,]+)\1/g;

export function importsOf(source: string): readonly Import[] {
  const code = blank(source, 'comments');
  return [...code.matchAll(IMPORT)].map((match) => ({ line: lineAt(code, match.index), specifier: match[2] ?? '' }));
}

/** Imports in `src` of a package that its rule does not name. Node's own modules are the purity rule's business. */
export function findForbiddenImports(source: string, rule: PackageRule): readonly Finding[] {
  return importsOf(source)
    .filter(({ specifier }) => !isLocal(specifier) && !specifier.startsWith('node:'))
    .filter(({ specifier }) => !rule.mayImport.includes(specifier))
    .map(({ line, specifier }) => ({ line, problem: `${rule.name} may not import ${specifier}` }));
}

/** Imports that reach into another package past its `exports`: `exportsOf` gives the full specifiers a package offers. */
export function findDeepImports(
  source: string,
  path: string,
  exportsOf: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  const home = /^packages\/[^/]+\//.exec(path)?.[0] ?? '';
  return importsOf(source).flatMap(({ line, specifier }) => {
    if (isLocal(specifier)) {
      const target = resolvePath(path, specifier);
      return target.startsWith('packages/') && home !== '' && !target.startsWith(home)
        ? [{ line, problem: `reaches into another package: ${specifier}` }]
        : [];
    }
    const owner = [...exportsOf.keys()].find((name) => specifier === name || specifier.startsWith(`${name}/`));
    if (owner === undefined || exportsOf.get(owner)?.includes(specifier) === true) return [];
    return [{ line, problem: `${specifier} is not among the exports of ${owner}` }];
  });
}

/** Chains of packages that depend on themselves, each written as `a -> b -> a`. */
export function findCycles(dependencies: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const cycles: string[] = [];
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) cycles.push([...trail.slice(start), name].join(' -> '));
    else for (const next of dependencies.get(name) ?? []) visit(next, [...trail, name]);
  };
  for (const name of dependencies.keys()) visit(name, []);
  return cycles;
}

function isLocal(specifier: string): boolean {
  return specifier.startsWith('.');
}

/** Where a relative specifier or link in the file `from` leads, from the root. */
export function resolvePath(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
