// A plan is total: ten thousand random configurations go through parse, plan, create and a start. A file of its own, so that it
// runs beside total.test.ts.
import { expect, test } from '@jest/globals';
import { createRandom } from '@vrrp/state-machine/sim';
import { judge, withText } from './judged.js';
import { randomConfiguration } from './random-configs.js';

const SEED = 20_261_127;

test('ten thousand random configurations', () => {
  const random = createRandom(SEED);
  const codes = new Map<string, number>();
  let routers = 0;
  for (let count = 0; count < 10_000; count += 1) {
    const text = randomConfiguration(random);
    const { desired, findings } = withText(text, () => judge(text)).plan;
    routers += desired.virtualRouters.length;
    for (const { code } of findings) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  // The seed reaches what it is for.
  expect(routers).toBeGreaterThan(5000);
  expect([...codes.keys()].toSorted()).toEqual([
    'plan/delays-of-polled-link',
    'plan/duplicate-vrid',
    'plan/group-left-out',
    'plan/impossible-router',
    'plan/no-interface',
    'plan/unsupported-authentication',
    'plan/unused-linkbeat',
  ]);
});
