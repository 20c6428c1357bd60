// Runs random clusters of the production engine: `npm run test:sim -- --seeds 10000` in as many processes as --jobs says,
// or one seed with its files, its script made as short as possible, and what happened: `-- --seed 17`. `--keep FILE` writes
// a shortened seed as a file for test/simulation/testdata/. Exit status 1 when a rule was broken, or when 10,000 seeds and
// more have not reached everything that random runs must reach (src/simulation/coverage.ts).
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Coverage } from '../dist/simulation/coverage.js';
import { keptText } from '../dist/simulation/kept-seed.js';
import { playScenario, playSeed, shorten } from '../dist/simulation/random-run.js';
import { playSeeds } from '../dist/simulation/seed-run.js';
import { timelineLines } from '../dist/simulation/timeline.js';

/** So many seeds reach everything. */
const ALL_REACHED_IN = 10_000;

if (isMainThread) await main();
else parentPort.postMessage(await playSeeds(workerData.first, workerData.count));

async function main() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '200' },
      first: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      seed: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  if (values.seed === undefined) await runMany(Number(values.first), Number(values.seeds), Number(values.jobs));
  else await runOne(Number(values.seed), values.keep);
}

async function runMany(first, count, jobs) {
  const started = performance.now();
  const shares = Array.from({ length: jobs }, (_, job) => {
    const from = Math.floor((count * job) / jobs);
    return { first: first + from, count: Math.floor((count * (job + 1)) / jobs) - from };
  });
  const played = await Promise.all(shares.map(inWorker));
  const coverage = new Coverage();
  for (const { reached } of played) coverage.add(reached);
  const broken = played.flatMap((part) => part.broken);
  for (const line of broken) console.log(line);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${count} seeds, ${broken.length} broke a rule, ${seconds} s`);
  console.log(coverage.missing.length === 0 ? 'everything was reached' : `not reached: ${coverage.missing.join(', ')}`);
  const isIncomplete = count >= ALL_REACHED_IN && coverage.missing.length > 0;
  process.exitCode = broken.length === 0 && !isIncomplete ? 0 : 1;
}

function inWorker(share) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function runOne(seed, keep) {
  const run = await playSeed(seed);
  const isSound = run.violations.length === 0;
  const shown = isSound ? run : await playScenario(await shorten(run.scenario));
  for (const [name, text] of shown.scenario.configurations) console.log(`# ${name}\n${text}`);
  const { script, peace } = shown.scenario;
  console.log(['# script', ...script, '# peace', ...peace, ''].join('\n'));
  console.log([...timelineLines(shown.events), '', ...shown.violations].join('\n'));
  console.log(`seed ${seed} ${isSound ? 'holds' : 'breaks a rule'}`);
  if (keep !== undefined) writeFileSync(keep, keptText(shown));
  process.exitCode = isSound ? 0 : 1;
}
