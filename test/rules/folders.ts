// Circles between folders: for every folder below `src`, what lies in it (files and folders) must have an order in which each
// depends only on those before it. Circles of files alone are oxlint's to find; types count here, because a reader has to
// know both sides, whatever the compiler erases.
import { importsOf, resolvePath } from './imports.js';

/** One import of one file by another, as paths from the root. */
export interface Dependency {
  readonly from: string;
  readonly to: string;
}

/** What the files of one package import of each other; `sources` gives the text of each path. */
export function dependenciesOf(sources: ReadonlyMap<string, string>): readonly Dependency[] {
  return [...sources].flatMap(([from, text]) =>
    importsOf(text)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => ({ from, to: resolvePath(from, specifier).replace(/\.js$/, '.ts') }))
      .filter(({ to }) => sources.has(to)),
  );
}

/** Each circle with at least one folder in it, as `bind -> keywords -> bind`, with an import for every arrow. */
export function findFolderCircles(dependencies: readonly Dependency[]): readonly string[] {
  const levels = new Map<string, Map<string, Map<string, Dependency>>>();
  for (const dependency of dependencies) {
    const { parent, a, b } = siblingsOf(dependency);
    const level = levels.get(parent) ?? new Map<string, Map<string, Dependency>>();
    levels.set(parent, level);
    const targets = level.get(a) ?? new Map<string, Dependency>();
    level.set(a, targets);
    if (!targets.has(b)) targets.set(b, dependency);
  }
  return [...levels].flatMap(([parent, level]) => circlesOf(parent, level));
}

/** The nearest folder that holds both, and the two of its children that depend on each other. */
function siblingsOf({ from, to }: Dependency): { readonly parent: string; readonly a: string; readonly b: string } {
  const [left, right] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < Math.min(left.length, right.length) - 1 && left[shared] === right[shared]) shared += 1;
  return { parent: left.slice(0, shared).join('/'), a: left[shared] ?? '', b: right[shared] ?? '' };
}

function circlesOf(parent: string, level: ReadonlyMap<string, ReadonlyMap<string, Dependency>>): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const circle = [...trail.slice(start), name];
      if (circle.some((one) => !one.endsWith('.ts'))) found.push(`${parent}: ${describe(circle, level)}`);
      return;
    }
    if (done.has(name)) return;
    for (const next of level.get(name)?.keys() ?? []) if (next !== name) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of level.keys()) visit(name, []);
  return found;
}

function describe(circle: readonly string[], level: ReadonlyMap<string, ReadonlyMap<string, Dependency>>): string {
  const arrows = circle.slice(1).map((to, index) => {
    const dependency = level.get(circle[index] ?? '')?.get(to);
    return `${dependency?.from} imports ${dependency?.to}`;
  });
  return `${circle.join(' -> ')} (${arrows.join('; ')})`;
}
