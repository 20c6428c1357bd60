// Pid files: only a daemon that lives keeps another one from running, and what is said names the file and the flag.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { anotherDaemon, removePidFile, writePidFile } from '../../src/control/pid-file.js';

let folder = '';
let path = '';
let other: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-pid-'));
  path = join(folder, 'run', 'vrrp.pid');
});
afterEach(async () => {
  other?.kill('SIGKILL');
  if (other !== undefined) await once(other, 'exit');
  other = undefined;
  rmSync(folder, { recursive: true });
});

/** A process whose command line is this, and that says when it runs. */
async function running(program: string, words: readonly string[]): Promise<number> {
  other = spawn(program, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  if (other.stdout !== null) await once(other.stdout, 'data');
  return other.pid ?? 0;
}

const WAIT = 'console.log("runs"); setInterval(() => undefined, 60_000);';

function scriptAt(...names: readonly string[]): string {
  const file = join(folder, ...names);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, WAIT);
  return file;
}

function name(pid: number | string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `${pid}\n`);
}

describe('a pid file', () => {
  test('of this process, of a dead one, with nonsense, or that is not there, keeps nobody from running', () => {
    expect(anotherDaemon(path, '-r')).toBeUndefined();
    writePidFile(path);
    expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
    for (const text of [process.pid, 4_194_305, 'nonsense', '0', '']) {
      name(text);
      expect(anotherDaemon(path, '-r')).toBeUndefined();
    }
  });

  test.each([
    ['the built program', ['packages', 'daemon', 'dist', 'bin.js']],
    ['the launcher', ['bin', 'vrrpd.js']],
    ['a link to it', ['node_modules', '.bin', 'vrrpd']],
  ])('of another daemon, %s, names the file and the flag', async (_what, names) => {
    const pid = await running(process.execPath, [scriptAt(...names), '-n']);
    name(pid);
    const said = anotherDaemon(path, '-r');
    expect(said).toBe(
      `daemon is already running (pid ${pid}, says ${path}; a second one needs a file of its own: -r FILE)`,
    );
  });

  test('of keepalived counts, too', async () => {
    const program = join(folder, 'keepalived');
    symlinkSync(process.execPath, program);
    name(await running(program, ['-e', WAIT]));
    expect(anotherDaemon(path, '-p')).toMatch(/^daemon is already running/);
  });

  test('of a stranger who was given the number since does not', async () => {
    name(await running(process.execPath, [scriptAt('server.js'), '-n']));
    expect(anotherDaemon(path, '-p')).toBeUndefined();
  });

  test('is removed only by the process it names', () => {
    name(process.ppid);
    removePidFile(path);
    expect(readFileSync(path, 'utf8')).toBe(`${process.ppid}\n`);
    writePidFile(path);
    removePidFile(path);
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});
