// Runs random simulations and says which seeds break a rule: `npm run test:sim -- --seeds 10000`, or one seed with its
// script made as short as possible and its trace: `npm run test:sim -- --seed 17`. Exit status 1 when a rule was broken.
import { parseArgs } from 'node:util';
import { shrink, simulate } from '../dist/sim/index.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

if (values.seed === undefined) runMany(Number(values.first), Number(values.seeds));
else runOne(Number(values.seed));

function runMany(first, count) {
  const started = performance.now();
  let broken = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations } = simulate(seed);
    if (violations.length === 0) continue;
    broken += 1;
    console.log(`seed ${seed}: ${violations[0]}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${count} seeds, ${broken} broke a rule, ${seconds} s`);
  process.exitCode = broken === 0 ? 0 : 1;
}

function runOne(seed) {
  const { script, violations, trace } = simulate(seed);
  if (violations.length === 0) {
    console.log([...script, '', ...trace, '', `seed ${seed} holds`].join('\n'));
    return;
  }
  console.log([...shrink(seed, script), '', ...violations].join('\n'));
  process.exitCode = 1;
}
