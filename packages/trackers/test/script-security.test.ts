// The script security check over a table of paths: each row one way to be unsafe or unusable, and the command that mends it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, constantFrom, array, property } from 'fast-check';
import { checkScriptSecurity, nodePathFacts } from '../src/index.js';
import type { PathFacts, PathFactsSource, RunAs, ScriptVerdict } from '../src/index.js';

const ROOT: RunAs = { uid: 0, gid: 0 };
const NOBODY: RunAs = { uid: 65_534, gid: 65_534 };

const folder = (mode = 0o755, uid = 0, gid = 0): PathFacts => ({ type: 'directory', mode, uid, gid });
const file = (mode = 0o755, uid = 0, gid = 0): PathFacts => ({ type: 'file', mode, uid, gid });
const link = (target: string, uid = 0): PathFacts => ({ type: 'symlink', mode: 0o777, uid, gid: 0, target });

const SOUND: Readonly<Record<string, PathFacts>> = {
  '/': folder(),
  '/usr': folder(),
  '/usr/bin': folder(),
  '/usr/bin/check': file(),
  '/bin': link('usr/bin'),
  '/opt': folder(),
  '/opt/check': link('/usr/bin/check'),
  '/opt/up': link('../usr/bin/check'),
  '/opt/loop': link('loop'),
  '/opt/dangling': link('none'),
  '/tmp': folder(0o1777),
  '/tmp/check': file(),
};

function source(changes: Readonly<Record<string, PathFacts>>): PathFactsSource {
  const table: Readonly<Record<string, PathFacts>> = { ...SOUND, ...changes };
  return {
    look: (path) => table[path],
    userName: (uid) => (uid === 1000 ? 'alice' : `${uid}`),
    groupName: (gid) => (gid === 50 ? 'staff' : `${gid}`),
  };
}

function verdict(
  command: string,
  user: RunAs = ROOT,
  changes: Readonly<Record<string, PathFacts>> = {},
  useSymlinkPaths = false,
): ScriptVerdict {
  const options = { searchPath: ['/opt/none', '/usr/bin'], workingFolder: '/usr', useSymlinkPaths };
  return checkScriptSecurity(command, user, source(changes), options);
}

const found = ({ findings }: ScriptVerdict): readonly string[] =>
  findings.map(({ severity, message, fix }) => `${severity}: ${message}${fix === undefined ? '' : `: ${fix}`}`);

describe('the program to run', () => {
  test.each([
    ['/usr/bin/check', '/usr/bin/check'],
    ['/bin/check', '/usr/bin/check'],
    ['/opt/check', '/usr/bin/check'],
    ['/opt/up', '/usr/bin/check'],
    ['/opt/../bin/./check', '/usr/bin/check'],
    ['bin/check', '/usr/bin/check'],
    ['/tmp/check', '/tmp/check'],
  ])('%s is %s, and safe', (command, program) => {
    expect(verdict(command)).toEqual({ program, findings: [] });
  });

  test('use_symlink_paths keeps the path as it was written', () => {
    expect(verdict('/bin/check', ROOT, {}, true)).toEqual({ program: '/bin/check', findings: [] });
  });

  test('a bare name is looked for, and that is told', () => {
    const { program, findings } = verdict('check');
    expect(program).toBe('/usr/bin/check');
    expect(findings).toEqual([expect.objectContaining({ code: 'script-found-by-search', severity: 'notice' })]);
  });

  test('a test for a file is exempt', () => {
    expect(verdict('</run/flag')).toEqual({ program: '</run/flag', findings: [] });
  });
});

describe('unusable', () => {
  test.each([
    ['/usr/bin/none', 'script-not-found', '/usr/bin/none'],
    ['/usr/none/check', 'script-not-found', '/usr/none'],
    ['/opt/dangling', 'script-not-found', '/opt/none'],
    ['none', 'script-not-found', 'none'],
    ['/opt/loop', 'script-link-loop', '/opt/loop'],
    ['/usr/bin', 'script-not-a-file', '/usr/bin'],
  ])('%s: %s, %s', (command, code, path) => {
    const { findings } = verdict(command);
    expect(findings).toEqual([expect.objectContaining({ severity: 'unusable', code, path })]);
  });

  test.each<[string, RunAs, PathFacts, boolean]>([
    ['root needs any x bit', ROOT, file(0o644), false],
    ['root is content with one of others', ROOT, file(0o645), true],
    ['the owner needs its own x bit', { uid: 7, gid: 7 }, file(0o655, 7), false],
    ['the group its own', { uid: 8, gid: 7 }, file(0o745, 0, 7), false],
    ['a supplementary group counts', { uid: 8, gid: 9, groups: [7] }, file(0o710, 0, 7), true],
    ['others theirs', NOBODY, file(0o754), false],
    ['others theirs, had', NOBODY, file(0o701), true],
  ])('%s', (_fact, user, facts, usable) => {
    const codes = verdict('/usr/bin/check', user, { '/usr/bin/check': facts })
      .findings.filter(({ severity }) => severity === 'unusable')
      .map(({ code }) => code);
    expect(codes).toEqual(usable ? [] : ['script-not-executable']);
  });

  test('names the folder that does not let the user through', () => {
    const closed = verdict('/usr/bin/check', NOBODY, { '/usr/bin': folder(0o700) });
    expect(found(closed)).toEqual(['unusable: folder /usr/bin (0700) lets user 65534 not through: chmod o+x /usr/bin']);
  });
});

describe('unsafe as root', () => {
  test.each<[string, string, Record<string, PathFacts>, string]>([
    [
      'a folder its group may write',
      '/usr/bin/check',
      { '/usr/bin': folder(0o2775, 0, 50) },
      'path component /usr/bin is group-writable by staff (2775): chmod g-w /usr/bin',
    ],
    [
      'a folder everybody may write',
      '/usr/bin/check',
      { '/usr': folder(0o757) },
      'path component /usr is writable by everybody (0757): chmod o-w /usr',
    ],
    [
      'a file of somebody else',
      '/usr/bin/check',
      { '/usr/bin/check': file(0o755, 1000) },
      'path component /usr/bin/check belongs to alice: chown -h root /usr/bin/check',
    ],
    [
      'a file everybody may write',
      '/tmp/check',
      { '/tmp/check': file(0o777) },
      'path component /tmp/check is writable by everybody (0777): chmod o-w /tmp/check',
    ],
    [
      'a link of somebody else',
      '/opt/check',
      { '/opt/check': link('/usr/bin/check', 1000) },
      'path component /opt/check belongs to alice: chown -h root /opt/check',
    ],
    [
      'the folder a link lies in',
      '/opt/check',
      { '/opt': folder(0o777) },
      'path component /opt is writable by everybody (0777): chmod o-w /opt',
    ],
    [
      'the folder a link leads to',
      '/bin/check',
      { '/usr/bin': folder(0o755, 1000) },
      'path component /usr/bin belongs to alice: chown -h root /usr/bin',
    ],
  ])('%s', (_fact, command, changes, message) => {
    expect(found(verdict(command, ROOT, changes))).toEqual([`unsafe: ${message}`]);
    expect(found(verdict(command, NOBODY, changes))).toEqual([]);
  });

  test('the group root and a sticky folder are trusted', () => {
    expect(found(verdict('/usr/bin/check', ROOT, { '/usr': folder(0o775), '/usr/bin': folder(0o1777) }))).toEqual([]);
  });

  test.each([
    ['group 0', { uid: 7, gid: 0 }, 0o755],
    ['a setuid file', NOBODY, 0o4755],
    ['a setgid file', NOBODY, 0o2755],
  ])('%s counts as root', (_fact, user, mode) => {
    const changes = { '/usr': folder(0o777), '/usr/bin/check': file(mode) };
    expect(verdict('/usr/bin/check', user, changes).findings).toHaveLength(1);
  });
});

test('any table of links and any path end in a verdict', () => {
  const names = constantFrom('', 'a', 'b', '..', '.', 'c/d', '/a');
  assert(
    property(array(names, { maxLength: 6 }), names, names, (parts, one, other) => {
      const table: Readonly<Record<string, PathFacts>> = {
        '/': folder(),
        '/a': link(one),
        '/b': link(other),
        '/c': folder(),
        '/c/d': file(),
      };
      const { program, findings } = verdict(`/${parts.join('/')}`, ROOT, table);
      expect(program !== undefined || findings.length > 0).toBe(true);
    }),
    { seed: 3, numRuns: 300 },
  );
});

describe('on the real file system', () => {
  let base = '';
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'trackers-'));
    mkdirSync(join(base, 'open'));
    chmodSync(join(base, 'open'), 0o777);
    writeFileSync(join(base, 'open', 'check'), '#!/bin/sh\n', { mode: 0o755 });
    symlinkSync('open/check', join(base, 'check'));
  });
  afterAll(() => rmSync(base, { recursive: true }));

  test('the folder that everybody may write is named', () => {
    const options = { searchPath: [], workingFolder: '/', useSymlinkPaths: false };
    const { program, findings } = checkScriptSecurity(join(base, 'check'), ROOT, nodePathFacts, options);
    expect(program).toBe(join(base, 'open', 'check'));
    expect(findings).toContainEqual({
      code: 'script-writable-by-others',
      severity: 'unsafe',
      path: join(base, 'open'),
      message: `path component ${join(base, 'open')} is writable by everybody (0777)`,
      fix: `chmod o-w ${join(base, 'open')}`,
    });
  });

  test('users and groups have their names', () => {
    expect([nodePathFacts.userName(0), nodePathFacts.groupName(0)]).toEqual(['root', 'root']);
    expect(nodePathFacts.userName(123_456_789)).toBe('123456789');
  });
});
