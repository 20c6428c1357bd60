// The daemon's way to start programs keeps the contract of every spawner, and what is its own: users, descriptors, signals
// that this process ignores, and nothing left in its own tables.
import { describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeClock, type ProcessEnd, type SpawnRequest } from '@vrrp/trackers';
import { SHELL_PROGRAMS, spawnerContract } from '@vrrp/trackers/testing';
import { programSpawner } from '../../src/control/program-spawner.js';

// Real time on a machine that may be busy with other things.
jest.setTimeout(30_000);

const clock = createNodeClock();
const pass = (duration: number): Promise<void> =>
  new Promise((resolve) => clock.schedule(clock.now() + duration, resolve));
const shell = (script: string, ...args: readonly string[]): readonly string[] => ['/bin/sh', '-c', script, ...args];
const ended = (request: SpawnRequest): Promise<ProcessEnd> =>
  new Promise((resolve) => void programSpawner.spawn(request, resolve));

/** What a shell script wrote to the file that is its first argument. */
async function written(script: string, request: Omit<SpawnRequest, 'argv'> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vrrpd-spawn-'));
  try {
    const end = await ended({ ...request, argv: shell(`{ ${script}; } > "$0"`, join(folder, 'out')) });
    expect(end).toEqual({ kind: 'exit', status: 0 });
    return readFileSync(join(folder, 'out'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the contract of spawners', () => {
  test.each(spawnerContract)('$name', ({ run }) => run({ spawner: programSpawner, programs: SHELL_PROGRAMS, pass }));
});

test('a program is looked for in PATH, has a session of its own and the environment it is given', async () => {
  const text = await written('cut -d " " -f 5,6 /proc/$$/stat; echo "$$ $ADDED $LD_PRELOAD"', {
    environment: { ADDED: 'yes', LD_PRELOAD: '/nonexistent.so' },
  });
  const [group, session, pid, added] = text.split(/\s+/);
  expect([group, session, added]).toEqual([pid, pid, 'yes']);
  expect(await ended({ argv: ['true'] })).toEqual({ kind: 'exit', status: 0 });
});

test('it has /dev/null on its three descriptors and no other open', async () => {
  // 1 is the file that `written` reads; ls has the folder open that it lists.
  const open = [...(await written('ls -l /proc/self/fd')).matchAll(/(\d+) -> (.+)/g)].map(([, fd, what]) => [fd, what]);
  const inherited = open.filter(([fd, what]) => fd !== '1' && !/^\/proc\/\d+\/fd$/.test(what ?? ''));
  expect(inherited).toEqual([
    ['0', '/dev/null'],
    ['2', '/dev/null'],
  ]);
});

test('no signal is ignored or blocked for it, whatever this process does with them', async () => {
  const masks = await written('grep -E "^Sig(Blk|Ign):" /proc/self/status');
  expect(masks.match(/[0-9a-f]{16}/g)).toEqual(['0000000000000000', '0000000000000000']);
});

function as(groups?: readonly number[]): Promise<ProcessEnd> {
  const expected = `65534:65533:65533${(groups ?? []).map((group) => ` ${group}`).join('')}`;
  const user = { uid: 65_534, gid: 65_533, ...(groups === undefined ? {} : { groups }) };
  return ended({ argv: shell('test "$(id -u):$(id -g):$(id -G)" = "$0"', expected), user });
}

test('another user: taken on by root with no group but its own, an exec error for anybody else', async () => {
  const root = process.getuid?.() === 0;
  const refused = { kind: 'exec-error', message: 'spawn /bin/sh EPERM' };
  expect(await as()).toEqual(root ? { kind: 'exit', status: 0 } : refused);
  expect(await as([7, 8])).toEqual(root ? { kind: 'exit', status: 0 } : refused);
});

test('what cannot be run says why', async () => {
  expect(await ended({ argv: [tmpdir()] })).toEqual({ kind: 'exec-error', message: `spawn ${tmpdir()} EACCES` });
  expect(await ended({ argv: ['/bin/echo', 'a\0b'] })).toMatchObject({ kind: 'exec-error' });
});

test('of 300 programs that ran, many at once, nothing is left: no process, no descriptor', async () => {
  await ended({ argv: ['/bin/true'] });
  const before = readdirSync('/proc/self/fd').length;
  const runs = Array.from({ length: 300 }, (_, index) =>
    ended({ argv: [index % 2 === 0 ? '/bin/true' : '/nonexistent'] }),
  );
  const kinds = (await Promise.all(runs)).map(({ kind }) => kind);
  expect(kinds).toEqual(runs.map((_, index) => (index % 2 === 0 ? 'exit' : 'exec-error')));
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
  const zombies = children.filter((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '));
  expect(zombies).toEqual([]);
});
