// File and process trackers over the real ports: rename, a folder that comes later, a symbolic link's target, a FIFO, /proc.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createFileTracker,
  createNodeClock,
  createProcessTracker,
  createProcessWatch,
  formatEvidence,
  nodeProcessTable,
} from '../src/index.js';
import type { Tracker, TrackerReport } from '../src/index.js';

// Real time on a machine that may be busy with other things.
jest.setTimeout(30_000);

const clock = createNodeClock();
let folder = '';
const trackers: Tracker[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trackers-'));
});
afterEach(async () => {
  await Promise.all(trackers.splice(0).map((tracker) => tracker.close()));
  rmSync(folder, { recursive: true });
});

/** Starts a tracker; the function returned waits for the first report that reads so, and gives the µs it took. */
function follow(tracker: Tracker): (evidence: string) => Promise<number> {
  const heard: TrackerReport[] = [];
  let wake: (() => void) | undefined;
  trackers.push(tracker);
  tracker.start((report) => {
    heard.push(report);
    wake?.();
  });
  return async (evidence) => {
    const since = clock.now();
    for (;;) {
      const found = heard.splice(0).find((report) => formatEvidence(report.evidence).startsWith(evidence));
      if (found !== undefined) return clock.now() - since;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

const tracking = (path: string): Tracker => createFileTracker({ name: 'f', path });
/** 50 ms is the aim; a busy test machine is given more. */
const SOON = 800_000;

test('a file written, replaced by rename, appended to, moved away and removed', async () => {
  const path = join(folder, 'f');
  const sees = follow(tracking(path));
  await sees('value 0');
  writeFileSync(path, '5');
  expect(await sees('value 5')).toBeLessThan(SOON);
  writeFileSync(join(folder, 'new'), '6');
  renameSync(join(folder, 'new'), path);
  expect(await sees('value 6')).toBeLessThan(SOON);
  appendFileSync(path, '6');
  expect(await sees('value 66')).toBeLessThan(SOON);
  renameSync(path, join(folder, 'old'));
  expect(await sees('value 0')).toBeLessThan(SOON);
  renameSync(join(folder, 'old'), path);
  expect(await sees('value 66')).toBeLessThan(SOON);
  rmSync(path);
  expect(await sees('value 0')).toBeLessThan(SOON);
});

test('a folder that comes later, and one that is replaced', async () => {
  const inner = join(folder, 'inner');
  const path = join(inner, 'f');
  const sees = follow(tracking(path));
  await sees('value 0');
  mkdirSync(inner);
  for (const round of [1, 2]) {
    // The first may be seen by chance, the second by the look each second that begins to watch, the third by that watch.
    for (const value of [`${round}0`, `${round}1`]) {
      writeFileSync(path, value);
      await sees(`value ${value}`);
    }
    writeFileSync(path, `${round}2`);
    expect(await sees(`value ${round}2`)).toBeLessThan(SOON);
    renameSync(inner, join(folder, `${round}`));
    mkdirSync(inner);
  }
});

test('the target of a symbolic link is seen to change within about a second', async () => {
  mkdirSync(join(folder, 'elsewhere'));
  const target = join(folder, 'elsewhere', 'target');
  writeFileSync(target, '5');
  symlinkSync(target, join(folder, 'f'));
  const sees = follow(tracking(join(folder, 'f')));
  await sees('value 5');
  writeFileSync(target, '6');
  await sees('value 6');
  writeFileSync(target, '7');
  expect(await sees('value 7')).toBeLessThan(3_000_000);
});

test('what cannot be read fails with the reason and blocks nobody', async () => {
  mkdirSync(join(folder, 'd'));
  await follow(tracking(join(folder, 'd')))('exec-error: EISDIR');
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  await follow(tracking(join(folder, 'fifo')))('exec-error: ');
});

test('a process that starts and stops is seen by the look each second', async () => {
  const processes = createProcessWatch({ clock, table: nodeProcessTable });
  const options = { name: 'p', process: '/bin/sleep', fullCommand: true, parameters: [`${10_000_000 + process.pid}`] };
  const numbers = { quorum: 1, forkDelay: 0, terminateDelay: 0 };
  const sees = follow(createProcessTracker({ ...options, ...numbers }, { clock, processes }));
  await sees('value 0');
  const child = spawn('/bin/sleep', options.parameters, { stdio: 'ignore' });
  expect(await sees('value 1')).toBeLessThan(3_000_000);
  child.kill();
  expect(await sees('value 0')).toBeLessThan(3_000_000);
});
