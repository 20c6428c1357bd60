// The configuration reference is what the keyword tables say. VRRPD_UPDATE_DOCS=1 writes it anew; then read the diff.
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { CONFIGURATION } from '../src/index.js';
import type { BlockFacts } from '../src/index.js';
import { configurationReference } from './configuration-reference.js';

const PAGE = join(import.meta.dirname, '../../../docs/reference/configuration.md');

test('docs/reference/configuration.md is made from the tables', async () => {
  const page = await format(configurationReference(CONFIGURATION), {
    parser: 'markdown',
    printWidth: 120,
    singleQuote: true,
  });
  if (process.env['VRRPD_UPDATE_DOCS'] === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

describe('the tables', () => {
  const blocks = new Map<string, BlockFacts>();
  const collect = (block: BlockFacts): void => {
    if (blocks.has(block.name)) return;
    blocks.set(block.name, block);
    for (const keyword of block.keywords) if (keyword.block !== undefined) collect(keyword.block());
  };
  collect(CONFIGURATION);

  test.each([...blocks.values()].map((block) => [block.name, block] as const))(
    '%s names no keyword twice',
    (_name, { keywords }) => {
      const names = keywords.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    },
  );

  test('say something of every keyword', () => {
    for (const { keywords } of blocks.values()) {
      for (const { name, doc } of keywords) expect(`${name}: ${doc}`).toMatch(/^\S+: \S.*\.$/);
    }
  });
});
