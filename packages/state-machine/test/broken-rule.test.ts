// Rules broken on purpose, one at a time: a random run finds each, and is shortened to a script that people can read. What
// the checkers cannot see they could not find in earnest either.
import { describe, expect, jest, test } from '@jest/globals';
import * as wire from '@vrrp/wire';
import type * as sim from '../src/sim/index.js';
import { runScript } from '../src/sim/index.js';
import * as timing from '../src/timing.js';

const SEEDS = 200;
/** A shortened script is for reading. */
const LINES_MAX = 25;

type Simulation = typeof sim;

/** The simulator over a state machine of which one module is replaced. */
async function breaking(module: string, replacement: object): Promise<Simulation> {
  jest.resetModules();
  jest.unstable_mockModule(module, () => replacement);
  const simulation = await import('../src/sim/index.js');
  jest.unstable_unmockModule(module);
  return simulation;
}

/** The first seed that shows it. */
function find({ simulate }: Simulation): ReturnType<Simulation['simulate']> | undefined {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const result = simulate(seed);
    if (result.violations.length > 0) return result;
  }
  return undefined;
}

describe('a random run finds', () => {
  test('a tie that nobody loses (RFC 9568 §6.4.3), and the script that shows it is short', async () => {
    const broken = await breaking('@vrrp/wire', { ...wire, compareIp: () => -1 });
    const found = find(broken);
    expect(found?.violations[0]).toMatch(/are both master for more than/);
    const script = broken.shrink(found?.seed ?? 0, found?.script ?? []);
    expect(script.length).toBeLessThan(LINES_MAX);
    const check = [...script, 'check settled', '----'].join('\n');
    expect(broken.runScript(check)).toMatch(/are both master/);
    expect(runScript(check)).not.toMatch(/are both master/);
  });

  test('a Backup that does not wait three intervals (RFC 9568 §6.1)', async () => {
    const hasty = { ...timing, masterDownInterval: (input: timing.DownTimerInput) => timing.skewTime(input) };
    expect(find(await breaking('../src/timing.js', hasty))?.violations[0]).toMatch(/master/);
  });
});
