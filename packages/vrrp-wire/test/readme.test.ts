// The README's example is run as it stands and must print what the README says it prints.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test('the example prints what the README says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n(.*?)```\n\nprints\n\n```text\n(.*?)```/s.exec(readme);
  const [code = '', expected = ''] = example?.slice(1) ?? [];
  // The package imports itself by name, so the built exports are what runs.
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  expect(expected).not.toBe('');
  expect(output).toBe(expected);
});
