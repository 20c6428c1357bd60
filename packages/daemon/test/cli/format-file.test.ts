// `vrrpd fmt` as a process: what it prints, what it writes and what it ends with.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-fmt-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CLEAN = 'vrrp_instance A {\n    state BACKUP # as on the other node\n}\n';
const UNTIDY = 'vrrp_instance A\t{\n  state   BACKUP # as on the other node\n}\n';
const DIFF = `@@ -1,3 +1,3 @@
-vrrp_instance A\t{
-  state   BACKUP # as on the other node
+vrrp_instance A {
+    state BACKUP # as on the other node
 }
`;

function write(text: string | Uint8Array): string {
  const path = join(folder, 'k.conf');
  writeFileSync(path, text);
  return path;
}

function fmt(...words: readonly string[]): { status: number | null; stdout: Buffer; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'fmt', ...words]);
  return { status, stdout, stderr: stderr.toString() };
}

describe('a file in another layout', () => {
  test('is printed in the canonical one', () => {
    expect(fmt(write(UNTIDY))).toMatchObject({ status: 0, stdout: Buffer.from(CLEAN) });
  });

  test('does not pass --check', () => {
    const path = write(UNTIDY);
    expect(fmt(path, '--check')).toMatchObject({ status: 1, stderr: `${path} is not formatted\n` });
    expect(readFileSync(path, 'utf8')).toBe(UNTIDY);
  });

  test('is changed by --write, and formatted then', () => {
    const path = write(UNTIDY);
    expect(fmt(path, '--write')).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
    expect(readFileSync(path, 'utf8')).toBe(CLEAN);
    expect(fmt(path, '--check').status).toBe(0);
  });

  test.each([
    ['--diff alone ends with 0', ['--diff'], 0, UNTIDY],
    ['--diff --check ends with 1', ['--diff', '--check'], 1, UNTIDY],
    ['--diff --write says what it does', ['--diff', '--write'], 0, CLEAN],
  ])('%s', (_title, options, status, after) => {
    const path = write(UNTIDY);
    const result = fmt(path, ...options);
    expect(result).toMatchObject({ status, stderr: '' });
    expect(result.stdout.toString()).toBe(`--- ${path}\n+++ ${path}\tformatted\n${DIFF}`);
    expect(readFileSync(path, 'utf8')).toBe(after);
  });
});

test('a formatted file has no difference', () => {
  expect(fmt(write(CLEAN), '--diff', '--check')).toMatchObject({ status: 0, stdout: Buffer.alloc(0), stderr: '' });
});

test('bytes that are no UTF-8 stay what they are', () => {
  const path = write(Buffer.from('global_defs {\nrouter_id caf\xe9 # \xa0\n}\n', 'latin1'));
  expect(fmt(path, '--write').status).toBe(0);
  expect(readFileSync(path, 'latin1')).toBe('global_defs {\n    router_id caf\xe9 # \xa0\n}\n');
});

test('what cannot be read ends with 6', () => {
  expect(fmt(join(folder, 'absent.conf'))).toMatchObject({ status: 6, stdout: Buffer.alloc(0) });
});
