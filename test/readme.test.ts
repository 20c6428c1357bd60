// The examples in the packages' READMEs run as they are written and print what stands below them.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const PACKAGES = join(import.meta.dirname, '..', 'packages');
/** A block of JavaScript, the word `prints`, and what it prints. */
const EXAMPLE = /```js\n(?<code>.*?)```\n\n(?:it )?prints:?\n\n```(?:text)?\n(?<printed>.*?)```/gis;

interface Example {
  readonly folder: string;
  readonly title: string;
  readonly code: string;
  readonly printed: string;
}

function examplesOf(folder: string): readonly Example[] {
  const readme = readFileSync(join(PACKAGES, folder, 'README.md'), 'utf8');
  return [...readme.matchAll(EXAMPLE)].map(({ groups }, index) => {
    const { code = '', printed = '' } = groups ?? {};
    return { folder, title: `${folder}, example ${index + 1}`, code, printed };
  });
}

const folders = readdirSync(PACKAGES);

describe('READMEs', () => {
  test('all have an example', () => {
    expect(folders.filter((folder) => examplesOf(folder).length === 0)).toEqual([]);
  });

  test.each(folders.flatMap(examplesOf).map((example) => [example.title, example] as const))(
    '%s prints what it says',
    (_title, { folder, code, printed }) => {
      // Run inside the package, which may import itself by name: the built exports are what runs.
      const argv = ['--input-type=module', '--eval', code];
      const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: join(PACKAGES, folder), encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(stdout).toBe(printed);
    },
  );
});
