// What a browser would load: each entry, bundled by esbuild for browsers. Nothing outside the package, no global that only
// Node has, and decoding stays small.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const PACKAGE = join(import.meta.dirname, '..');
const ESBUILD = join(dirname(createRequire(import.meta.url).resolve('esbuild/package.json')), 'bin', 'esbuild');
const ENTRIES = ['index.js', 'ip.js', 'auth/index.js', 'capture/index.js', 'analysis/index.js'];
const DECODE_BYTES_MAX = 12_000;

/** The bundle's text. esbuild refuses what a browser does not have, `node:` modules for one. */
function bundle(entry: string, ...flags: readonly string[]): string {
  const argv = [ESBUILD, join('dist', entry), '--bundle', '--platform=browser', '--format=esm', ...flags];
  return execFileSync(process.execPath, argv, { cwd: PACKAGE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe.each(ENTRIES)('%s', (entry) => {
  // White space only: names stay readable, comments go.
  const code = bundle(entry, '--minify-whitespace', '--legal-comments=none');

  test('loads nothing from outside the package', () => {
    expect(code.length).toBeGreaterThan(1000);
    expect(/\bimport\s*[("'{*]|\brequire\(/.exec(code)?.[0]).toBeUndefined();
  });

  test('names no global of Node, no clock and no randomness', () => {
    const global = /(?<![.\w])(?:Buffer|process|setTimeout|setInterval|console|Date|Math\.random)\b[.(]/;
    expect(global.exec(code)?.[0]).toBeUndefined();
  });
});

test(`decoding an advertisement takes less than ${DECODE_BYTES_MAX} bytes of code`, () => {
  const { length } = bundle('decode.js', '--minify');
  expect(length).toBeGreaterThan(1000);
  expect(length).toBeLessThan(DECODE_BYTES_MAX);
});

test('a module of Node would be refused', () => {
  const argv = [ESBUILD, '--bundle', '--platform=browser', '--format=esm'];
  const input = "import { readFileSync } from 'node:fs'; console.log(readFileSync);";
  expect(() => execFileSync(process.execPath, argv, { input, stdio: 'pipe' })).toThrow(/Could not resolve "node:fs"/);
});
