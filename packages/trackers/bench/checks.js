// What 200 checks a second cost: built-in ones beside forked scripts, one after the other, in the same process.
// Prints the share of one core, this process and its children together. Asserts nothing: the numbers are the machine's.
import { readFileSync } from 'node:fs';
import { fork } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  createBuiltinTracker,
  createNodeClock,
  createNodeProber,
  createScriptTracker,
  nodeSpawner,
} from '../dist/index.js';

const CHECKS = 200;
const SECONDS = Number(process.argv[2] ?? 10);
/** Before measuring: until the code is compiled, which takes as long as each of its parts has been run often enough. */
const WARM_UP_SECONDS = 15;
const TICKS_PER_SECOND = 100;

// The server is another process: what it costs is not the check's.
if (process.send !== undefined) {
  const listening = createServer((socket) => socket.on('error', () => undefined).resume());
  listening.listen(0, '127.0.0.1', () => process.send(listening.address().port));
  await new Promise((resolve) => process.once('disconnect', resolve));
  process.exit();
}
const server = fork(fileURLToPath(import.meta.url));
const port = await new Promise((resolve) => server.once('message', resolve));
const clock = createNodeClock();
const prober = createNodeProber();

const common = { interval: 1_000_000, timeout: 0, rise: 1, fall: 1, initFail: false };
const check = { kind: 'tcp', host: '127.0.0.1', port };
await measure('built-in tcp', (name, observe) =>
  createBuiltinTracker({ ...common, name, observe, check }, { clock, prober }),
);
await measure('built-in file', (name, observe) =>
  createBuiltinTracker(
    { ...common, name, observe, check: { kind: 'file', path: '/proc/self/stat' } },
    { clock, prober },
  ),
);
await measure('forked /bin/true', (name, observe) =>
  createScriptTracker({ ...common, name, observe, argv: ['/bin/true'] }, { clock, spawner: nodeSpawner }),
);
server.disconnect();

async function measure(title, create) {
  let runs = 0;
  let skipped = 0;
  const observe = ({ kind }) => {
    if (kind === 'run-finished') runs += 1;
    else skipped += 1;
  };
  const trackers = Array.from({ length: CHECKS }, (_, index) => create(`${index}`, observe));
  for (const tracker of trackers) tracker.start(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_SECONDS * 1_000));
  const before = cpuSeconds();
  [runs, skipped] = [0, 0];
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
  const share = ((cpuSeconds() - before) / SECONDS) * 100;
  await Promise.all(trackers.map((tracker) => tracker.close()));
  console.log(
    `${title.padEnd(18)} ${CHECKS} checks/s: ${share.toFixed(1)} % of a core (${runs} runs, ${skipped} skipped)`,
  );
}

/** proc(5), /proc/PID/stat: utime, stime, and those of the children waited for, in ticks. */
function cpuSeconds() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
  return (
    fields
      .slice(11, 15)
      .map(Number)
      .reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND
  );
}
