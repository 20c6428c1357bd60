// What a configuration test loads: few files, and neither the addon nor the logger nor yargs nor zod. The times are the
// benchmark's to show (bench/config-test.js); here is what they come from.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const DIST = dirname(fileURLToPath(new URL('../../dist/bin.js', import.meta.url)));

/** Bare and relative modules a bundle imports when it is loaded, without those of Node. */
function importsOf(bundle: string): readonly string[] {
  const code = readFileSync(join(DIST, bundle), 'utf8');
  const names = [...code.matchAll(/\bimport(?:[^"'();]*\bfrom)?["']([^"']+)["']/g)].map(([, name]) => name ?? '');
  return [...new Set(names)].filter((name) => !name.startsWith('node:'));
}

describe('what is loaded', () => {
  test.each(['bin.js', 'config-test.js', 'check.js', 'help.js'])('%s stands alone', (bundle) => {
    expect(importsOf(bundle)).toEqual([]);
    expect(readFileSync(join(DIST, bundle), 'utf8')).not.toMatch(/node:(?:https?|tls|child_process|worker_threads)"/);
  });

  // Measured: the loader of ES modules reads every export of Node's modules, `fs.promises` and so streams among them.
  test.each(['bin.js', 'config-test.js', 'check.js', 'run.js', 'worker.js'])(
    '%s has the modules of Node without the loader of ES modules',
    (bundle) => {
      const code = readFileSync(join(DIST, bundle), 'utf8');
      expect(code).toContain('process.getBuiltinModule("node:fs")');
      expect(code).not.toMatch(/\bfrom"node:/);
    },
  );

  test.each(['status.js', 'explain.js', 'status-socket.js'])('%s needs only Node', (bundle) => {
    expect(importsOf(bundle)).toEqual([]);
  });

  test('a start does not wait for the server of the status socket', () => {
    expect(readFileSync(join(DIST, 'run.js'), 'utf8').includes('import("./status-socket.js")')).toBe(true);
  });

  test('a command that needs more says so', () => {
    expect(importsOf('commands.js')).toEqual(['yargs']);
    expect(importsOf('worker.js')).toEqual(['@vrrp/netlink-native']);
  });

  test('a stack trace can be read', () => {
    const map: unknown = JSON.parse(readFileSync(join(DIST, 'config-test.js.map'), 'utf8'));
    expect(map).toMatchObject({ sources: expect.arrayContaining(['../src/cli/config-test.ts']) });
    expect(JSON.stringify(map)).toContain('conf-parser/src/parse-config.ts');
  });

  test('the library stays what tsc made of it', () => {
    const program = `import('vrrpd').then((all) => console.log(typeof all.planConfig, typeof all.createEngine))`;
    expect(execFileSync(process.execPath, ['-e', program], { cwd: DIST, encoding: 'utf8' })).toBe(
      'function function\n',
    );
  });
});
