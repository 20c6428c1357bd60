// What a browser would load: the built modules behind an entry, followed import by import. None may reach outside the
// package or name a global that only Node has, and decoding must stay small.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { minifySync } from '@swc/core';
import { describe, expect, test } from '@jest/globals';

const DIST = new URL('../dist/', import.meta.url);
/** Whole modules, minified, but with nothing unused taken out: what a bundler ships is less. */
const DECODE_BYTES_MAX = 12_000;

const ENTRIES = ['index.js', 'ip.js', 'auth/index.js', 'capture/index.js', 'analysis/index.js'];

/** Every module an entry loads, with its text. */
function modulesOf(entry: string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const open = [new URL(entry, DIST).href];
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (modules.has(url)) continue;
    const text = readFileSync(fileURLToPath(url), 'utf8');
    modules.set(url, text);
    for (const [, specifier = ''] of text.matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)';$/gm)) {
      if (!specifier.startsWith('.')) throw new Error(`${url} imports ${specifier}`);
      open.push(new URL(specifier, url).href);
    }
  }
  return modules;
}

describe.each(ENTRIES)('%s', (entry) => {
  const modules = modulesOf(entry);

  test('loads only its own modules', () => {
    expect(modules.size).toBeGreaterThan(0);
    for (const url of modules.keys()) expect(url.startsWith(DIST.href)).toBe(true);
  });

  test('names no global of Node, no clock and no randomness', () => {
    for (const [url, text] of modules) {
      const code = minifySync(text, { module: true, compress: false, mangle: false }).code;
      expect([
        url,
        /\b(?:Buffer|process|require|setTimeout|setInterval|console|Date|Math\.random)\b[.(]/.exec(code)?.[0],
      ]).toEqual([url, undefined]);
    }
  });
});

test(`decoding an advertisement takes less than ${DECODE_BYTES_MAX} bytes of code`, () => {
  const sizes = Array.from(modulesOf('decode.js').values(), (text) => {
    const { code } = minifySync(text, { module: true });
    // A bundle joins the modules, so what ties them together is gone.
    return code.replaceAll(/import\s?[^;]*?from\s?"[^"]*";|export\{[^}]*\};|\bexport (?=const|function)/g, '').length;
  });
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(total).toBeGreaterThan(1000);
  expect(total).toBeLessThan(DECODE_BYTES_MAX);
});
