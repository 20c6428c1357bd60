// The structure of the sources as tests: no circle between folders, no file that no import reaches, no export that nothing
// uses. Each rule is shown to catch a bad sample, then holds for every package. The other rules of the house: tidy.test.ts.
import { describe, expect, test } from '@jest/globals';

import { listTextFiles, readManifests, readText } from './repository.js';
import { dependenciesOf, findFolderCircles } from './rules/folders.js';
import { resolvePath } from './rules/imports.js';
import { findUnreachable, findUnusedExports, wordsOf } from './rules/unused.js';
import type { Usage } from './rules/unused.js';

const files = listTextFiles();
const packages = [...readManifests().keys()].map((folder) => {
  const paths = files.filter((path) => path.startsWith(`${folder}/src/`) && path.endsWith('.ts'));
  return {
    folder,

    paths,
    dependencies: dependenciesOf(new Map(paths.map((path) => [path, readText(path)]))),
  };
});

/** Files whose compiled form a manifest or a script names: what is exported, started, or bundled by itself. */
function startedFiles(folder: string): readonly string[] {
  const starters = files.filter(
    (path) =>
      path === `${folder}/package.json` ||
      path.startsWith('scripts/') ||
      (path.startsWith(`${folder}/`) && /\/(?:scripts|bench)\//.test(path)),
  );
  const text = starters.map(readText).join('\n');
  const compiled = [...text.matchAll(/\bdist\/([\w/-]+)\.js\b/g)].map((match) => match[1]);
  return [...new Set([...compiled, ...(STARTED[folder] ?? [])])].map((name) => `${folder}/src/${name}.ts`);
}

/** Entries that a bundler is given, or a script puts together. */
const STARTED: Readonly<Record<string, readonly string[]>> = {
  'packages/daemon': ['bin', 'engine/worker', 'quick-start/main'],
};

const of = (...pairs: readonly (readonly [string, string])[]): readonly string[] =>
  findFolderCircles(pairs.map(([from, to]) => ({ from, to })));

describe('circles between folders', () => {
  test('two folders that import each other are caught, with the imports', () => {
    expect(of(['src/bind/a.ts', 'src/keywords/b.ts'], ['src/keywords/c.ts', 'src/bind/d.ts'])).toEqual([
      'src: bind -> keywords -> bind (src/bind/a.ts imports src/keywords/b.ts; src/keywords/c.ts imports src/bind/d.ts)',
    ]);
  });

  test('a folder within a folder, and a file beside a folder, count too', () => {
    expect(of(['src/a/b/x.ts', 'src/a/y.ts'], ['src/a/y.ts', 'src/a/b/z.ts'])).toHaveLength(1);
    expect(of(['src/log/x.ts', 'src/control/status/y.ts'], ['src/control/z.ts', 'src/log/x.ts'])).toHaveLength(1);
  });

  test('a vocabulary beside the folders that use it is no circle', () => {
    expect(of(['src/index.ts', 'src/rtnl/a.ts'], ['src/rtnl/a.ts', 'src/kernel.ts'])).toEqual([]);
  });

  test.each(packages)('$folder has none', ({ dependencies }) => {
    expect(dependencies.length).toBeGreaterThan(0);
    expect(findFolderCircles(dependencies)).toEqual([]);
  });
});

/** What a package offers: its lists of exports, and the files that they or the manifest offer as a whole. */
const isList = (path: string): boolean => path.endsWith('/index.ts');

const isProgram = (path: string): boolean =>
  /^(?:packages\/[^/]+\/(?:src|scripts|bench)|scripts)\/.*\.(?:ts|js|mjs)$/.test(path) && !isList(path);

describe('code that nobody uses', () => {
  test('a file that no import leads to is caught', () => {
    const dependencies = [{ from: 'src/index.ts', to: 'src/a.ts' }];
    expect(findUnreachable(['src/index.ts', 'src/a.ts', 'src/b.ts'], dependencies, ['src/index.ts'])).toEqual([
      'src/b.ts',
    ]);
  });

  test('an export is used by the program, or offered and tested', () => {
    const source =
      'export const a = 1;\nexport function b(): void {}\nexport const c = 2;\nexport const d = 3;\nf(d);\n';
    const usage: Usage = {
      program: new Map([['src/x.ts', new Set(['a', 'f'])]]),
      offered: new Set(['b']),
      others: new Set(['b', 'c']),
    };
    expect(findUnusedExports(source, 'src/y.ts', usage)).toEqual([{ line: 3, problem: 'nothing uses c' }]);
  });

  test.each(packages)('every file of $folder is reached', ({ folder, paths, dependencies }) => {
    const started = startedFiles(folder).filter((path) => paths.includes(path));
    expect(started).not.toEqual([]);
    expect(findUnreachable(paths, dependencies, started)).toEqual([]);
  });

  const lists = packages.flatMap(({ paths }) => paths.filter(isList));
  const wholes = packages.flatMap(({ folder, paths, dependencies }) => [
    ...startedFiles(folder).filter((path) => paths.includes(path) && !isList(path)),
    ...dependencies.filter(({ from, to }) => isList(from) && offersAll(from, to)).map(({ to }) => to),
  ]);
  const usage: Usage = {
    program: new Map(files.filter(isProgram).map((path) => [path, wordsOf(readText(path))])),
    offered: wordsOf([...lists, ...wholes].map(readText).join('\n')),
    others: wordsOf(
      files
        .filter((path) => /\/test\/|\.md$/.test(path))
        .map(readText)
        .join('\n'),
      'page',
    ),
  };

  test.each(packages)('every export of $folder is used', ({ paths }) => {
    const problems = paths
      .filter((path) => !isList(path))
      .flatMap((path) =>
        findUnusedExports(readText(path), path, usage).map(({ line, problem }) => `${path}:${line}: ${problem}`),
      );
    expect(problems).toEqual([]);
  });
});

/** `export * from` and `export * as x from`. */
function offersAll(list: string, file: string): boolean {
  return [...readText(list).matchAll(/^export \* (?:as \w+ )?from '([^']+)'/gm)].some(
    (match) => resolvePath(list, match[1] ?? '').replace(/\.js$/, '.ts') === file,
  );
}
