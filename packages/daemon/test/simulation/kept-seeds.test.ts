// Seeds that once broke a rule, shortened, and kept with the fix: testdata/*.txt. Each is played again and must give, line by
// line, what is written there, and break no rule. UPDATE_GOLDEN=1 writes what happens anew: read the difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { keptText, parseKept } from '../../src/simulation/kept-seed.js';
import { playScenario, playSeed } from '../../src/simulation/random-run.js';

const FOLDER = new URL('testdata/', import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe('kept seeds', () => {
  test('there are some', () => {
    expect(names.length).toBeGreaterThan(2);
  });

  test.each(names)('%s', async (name) => {
    const file = new URL(name, FOLDER);
    const text = readFileSync(file, 'utf8');
    const { scenario, comment } = parseKept(text);
    const played = await playScenario(scenario);
    expect(played.violations).toEqual([]);
    expect(comment.length).toBeGreaterThan(0);
    const now = keptText(played, comment);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, now);
    else expect(now).toBe(text);
  });

  test('a seed that is kept is the same run again', async () => {
    const run = await playSeed(3);
    const { scenario } = parseKept(keptText(run));
    expect((await playScenario(scenario)).events).toEqual(run.events);
  });

  test('a text without its first line is none', () => {
    expect(() => parseKept('---- faults\n')).toThrow(TypeError);
  });
});
