// Random clusters of the production engine: the rules hold for 200 seeds, and a seed stands for one run, byte for byte.
// More: npm run test:sim -- --seeds 10000; one with its story: npm run test:sim -- --seed 17.
import { describe, expect, test } from '@jest/globals';
import { playScenario, playSeed, shorten } from '../../src/simulation/random-run.js';
import { randomScenario, type Scenario } from '../../src/simulation/random-scenario.js';

const SEEDS = 200;
const TIME_LIMIT = 120_000;
/** Lines that a person reads at a glance. */
const SHORT = 4;

describe('random clusters', () => {
  test(
    `the rules hold for ${SEEDS} seeds`,
    async () => {
      const broken: string[] = [];
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const { violations } = await playSeed(seed);
        if (violations.length > 0) broken.push(`seed ${seed}: ${violations[0]}`);
      }
      expect(broken).toEqual([]);
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
      'crash',
      'delay',
      'duplication',
      'heal',
      'kill',
      'link',
      'loss',
      'partition',
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
    ]) {
      expect(texts.some((text) => text.includes(word))).toBe(true);
    }
  });
});

/** One cut and nothing that repairs it: two Masters at the end, when nobody else is between them (as with this seed). */
function broken(): Scenario {
  const scenario = randomScenario(10);
  const rest = scenario.script.filter((line) => !/ (partition .*|heal)$/.test(line));
  return { ...scenario, script: ['at 1s partition a <-> b', ...rest] };
}

describe('a broken rule', () => {
  test('is found, and its script made short', async () => {
    const { violations } = await playScenario(broken());
    expect(violations).not.toEqual([]);
    const short = await shorten(broken());
    // Who else is there may have to be away for the two to be Masters.
    expect(short.script).toContain('at 1s partition a <-> b');
    expect(short.script.length).toBeLessThanOrEqual(SHORT);
    expect(broken().script.length).toBeGreaterThan(2 * SHORT);
    expect((await playScenario(short)).violations).not.toEqual([]);
  });

  test('a script that breaks none stays as it is', async () => {
    const scenario = randomScenario(10);
    expect(await shorten(scenario)).toBe(scenario);
  });
});
