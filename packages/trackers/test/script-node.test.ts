// The script tracker with real processes: what a hostile script leaves behind, users, environment, descriptors.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScriptTracker, formatEvidence, SECOND } from '../src/index.js';
import type { ScriptTrackerOptions, Tracker, TrackerObservation } from '../src/index.js';

// Real processes on a machine that may be busy with other things.
jest.setTimeout(30_000);

let folder = '';
const started: Tracker[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trackers-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((tracker) => tracker.close()));
  rmSync(folder, { recursive: true });
});

const OPTIONS: ScriptTrackerOptions = {
  name: 'real',
  argv: ['/bin/true'],
  interval: 60 * SECOND,
  timeout: 10 * SECOND,
  rise: 1,
  fall: 1,
  initFail: false,
};

interface Outcome {
  readonly evidence: string;
  readonly duration: number;
  /** µs that close() took. */
  readonly closed: number;
}

/** Runs a script once and closes the tracker after its first outcome. */
async function runOnce(options: Partial<ScriptTrackerOptions>): Promise<Outcome> {
  const [tracker, observation] = await new Promise<[Tracker, TrackerObservation]>((resolve) => {
    const observe = (one: TrackerObservation): void => {
      if (one.kind !== 'exit-status-changed') resolve([created, one]);
    };
    const created: Tracker = createScriptTracker({ ...OPTIONS, ...options, observe });
    started.push(created);
    created.start(() => undefined);
  });
  const start = process.hrtime.bigint();
  await tracker.close();
  const closed = Number((process.hrtime.bigint() - start) / 1_000n);
  if (observation.kind !== 'run-finished') throw new Error(`a run was expected, not ${observation.kind}`);
  return { evidence: formatEvidence(observation.evidence), duration: observation.duration, closed };
}

const shell = (script: string): readonly string[] => ['/bin/sh', '-c', script, folder];

/** The living processes that were started with this test's folder as an argument. */
function survivors(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
}

test.each([
  ['exit 0', 'exit 0'],
  ['exit 3', 'exit 3'],
  ['kill -9 $$', 'signal 9'],
])('%s is told as %s', async (script, evidence) => {
  expect(await runOnce({ argv: shell(script) })).toMatchObject({ evidence });
});

test('a file that is not there and one that is no program are exec errors', async () => {
  expect((await runOnce({ argv: [join(folder, 'none')] })).evidence).toMatch(/^exec-error: .*ENOENT/);
  expect((await runOnce({ argv: [folder] })).evidence).toMatch(/^exec-error: .*EACCES/);
  expect((await runOnce({ argv: ['/bin/echo', 'a\0b'] })).evidence).toMatch(/^exec-error: /);
});

describe('nothing is left of', () => {
  test('a script that ignores SIGTERM, with a child that does so too', async () => {
    const script = 'trap "" TERM; sh -c "sleep 60; :" "$0" & sleep 60';
    const outcome = await runOnce({ argv: shell(script), timeout: SECOND / 2 });
    expect(outcome.evidence).toBe('timeout');
    expect(outcome.duration).toBeLessThan(5 * SECOND);
    expect(outcome.closed).toBeLessThan(5 * SECOND);
    expect(survivors()).toEqual([]);
  });

  test('a script that blocks, with children in sessions of their own that ignore SIGTERM', async () => {
    const stubborn = 'trap "" TERM; setsid sh -c "sleep 60; :" "$0" & while :; do sleep 1; done';
    const script = `for i in 1 2 3; do setsid sh -c '${stubborn}' "$0" & done; while :; do sleep 1; done`;
    const outcome = await runOnce({ argv: shell(script), timeout: SECOND });
    expect(outcome.evidence).toBe('timeout');
    expect(outcome.closed).toBeLessThan(5 * SECOND);
    expect(survivors()).toEqual([]);
  });

  test('a script that is closed while it runs', async () => {
    const tracker = createScriptTracker({ ...OPTIONS, argv: shell('sleep 60; :') });
    started.push(tracker);
    tracker.start(() => undefined);
    // The kernel shows a new program's arguments a moment after spawn has returned.
    while (survivors().length === 0) await new Promise(setImmediate);
    await tracker.close();
    expect(survivors()).toEqual([]);
  });
});

// A check that starts a service again: the service outlives the check, as with keepalived.
test.each(['', 'setsid ', 'nohup '])('what a script has started with "%s… &" runs on', async (how) => {
  await runOnce({ argv: shell(`${how}sh -c "sleep 60; :" "$0" & sleep 0.5; exit 0`) });
  const services = survivors();
  expect(services).not.toEqual([]);
  for (const pid of services) process.kill(Number(pid), 'SIGKILL');
});

test('a script that writes 1 GB blocks nobody', async () => {
  const argv = shell('head -c 1000000000 /dev/zero; head -c 1000 /dev/zero >&2; cat; exit 5');
  expect((await runOnce({ argv })).evidence).toBe('exit 5');
});

test('a script has /dev/null on its three descriptors and none of ours, in a session of its own', async () => {
  await runOnce({ argv: ['/bin/sh', '-c', 'exec ls -l /proc/self/fd 2> "$0/fds" >&2', folder] });
  const own = readFileSync(join(folder, 'fds'), 'utf8');
  const targets = [...own.matchAll(/ (\d+) -> (.*)/g)].map(([, fd, target]) => `${fd} ${target}`);
  expect(targets).toContain('0 /dev/null');
  // The listing goes through 1 and 2; what ls itself opened is the folder it lists. Anything else was given to us, too.
  const rest = targets.filter((line) => !/^0 |\/fds$|\/proc\/\d+\/fd$/.test(line));
  const ours = readdirSync('/proc/self/fd').map((fd) => `${fd} ${linkOf(`/proc/self/fd/${fd}`)}`);
  expect(ours).toEqual(expect.arrayContaining(rest));
  expect(rest.filter((line) => line.includes('socket'))).toEqual([]);

  await runOnce({ argv: shell('cut -d " " -f 5,6 /proc/$$/stat > "$0/ids"; echo $$ >> "$0/ids"') });
  const [group, session, pid] = readFileSync(join(folder, 'ids'), 'utf8').split(/\s+/);
  expect([group, session]).toEqual([pid, pid]);
});

test('no descriptor stays open in the daemon', async () => {
  await runOnce({});
  const before = openDescriptors();
  for (let run = 0; run < 5; run += 1) await runOnce({ argv: shell('sleep 60 & exit 1') });
  expect(openDescriptors()).toBe(before);
});

function openDescriptors(): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => linkOf(`/proc/self/fd/${fd}`));
  return targets.filter((target) => /socket|pipe|null/.test(target)).length;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

test('the environment is the daemon’s with changes and without LD_PRELOAD', async () => {
  const before = process.env['LD_PRELOAD'];
  process.env['LD_PRELOAD'] = '';
  process.env['TRACKERS_TEST'] = 'inherited';
  await runOnce({ argv: shell('env > "$0/env"'), environment: { ADDED: 'yes', HOME: undefined } });
  delete process.env['TRACKERS_TEST'];
  if (before === undefined) delete process.env['LD_PRELOAD'];
  else process.env['LD_PRELOAD'] = before;
  const lines = readFileSync(join(folder, 'env'), 'utf8').split('\n');
  expect(lines).toEqual(expect.arrayContaining(['TRACKERS_TEST=inherited', 'ADDED=yes']));
  expect(lines.filter((line) => /^(LD_PRELOAD|HOME)=/.test(line))).toEqual([]);
});

test('a user and groups: taken on by root, an exec error with its reason for anybody else', async () => {
  const ids = 'test "$(id -u):$(id -g):$(id -G)" = "$1" || exit 9';
  const as = (expected: string): readonly string[] => ['/bin/sh', '-c', ids, folder, expected];
  const root = process.getuid?.() === 0;
  const alone = await runOnce({ argv: as('65534:65533:65533'), user: { uid: 65534, gid: 65533 } });
  const grouped = await runOnce({
    argv: as('65534:65533:65533 7 8'),
    user: { uid: 65534, gid: 65533, groups: [7, 8] },
  });
  expect(alone.evidence).toMatch(root ? /^exit 0$/ : /^exec-error: .*EPERM/);
  expect(grouped.evidence).toMatch(root ? /^exit 0$/ : /^exit (1|127)$/);
});
