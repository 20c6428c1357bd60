// Makes a fresh clone ready: Debian packages, node_modules, build. Standard library only; runs first in `npm start` and `npm test`.
// Quick when nothing changed, safe to interrupt; for everything it cannot do it says one plain sentence.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runQuietly } from './child.mjs';
import { hasCompiler, installPackages, missingPackages } from './debian-packages.mjs';
import { installNodeModules } from './node-modules.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = [20, 19];

const WITHOUT_COMPILER =
  'Without cmake, g++ and make the native addon is not built: the daemon has no sockets, all else works.';

/** What turbo needs to stay quiet and offline. */
export const TURBO_ENVIRONMENT = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
};

/**
 * Resolves with whether everything that can be built here is built. `forTest` adds what the suites that run as root need.
 * Missing system packages alone are no failure: what needs no socket works without them.
 */
export async function setUp({ forTest = false } = {}) {
  if (!isNodeNewEnough()) {
    say(`Node.js ${process.versions.node} is too old: install Node.js ${OLDEST_NODE.join('.')} or newer.`);
    return false;
  }
  if (process.platform !== 'linux') say('This is not Linux: the daemon will not run, only the libraries will.');
  try {
    await step('system packages', () => systemPackages(forTest));
    return (await step('node modules', nodeModules)) && (await step('build', build));
  } catch (error) {
    say(error.message);
    return false;
  }
}

async function systemPackages(forTest) {
  const missing = missingPackages({ forTest });
  const problems = await installPackages(missing);
  for (const problem of problems) say(problem);
  if (!hasCompiler()) say(WITHOUT_COMPILER);
  if (problems.length > 0) return { ok: false, text: 'incomplete' };
  return { ok: true, text: missing.length === 0 ? 'all there' : `installed ${missing.join(', ')}` };
}

async function nodeModules() {
  const { ok, installed, problem } = await installNodeModules(ROOT);
  if (ok) return { ok, text: installed ? 'installed' : 'match the lock' };
  say(`npm ci failed, so nothing can be built. It said:\n${problem}`);
  return { ok, text: 'not installed' };
}

async function build() {
  // Without a compiler turbo's graph cannot be completed; the TypeScript references alone can.
  const [tool, args] = hasCompiler()
    ? ['turbo', ['run', 'build', '--output-logs=errors-only', '--concurrency=2']]
    : ['tsc', ['-b']];
  const command = join(ROOT, 'node_modules', '.bin', tool);
  const { status, output } = await runQuietly(command, args, { cwd: ROOT, env: TURBO_ENVIRONMENT });
  if (status === 0) return { ok: true, text: /FULL TURBO/.test(output) ? 'up to date' : 'built' };
  say(`${tool} ${args.join(' ')} failed. It said:\n${output.trim()}`);
  return { ok: false, text: 'failed' };
}

async function step(name, action) {
  const started = performance.now();
  const { ok, text } = await action();
  say(`${name}: ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return ok;
}

function say(sentence) {
  console.error(`setup: ${sentence}`);
}

function isNodeNewEnough() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ready = await setUp({ forTest: process.argv.includes('--for=test') });
  process.exitCode = ready ? 0 : 1;
}
