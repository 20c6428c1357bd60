// The contracts that fakes and real ports share.
import { describe, test } from '@jest/globals';
import { createNodeClock, nodeSpawner } from '../src/index.js';
import type { Clock } from '../src/index.js';
import { clockContract, FakeClock, FakeSpawner, spawnerContract } from '../src/testing/index.js';
import type { ContractPrograms } from '../src/testing/index.js';

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
  missing: ['/fake/missing'],
};

function fakeSpawner(clock: FakeClock): FakeSpawner {
  const spawner = new FakeSpawner(clock);
  spawner.install('/fake/three', { runs: 1_000, end: { kind: 'exit', status: 3 } });
  spawner.install('/fake/endless', {});
  spawner.install('/fake/stubborn', { ignoresTerm: true });
  spawner.install('/fake/parent', { runs: 1_000, children: [{}] });
  return spawner;
}

const shell = (script: string): readonly string[] => ['/bin/sh', '-c', script];
const nodePrograms: ContractPrograms = {
  exitsWith3: shell('exit 3'),
  endless: shell('sleep 60'),
  ignoresTerm: shell('trap "" TERM; sleep 60'),
  leavesChild: shell('sleep 60 & exit 0'),
  missing: ['/nonexistent/program'],
};

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
    await run({ spawner: nodeSpawner, programs: nodePrograms, pass: passOn(createNodeClock()) });
  });
});
