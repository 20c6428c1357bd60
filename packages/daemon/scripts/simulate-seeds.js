// Runs random clusters of the production engine and says which seeds break a rule: `npm run test:sim -- --seeds 1000`,
// or one seed with its configurations, its script made as short as possible, and what happened: `-- --seed 17`.
// Exit status 1 when a rule was broken.
import { parseArgs } from 'node:util';
import { playScenario, playSeed, shorten } from '../dist/simulation/random-run.js';
import { timelineLines } from '../dist/simulation/timeline.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

if (values.seed === undefined) await runMany(Number(values.first), Number(values.seeds));
else await runOne(Number(values.seed));

async function runMany(first, count) {
  const started = performance.now();
  let broken = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations } = await playSeed(seed);
    if (violations.length === 0) continue;
    broken += 1;
    console.log(`seed ${seed}: ${violations[0]}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${count} seeds, ${broken} broke a rule, ${seconds} s`);
  process.exitCode = broken === 0 ? 0 : 1;
}

async function runOne(seed) {
  const run = await playSeed(seed);
  const shown = run.violations.length === 0 ? run : await playScenario(await shorten(run.scenario));
  for (const [name, text] of shown.scenario.configurations) console.log(`# ${name}\n${text}`);
  const { script } = shown.scenario;
  console.log(['# script', ...script, '', ...timelineLines(shown.events), '', ...shown.violations].join('\n'));
  console.log(`seed ${seed} ${run.violations.length === 0 ? 'holds' : 'breaks a rule'}`);
  process.exitCode = run.violations.length === 0 ? 0 : 1;
}
