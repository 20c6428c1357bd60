// `-t` with flags that are wrong in themselves: words and statuses are those of keepalived 2.2.7.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseFlags } from '../../src/cli/parse-flags.js';
import { runOptions } from '../../src/cli/run-options.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-config-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function vrrpd(...words: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8', cwd: folder });
  return { status, stderr };
}

const GOOD = write('good.conf', '');
const BAD = write('bad.conf', 'foo\n');

describe('-f with a pattern', () => {
  write('several/a.conf', '');
  write('several/b.conf', 'foo\n');
  write('mixed/a.conf', 'foo\n');
  chmodSync(write('mixed/b.conf', 'foo\n'), 0o755);
  mkdirSync(join(folder, 'folders/c.conf'), { recursive: true });
  write('folders/d.conf', 'foo\n');

  test.each(['several/*.conf', 'several/[ab].conf', 'several/{a,b}.conf', join(folder, 'several/?.conf')])(
    '%s: all that it matches is read as one',
    (pattern) => {
      const { status, stderr } = vrrpd('-t', '-f', pattern);
      const [first, second] = stderr.split('\n');
      expect(first).toBe(
        `WARNING, multiple configuration file matches of ${pattern}, starting with ${join(folder, 'several/a.conf')}`,
      );
      expect(second).toContain(`${join(folder, 'several/b.conf')}:1:1: error`);
      expect(status).toBe(5);
    },
  );

  test('a pattern that matches one file says nothing of it', () => {
    expect(vrrpd('-t', '-f', 'goo*.conf')).toEqual({ status: 0, stderr: '' });
  });

  test.each([
    ['none*.conf', /^No config files matched 'none\*\.conf'\.\n$/],
    ['mixed/*.conf', /^Configuration file '.*mixed\/b\.conf' is executable/],
    ['folders/*.conf', /^Configuration file '.*folders\/c\.conf\/' is a directory\n$/],
    ['several', /^Configuration file 'several' is a directory\n$/],
    ['absent.conf', /^Config files missing 'absent\.conf'\.\n$/],
  ])('%s: nothing is read: 0, or 4 with -e', (name, words) => {
    expect(vrrpd('-t', '-f', name)).toEqual({ status: 0, stderr: expect.stringMatching(words) });
    expect(vrrpd('-e', '-t', '-f', name).status).toBe(4);
  });

  test('`check` takes it too', () => {
    const { status, stderr } = vrrpd('check', 'several/*.conf');
    expect(stderr).not.toContain('file-not-found');
    expect(status).toBe(5);
  });
});

describe('-t with a log file', () => {
  test.each([
    ['/no/such/dir/file', '2 - No such file or directory'],
    [folder, '21 - '],
  ])('%s cannot be opened: 1, whatever the file says', (path, reason) => {
    for (const file of [GOOD, BAD, 'absent.conf']) {
      const { status, stderr } = vrrpd(`-t${path}`, '-f', file);
      expect(stderr).toContain(`Unable to open config-test log file ${path} ${reason}`);
      expect([status, stderr.split('\n').length]).toEqual([1, 2]);
    }
  });

  test('gets everything, after what it held; a new one is for its user alone', () => {
    const log = join(folder, 'log');
    expect(vrrpd(`-t${log}`, '-S', '99', '-f', BAD)).toEqual({ status: 5, stderr: '' });
    expect(statSync(log).mode & 0o777).toBe(0o600);
    const first = readFileSync(log, 'utf8');
    expect(first).toMatch(/^Invalid log facility '99'\n.*bad\.conf:1:1: error/);
    vrrpd(`-t${log}`, '-f', BAD);
    expect(readFileSync(log, 'utf8').startsWith(first)).toBe(true);
  });

  test('that is full: standard error gets it', () => {
    const { status, stderr } = vrrpd('-t/dev/full', '-f', BAD);
    expect([status, stderr.includes('bad.conf:1:1: error')]).toEqual([5, true]);
  });
});

describe('-S and -u', () => {
  test('with a wrong value are said, and change no status', () => {
    const stderr = "Invalid --umask option 9z\nInvalid log facility '99'\n";
    expect(vrrpd('-t', '-f', GOOD, '-S', '99', '-u', '9z')).toEqual({ status: 0, stderr });
  });

  test.each(['99', '8', '9z', '-1', 'abc', 'cron', 'LOCAL3', 'local9', 'constructor'])(
    '-S %s: the default',
    (value) => {
      expect(runOptions(parseFlags(['-S', value]))).toMatchObject({
        ok: true,
        facility: 3,
        remarks: [`Invalid log facility '${value}'`],
      });
    },
  );

  test.each([
    ['0', 16],
    ['07', 23],
    [' 3', 19],
    ['+3', 19],
    ['local3', 19],
    ['user', 1],
    ['daemon', 3],
  ])('-S %s is facility %i', (value, facility) => {
    expect(runOptions(parseFlags(['-S', value]))).toMatchObject({ ok: true, facility, remarks: [] });
  });

  test.each(['9z', '777', '1777', 'u=rw', '-1', '22z', '888', '0x200', '018', '0b1', '4294967296'])(
    '-u %s: the default',
    (value) => {
      expect(runOptions(parseFlags(['-u', value]))).toMatchObject({
        ok: true,
        umask: 0o177,
        remarks: [`Invalid --umask option ${value}`],
      });
    },
  );

  test.each([
    ['0777', 0o777],
    ['0x1ff', 0o777],
    [' 7', 7],
    ['+7', 7],
    ['0', 0],
    ['22', 22],
  ])('-u %s is a mask', (value, umask) => {
    expect(runOptions(parseFlags(['-u', value]))).toMatchObject({ ok: true, umask, remarks: [] });
  });

  test('an unknown log format is refused', () => {
    expect(runOptions(parseFlags(['--log-format', 'xml']))).toMatchObject({ ok: false });
  });
});
