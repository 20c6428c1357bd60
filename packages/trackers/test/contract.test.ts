// The contracts that fakes and real ports share.
import { describe, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeClock, nodeFileWatcher, nodeProcessTable, nodeSpawner } from '../src/index.js';
import type { Clock } from '../src/index.js';
import {
  beatsContract,
  clockContract,
  FakeBeats,
  FakeClock,
  FakeFiles,
  FakeProcesses,
  FakeSpawner,
  filesContract,
  processTableContract,
  SHELL_PROGRAMS,
  spawnerContract,
} from '../src/testing/index.js';
import type { ContractPrograms, ProcessTableHarness } from '../src/testing/index.js';

// Real time on a machine that may be busy with other things.
jest.setTimeout(30_000);

function passOn(clock: Clock): (duration: number) => Promise<void> {
  return (duration) => new Promise((resolve) => clock.schedule(clock.now() + duration, resolve));
}

function passAtOnce(clock: FakeClock): (duration: number) => Promise<void> {
  return (duration) => {
    clock.advance(duration);
    return Promise.resolve();
  };
}

const fakePrograms: ContractPrograms = {
  exitsWith3: ['/fake/three'],
  endless: ['/fake/endless'],
  ignoresTerm: ['/fake/stubborn'],
  leavesChild: ['/fake/parent'],
  childLeaves: ['/fake/guardian'],
  missing: ['/fake/missing'],
};

function fakeSpawner(clock: FakeClock): FakeSpawner {
  const spawner = new FakeSpawner(clock);
  spawner.install('/fake/three', { runs: 1_000, end: { kind: 'exit', status: 3 } });
  spawner.install('/fake/endless', {});
  spawner.install('/fake/stubborn', { ignoresTerm: true });
  spawner.install('/fake/guardian', { children: [{}] });
  spawner.install('/fake/parent', { runs: 1_000, children: [{}] });
  return spawner;
}

describe('a clock', () => {
  test.each(clockContract)('FakeClock: $name', async ({ run }) => {
    const clock = new FakeClock();
    await run({ clock, pass: passAtOnce(clock) });
  });
  test.each(clockContract)('node: $name', async ({ run }) => {
    const clock = createNodeClock();
    await run({ clock, pass: passOn(clock) });
  });
});

describe('a spawner', () => {
  test.each(spawnerContract)('FakeSpawner: $name', async ({ run }) => {
    const clock = new FakeClock();
    await run({ spawner: fakeSpawner(clock), programs: fakePrograms, pass: passAtOnce(clock) });
  });
  test.each(spawnerContract)('node: $name', async ({ run }) => {
    await run({ spawner: nodeSpawner, programs: SHELL_PROGRAMS, pass: passOn(createNodeClock()) });
  });
});

// The real probe is @vrrp/netlink-native's: the daemon's suites in namespaces hold it to the same.
describe('a beat probe', () => {
  test.each(beatsContract)('FakeBeats: $name', async ({ run }) => {
    const probe = new FakeBeats();
    const plug = (state: 'up' | 'down'): Promise<void> =>
      Promise.resolve(probe.set('eth0', { ethtool: state, ioctl: state }));
    await run({ probe, link: 'eth0', absent: 'eth9', plug });
  });
});

describe('a file watcher', () => {
  const missing = { path: '/run/a', other: '/run/b', unreadable: '/run/broken' };
  test.each(filesContract)('FakeFiles: $name', async ({ run }) => {
    const clock = new FakeClock();
    const files = new FakeFiles(clock);
    files.break(missing.unreadable, 'is a directory');
    await run({ ...missing, files, put: (path, text) => files.put(path, text), pass: passAtOnce(clock) });
  });
  test.each(filesContract)('node: $name', async ({ run }) => {
    const folder = mkdtempSync(join(tmpdir(), 'trackers-'));
    const paths = { path: join(folder, 'a'), other: join(folder, 'b'), unreadable: folder };
    await run({ ...paths, files: nodeFileWatcher, put: putFile, pass: passOn(createNodeClock()) });
    rmSync(folder, { recursive: true });
  });
});

describe('a process table', () => {
  test.each(processTableContract)('FakeProcesses: $name', async ({ run }) => {
    const clock = new FakeClock();
    const table = new FakeProcesses(clock);
    const argv = ['/bin/sleep', '60'];
    const start: ProcessTableHarness['run'] = () => ({ pid: table.run(argv), argv, comm: 'sleep' });
    const end: ProcessTableHarness['end'] = (pid) => Promise.resolve(table.end(pid));
    await run({ table, run: start, end, pass: passAtOnce(clock) });
  });
  test.each(processTableContract)('node: $name', async ({ run }) => {
    const argv = ['/bin/sleep', '60'];
    const children = new Map<number, () => Promise<void>>();
    const start: ProcessTableHarness['run'] = () => {
      const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' });
      const { pid = 0 } = child;
      children.set(pid, () => {
        child.kill('SIGKILL');
        return new Promise((resolve) => child.once('exit', () => resolve()));
      });
      return { pid, argv, comm: 'sleep' };
    };
    const end: ProcessTableHarness['end'] = (pid) => children.get(pid)?.() ?? Promise.resolve();
    await run({ table: nodeProcessTable, run: start, end, pass: passOn(createNodeClock()) });
  });
});

function putFile(path: string, text: string | undefined): void {
  if (text === undefined) rmSync(path);
  else writeFileSync(path, text);
}
