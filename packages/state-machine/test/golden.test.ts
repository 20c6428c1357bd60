// Golden scripts: every testdata/*.txt runs and must give exactly the output written in it.
// UPDATE_GOLDEN=1 writes the files anew; read the diff before committing it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { runScript } from '../src/sim/index.js';

const directory = new URL('testdata/', import.meta.url);
const names = readdirSync(directory).filter((name) => name.endsWith('.txt'));

describe('golden scripts', () => {
  test('there are some', () => {
    expect(names.length).toBeGreaterThan(20);
  });

  test.each(names)('%s', (name) => {
    const file = new URL(name, directory);
    const text = readFileSync(file, 'utf8');
    const result = runScript(text);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, result);
    else expect(result).toBe(text);
  });
});
