// `npm test`: set up, then every check of the repository; as root also the namespace and interop suites.
// The last line is the total of all jest runs, "N passed, N failed, N skipped"; a check that is no test and fails counts as one failed.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run } from './child.mjs';
import { isRoot } from './debian-packages.mjs';
import { ROOT, setUp, TURBO_ENVIRONMENT } from './setup.mjs';

/** Two packages at a time: unit suites start processes with deadlines, and CI has two cores. */
const UNIT_CONCURRENCY = 2;

/** A check that takes longer hangs, in milliseconds: a test that failed may leave something open that jest waits for. */
const CHECK_TIME_MAX = 900_000;

const CHECKS = [
  { name: 'prettier', command: 'prettier', args: ['--check', '.', '--log-level=warn'] },
  { name: 'lint of the root', command: 'oxlint', args: ['--deny-warnings', 'scripts', 'test'] },
  { name: 'types of the root', command: 'tsc', args: ['-p', 'test/tsconfig.json'] },
  {
    name: 'tidy tests',
    command: process.execPath,
    args: ['--experimental-vm-modules', join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')],
  },
  {
    name: 'typecheck, lint and unit tests',
    command: 'turbo',
    args: ['run', 'typecheck', 'lint', 'test', ...turboOptions(UNIT_CONCURRENCY)],
  },
];
// These share the machine's clock with nobody: they measure time.
const ROOT_CHECKS = [
  { name: 'namespace tests', command: 'turbo', args: ['run', 'test:netns', ...turboOptions(1)] },
  { name: 'interop tests with keepalived', command: 'turbo', args: ['run', 'test:interop', ...turboOptions(1)] },
];

process.exitCode = await main();

async function main() {
  const ready = await setUp({ forTest: true });
  if (!ready) {
    console.log('0 passed, 1 failed, 0 skipped');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-test-'));
  try {
    return await runAll(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAll(folder) {
  const broken = [];
  for (const check of [...CHECKS, ...(isRoot() ? ROOT_CHECKS : [])]) {
    const before = total(folder).failed;
    const { status, interruptedBy } = await runCheck(check, folder);
    if (status !== 0 || interruptedBy !== undefined)
      broken.push({ ...check, status, testsFailed: total(folder).failed > before });
    if (interruptedBy !== undefined) break;
  }
  const { passed, failed, skipped } = total(folder);
  for (const { name, status } of broken) console.log(`FAILED (status ${status}): ${name}`);
  if (!isRoot()) {
    for (const { name } of ROOT_CHECKS) console.log(`NOT RUN, needs root: ${name}`);
  }
  const mayNotSkip = isRoot() && process.env.CI === 'true' && skipped > 0;
  if (mayNotSkip) console.log('FAILED: CI as root may not skip a test');
  const unexplained = broken.filter(({ testsFailed }) => !testsFailed).length;
  console.log(`${passed} passed, ${failed + unexplained} failed, ${skipped} skipped`);
  return broken.length > 0 || mayNotSkip ? 1 : 0;
}

async function runCheck({ name, command, args }, folder) {
  console.log(`\n==== ${name}`);
  const started = performance.now();
  const file = command.startsWith('/') ? command : join(ROOT, 'node_modules', '.bin', command);
  const env = { ...TURBO_ENVIRONMENT, VRRPD_TEST_SUMMARY: folder };
  const result = await run(file, args, { cwd: ROOT, env, timeout: CHECK_TIME_MAX });
  console.log(`==== ${name}: status ${result.status} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return result;
}

/** Set-up has built everything that can be built here: only the tasks themselves. */
function turboOptions(concurrency) {
  return ['--only', '--continue', `--concurrency=${concurrency}`, '--output-logs=new-only', '--log-order=grouped'];
}

function total(folder) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const file of readdirSync(folder)) {
    const counts = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const key of Object.keys(sum)) sum[key] += counts[key];
  }
  return sum;
}
