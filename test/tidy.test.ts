// The rules of the house as tests (docs/CONTRIBUTING.md, "Style"): each rule is shown to catch a bad sample, then holds
// for every file of the repository. The length of functions and import cycles between files are oxlint's to find; here
// is shown that it does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { missingOptionalPackages } from '../scripts/complete-lock.mjs';
import { exportedSpecifiers, isThere, listTextFiles, readManifests, readText, ROOT } from './repository.js';
import { blank } from './rules/blank.js';
import {
  FILE_LINES_MAX,
  findBadName,
  findBrokenLinks,
  findLeftovers,
  findMachinePaths,
  findMissingHeader,
  findSkippedTests,
  findTooLong,
} from './rules/files.js';
import type { Finding } from './rules/finding.js';
import type { PackageRule } from './rules/imports.js';
import { findCycles, findDeepImports, findForbiddenImports } from './rules/imports.js';
import { findImpurities } from './rules/purity.js';

/** The table of docs/explanation/architecture.md: what the sources of each package may name. */
const PACKAGE_RULES: Readonly<Record<string, PackageRule>> = {
  'packages/vrrp-wire': { name: '@vrrp/wire', mayImport: [] },
  'packages/state-machine': { name: '@vrrp/state-machine', mayImport: ['@vrrp/wire'] },
  'packages/conf-parser': { name: '@vrrp/conf-parser', mayImport: ['zod'] },
  'packages/trackers': { name: '@vrrp/trackers', mayImport: [] },
  'packages/netlink-native': { name: '@vrrp/netlink-native', mayImport: ['@vrrp/wire/ip'] },
  // The composition root: whatever the five offer.
  'packages/daemon': {
    name: 'vrrpd',
    mayImport: ['yargs', 'yargs/helpers', 'pino', 'nodemailer', 'tinyglobby', 'diff', 'zod'],
  },
};

function ruleFor(folder: string): PackageRule | undefined {
  const rule = PACKAGE_RULES[folder];
  if (rule?.name !== 'vrrpd') return rule;
  const offered = [...exportsOf].filter(([name]) => name !== rule.name).flatMap(([, specifiers]) => specifiers);
  return { ...rule, mayImport: [...rule.mayImport, ...offered] };
}

/** Code that decides and never does. In the trackers all but the defaults in src/node and the fakes' clockwork is such. */
const PURE_ZONE = new RegExp(
  [
    '^packages/(?:vrrp-wire|state-machine|conf-parser)/src/',
    '^packages/netlink-native/src/(?:codec|rtnl)/',
    '^packages/trackers/src/(?!node/|testing/)',
    '^packages/daemon/src/(?:plan/|reconcile/diff\\.ts$)',
  ].join('|'),
);
const SOURCE = /^(?:packages\/[^/]+\/(?:src|test|bench|native|examples)|scripts|test)\/.*\.(?:ts|mjs|js|cc|cpp|h)$/;

const files = listTextFiles();
const manifests = readManifests();
const exportsOf = new Map([...manifests.values()].map((manifest) => [manifest.name, exportedSpecifiers(manifest)]));

function findingsIn(
  paths: readonly string[],
  rule: (text: string, path: string) => readonly Finding[],
): readonly string[] {
  return paths.flatMap((path) => rule(readText(path), path).map(({ line, problem }) => `${path}:${line}: ${problem}`));
}

function packageFolder(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** What oxlint says about these files under the settings of the repository, one line a finding. */
function lint(sources: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-tidy-'));
  try {
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
    const settings = ['--config', join(ROOT, '.oxlintrc.json'), '--deny-warnings', '--format', 'unix'];
    const oxlint = join(ROOT, 'node_modules', '.bin', 'oxlint');
    return spawnSync(oxlint, [...settings, folder], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
function longFunction(lines: number): string {
  return `export function f(g: () => void): void {\n${'  g();\n'.repeat(lines - 2)}}\n`;
}

test('the walk sees every package and leaves out what tools made', () => {
  expect([...manifests.keys()].sort()).toEqual(Object.keys(PACKAGE_RULES).sort());
  expect(files).toContain('packages/daemon/package.json');
  expect(files.filter((path) => path.includes('node_modules/') || path.includes('/dist/'))).toEqual([]);
});

describe('blanked source', () => {
  test.each([
    ['a line comment', 'a // Date\nb', 'a        \nb'],
    ['a block comment keeps its lines', 'a /* x\ny */ b', 'a     \n     b'],
    ['a string with an escaped quote', String.raw`f('it\'s', 1)`, 'f(       , 1)'],
    ['a template keeps its expressions', '`a${ b({}) }c`;d', '     b({})    ;d'],
    ['a regular expression with a quote', "x = /'[/]/.test(y)", 'x =       .test(y)'],
    ['a division is no regular expression', 'a / b / c', 'a / b / c'],
  ])('%s', (_title, source, expected) => {
    expect(blank(source, 'comments-and-strings')).toBe(expected);
  });

  test('strings stay when only comments go', () => {
    expect(blank("import 'x'; // y", 'comments')).toBe("import 'x';     ");
  });
});

describe('dependency direction', () => {
  const wire: PackageRule = { name: '@vrrp/wire', mayImport: [] };

  test.each([
    ["import { step } from '@vrrp/state-machine';", '@vrrp/wire may not import @vrrp/state-machine'],
    ["export type { X } from 'zod';", '@vrrp/wire may not import zod'],
    ["const pino = await import('pino');", '@vrrp/wire may not import pino'],
    ["import {\n  a,\n} from 'vrrpd';", '@vrrp/wire may not import vrrpd'],
    ["join(['from', 'to'], 'x'); import 'y';", '@vrrp/wire may not import y'],
  ])('catches %j', (source, problem) => {
    expect(findForbiddenImports(source, wire).map((finding) => finding.problem)).toEqual([problem]);
  });

  test('a subpath has to be allowed by itself', () => {
    const rule: PackageRule = { name: 'x', mayImport: ['@vrrp/wire/ip'] };
    expect(findForbiddenImports("import '@vrrp/wire/ip'; import './y.js'; import 'node:fs';", rule)).toEqual([]);
    expect(findForbiddenImports("import '@vrrp/wire';", rule)).toHaveLength(1);
  });

  test('catches a deep import and a path into another package', () => {
    const offered = new Map([['@vrrp/wire', ['@vrrp/wire', '@vrrp/wire/ip']]]);
    const source =
      "import '@vrrp/wire/dist/x.js'; import '../../vrrp-wire/src/x.js'; import '@vrrp/wire/ip'; import './y.js';";
    expect(findDeepImports(source, 'packages/daemon/src/a.ts', offered).map(({ problem }) => problem)).toEqual([
      '@vrrp/wire/dist/x.js is not among the exports of @vrrp/wire',
      'reaches into another package: ../../vrrp-wire/src/x.js',
    ]);
  });

  test('catches a cycle', () => {
    const dependencies = new Map([
      ['a', ['b']],
      ['b', ['a']],
    ]);
    expect(findCycles(dependencies)).toContain('a -> b -> a');
  });

  test('every source imports only what its package may', () => {
    const sources = files.filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path));
    const problems = findingsIn(sources, (text, path) => {
      const rule = ruleFor(packageFolder(path));
      return rule === undefined ? [{ line: 1, problem: 'is in no known package' }] : findForbiddenImports(text, rule);
    });
    expect(problems).toEqual([]);
  });

  test('every manifest depends only on what its sources may import', () => {
    const problems = [...manifests].flatMap(([folder, { name, dependencies = {} }]) =>
      Object.keys(dependencies)
        .filter(
          (dependency) =>
            !(ruleFor(folder)?.mayImport ?? []).some(
              (entry) => entry === dependency || entry.startsWith(`${dependency}/`),
            ),
        )
        .map((dependency) => `${name} depends on ${dependency}`),
    );
    expect(problems).toEqual([]);
  });

  test('packages form no cycle and nobody depends on the daemon', () => {
    const dependencies = new Map(
      [...manifests.values()].map(({ name, dependencies: all = {} }) => [name, Object.keys(all)]),
    );
    expect(findCycles(dependencies)).toEqual([]);
    expect([...dependencies.values()].flat()).not.toContain('vrrpd');
  });

  test('nobody reaches past the exports of a package', () => {
    const sources = files.filter((path) => /^packages\/.*\.ts$/.test(path));
    expect(findingsIn(sources, (text, path) => findDeepImports(text, path, exportsOf))).toEqual([]);
  });
});

describe('pure zones', () => {
  test.each([
    ["import { readFileSync } from 'node:fs';", 'imports node:fs'],
    ['const now = Date.now();', 'uses Date'],
    ['const x = Math.random();', 'uses Math.random'],
    ['setTimeout(f, 1);', 'uses setTimeout'],
    ['if (process.env.X) f();', 'uses process.env'],
    ['const y = a ? console : b;', 'uses console'],
    ['process.exitCode = 1;', 'uses process.exitCode'],
    ['console.log(1);', 'uses console'],
    ['return Buffer.from(x);', 'uses Buffer'],
    ['const t = `${performance.now()}`;', 'uses performance'],
  ])('catches %j', (source, problem) => {
    expect(findImpurities(source)).toEqual([{ line: 1, problem }]);
  });

  test.each([
    '// Date and process',
    "const text = 'process';",
    'interface X { readonly process: string; readonly Date?: number }',
    'tracker.process.name',
    'const names = processes.map((process) => process.name);',
    'const masterUpdate = Math.max(a, b);',
  ])('lets %j pass', (source) => {
    expect(findImpurities(source)).toEqual([]);
  });

  test.each([
    ['packages/vrrp-wire/src/decode.ts', true],
    ['packages/netlink-native/src/rtnl/link.ts', true],
    ['packages/netlink-native/src/native/load.ts', false],
    ['packages/trackers/src/damping.ts', true],
    ['packages/trackers/src/node/spawner.ts', false],
    ['packages/daemon/src/plan/addresses.ts', true],
    ['packages/daemon/src/reconcile/diff.ts', true],
    ['packages/daemon/src/reconcile/apply.ts', false],
    ['packages/vrrp-wire/test/decode.test.ts', false],
  ])('%s: %s', (path, pure) => {
    expect(PURE_ZONE.test(path)).toBe(pure);
  });

  test('every file of a pure zone is pure', () => {
    expect(
      findingsIn(
        files.filter((path) => PURE_ZONE.test(path)),
        findImpurities,
      ),
    ).toEqual([]);
  });
});

describe('files', () => {
  const sources = files.filter((path) => SOURCE.test(path));

  test.each([
    'src/utils.ts',
    'src/common/x.ts',
    'src/state-manager/../manager.ts',
    'test/helpers.test.ts',
    'src/data.ts',
  ])('the name %s is caught', (path) => {
    expect(findBadName(path)).toHaveLength(1);
  });

  test('a name that is not kebab-case is caught', () => {
    expect(findBadName('src/virtualRouter.ts')).toEqual([{ line: 1, problem: 'virtualRouter.ts is not kebab-case' }]);
    expect(findBadName('src/virtual-router.netns.test.ts')).toEqual([]);
  });

  test('every source has a name that says what it is', () => {
    expect(sources.flatMap((path) => findBadName(path).map(({ problem }) => `${path}: ${problem}`))).toEqual([]);
  });

  test('a file of one line too many is caught', () => {
    expect(findTooLong('x\n'.repeat(FILE_LINES_MAX))).toEqual([]);
    expect(findTooLong('x\n'.repeat(FILE_LINES_MAX + 1))).toHaveLength(1);
  });

  test('no source is too long', () => {
    expect(findingsIn(sources, findTooLong)).toEqual([]);
  });

  test('a file without a header is caught', () => {
    expect(findMissingHeader("import 'x';\n")).toHaveLength(1);
    expect(findMissingHeader('#!/usr/bin/env node\n// The daemon.\n')).toEqual([]);
  });

  test('every source says on top what it is', () => {
    // What a C++ file is stands in its header.
    const hasHeaderFile = (path: string): boolean =>
      path.endsWith('.cc') && sources.includes(path.replace(/\.cc$/, '.h'));
    const speaking = sources.filter((path) => !hasHeaderFile(path));
    expect(findingsIn(speaking, findMissingHeader)).toEqual([]);
  });

  test('a note to oneself is caught', () => {
    expect(findLeftovers(`x\n// ${'TO'}${'DO'}: later`)).toEqual([
      { line: 2, problem: expect.stringContaining('issue') },
    ]);
  });

  test('no file has a note to oneself', () => {
    expect(findingsIn(files, findLeftovers)).toEqual([]);
  });

  test('a path of one machine and a registry are caught', () => {
    expect(findMachinePaths(`see ${['', 'work', 'main', 'x'].join('/')}`)).toHaveLength(1);
    expect(findMachinePaths(`https://${['registry', 'npmjs', 'org'].join('.')}`)).toHaveLength(1);
    expect(findMachinePaths('packages/work/x, /run/netns, https://example.org/work/x')).toEqual([]);
  });

  test('no file names a path of one machine', () => {
    expect(findingsIn(files, findMachinePaths)).toEqual([]);
  });

  test.each(['test.skip(', 'describe.only(', "it.todo('x')", 'xit(', 'test.concurrent.only('])(
    '%s is caught',
    (source) => {
      expect(findSkippedTests(source)).toHaveLength(1);
    },
  );

  test('no test is skipped by hand', () => {
    expect(
      findingsIn(
        files.filter((path) => path.endsWith('.test.ts')),
        findSkippedTests,
      ),
    ).toEqual([]);
  });
});

describe('documentation', () => {
  const pages = files.filter((path) => path.endsWith('.md'));

  test('a link that leads nowhere is caught', () => {
    const text = '[a](./b.md) [c](../d.md#e)\n```\n[x](y)\n```\n[web](https://example.org) [here](#f)';
    const missing = findBrokenLinks(text, 'docs/a.md', (target) => target === 'docs/b.md');
    expect(missing).toEqual([{ line: 1, problem: 'links to ../d.md, which is not there' }]);
  });

  test('no page links to what is not there', () => {
    expect(findingsIn(pages, (text, path) => findBrokenLinks(text, path, isThere))).toEqual([]);
  });

  test('the repository and every package explain themselves', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', ...[...manifests.keys()].map((folder) => `${folder}/README.md`)]),
    );
  });
});

describe('the lock file', () => {
  const entry = { version: '1.0.0', optionalDependencies: { '@x/linux-x64': '1.0.0', '@x/darwin-arm64': '1.0.0' } };

  test('a package of another platform that npm left out is caught', () => {
    const lock = { packages: { 'node_modules/x': entry, 'node_modules/@x/linux-x64': {} } };
    expect(missingOptionalPackages(lock)).toEqual([
      { path: 'node_modules/@x/darwin-arm64', name: '@x/darwin-arm64', version: '1.0.0' },
    ]);
  });

  test('a nested package may be provided beside it or above it', () => {
    const nested = { 'node_modules/y/node_modules/x': entry, 'node_modules/y/node_modules/@x/linux-x64': {} };
    expect(missingOptionalPackages({ packages: { ...nested, 'node_modules/@x/darwin-arm64': {} } })).toEqual([]);
  });

  // Without them `npm ci` refuses the lock on a fresh clone: run scripts/complete-lock.mjs.
  test('names every optional package', () => {
    expect(missingOptionalPackages(JSON.parse(readText('package-lock.json')))).toEqual([]);
  });
});

describe('what oxlint enforces with our settings', () => {
  test.each([
    ['a function of 71 lines', { 'a.ts': longFunction(71) }, 'max-lines-per-function'],
    [
      'files that import each other',
      {
        'a.ts': "import { b } from './b.js';\nexport const a = (): number => b();\n",
        'b.ts': "import { a } from './a.js';\nexport const b = (): number => a();\n",
      },
      'no-cycle',
    ],
    ['any', { 'a.ts': 'export const a = (x: any): unknown => x;\n' }, 'no-explicit-any'],
    ['a non-null assertion', { 'a.ts': 'export const a = (x?: { y: 1 }): number => x!.y;\n' }, 'no-non-null-assertion'],
    ['a default export', { 'a.ts': 'export default 1;\n' }, 'no-default-export'],
    ['console', { 'a.ts': 'console.log(1);\n' }, 'no-console'],
  ])('%s is refused', (_title, sources, rule) => {
    expect(lint(sources)).toContain(rule);
  });

  test('a function of 70 lines passes', () => {
    expect(lint({ 'a.ts': longFunction(70) })).not.toContain('max-lines-per-function');
  });
});
