// Random clusters of the production engine: the rules hold for 200 seeds, and a seed stands for one run, byte for byte.
// More: npm run test:sim -- --seeds 10000; one with its story: npm run test:sim -- --seed 17.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { REACHABLE } from '../../src/simulation/coverage.js';
import { playScenario, playSeed, shorten } from '../../src/simulation/random-run.js';
import { randomScenario, type Scenario } from '../../src/simulation/random-scenario.js';
import { playSeeds } from '../../src/simulation/seed-run.js';

const SEEDS = 200;
const TIME_LIMIT = 120_000;
/** Lines that a person reads at a glance. */
const SHORT = 4;
/** What these seeds have reached of the state machine; 10,000 must reach everything. UPDATE_GOLDEN=1 writes it anew. */
const REACHED = new URL('reached-in-200-seeds.txt', import.meta.url);

describe('random clusters', () => {
  test(
    `the rules hold for ${SEEDS} seeds, and they reach what they have always reached`,
    async () => {
      const { broken, reached } = await playSeeds(1, SEEDS);
      expect(broken).toEqual([]);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(REACHED, `${reached.join('\n')}\n`);
      const known = readFileSync(REACHED, 'utf8').trimEnd().split('\n');
      expect(known.filter((one) => !reached.includes(one))).toEqual([]);
      // Only the long run has to reach all of it, but this one most of it: else the list says nothing.
      expect(known.length).toBeGreaterThan((REACHABLE.length * 3) / 4);
    },
    TIME_LIMIT,
  );

  test('a seed gives the same run again, and another one another', async () => {
    const [one, again, other] = [await playSeed(7), await playSeed(7), await playSeed(8)];
    expect(one.events.length).toBeGreaterThan(10);
    expect(JSON.stringify(again)).toBe(JSON.stringify(one));
    expect(JSON.stringify(other.events)).not.toBe(JSON.stringify(one.events));
  });

  test('every kind of fault and of configuration comes up', () => {
    const scenarios = Array.from({ length: SEEDS }, (_, index) => randomScenario(index + 1));
    const verbs = new Set(scenarios.flatMap(({ script }) => script.map((line) => line.split(' ')[2])));
    expect([...verbs].sort()).toEqual([
      'clock',
      'corruption',
      'crash',
      'delay',
      'duplication',
      'heal',
      'kill',
      'link',
      'lose',
      'loss',
      'overflow',
      'partition',
      'refuse',
      'reload',
      'remove',
      'reorder',
      'restart',
      'script',
      'stall',
      'start',
      'stop',
    ]);
    const texts = scenarios.map(({ configurations }) => [...configurations.values()].join(''));
    for (const word of [
      'vrrp_sync_group',
      'unicast_peer',
      'version 2',
      'fe80::',
      'nopreempt',
      'preempt_delay',
      'eth1',
      'auth_pass other',
      'check_unicast_src',
      'owner_ignore_adverts',
      'vrrp_startup_delay',
      'vrrp_drift_fallback',
    ]) {
      expect(texts.some((text) => text.includes(word))).toBe(true);
    }
  });
});

/** One cut and nothing that repairs it: two Masters at the end. */
function broken(): Scenario {
  const scenario = randomScenario(10);
  const peace = scenario.peace.filter((line) => !line.endsWith(' heal'));
  return { ...scenario, script: ['at 1s partition a <-> b', ...scenario.script], peace };
}

describe('a broken rule', () => {
  test('is found, and its script made short', async () => {
    const { violations } = await playScenario(broken());
    expect(violations).not.toEqual([]);
    const short = await shorten(broken());
    expect(short.script).toContain('at 1s partition a <-> b');
    expect(short.script.length).toBeLessThanOrEqual(SHORT);
    expect([...short.configurations.keys()]).toEqual(expect.arrayContaining(['a', 'b']));
    expect(broken().script.length).toBeGreaterThan(2 * SHORT);
    expect((await playScenario(short)).violations).not.toEqual([]);
  });

  test('a script that breaks none stays as it is', async () => {
    const scenario = randomScenario(10);
    expect(await shorten(scenario)).toBe(scenario);
  });
});
