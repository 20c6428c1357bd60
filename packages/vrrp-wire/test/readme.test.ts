// The README's examples are run as they stand and must print what the README says; its table of issues must be whole.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...README.matchAll(/```js\n(.*?)```\n\nprints\n\n```text\n(.*?)```/gs)].map(
  ([, code = '', expected = '']) => ({ code, expected }),
);

test('every example says what it prints', () => {
  expect(examples).toHaveLength(2);
  expect(README.match(/```js/g)).toHaveLength(examples.length);
});

test.each(examples)('example %# prints what the README says', ({ code, expected }) => {
  // The package imports itself by name, so the built exports are what runs.
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  expect(output).toBe(expected);
});

test('the table of issues lists every kind there is', () => {
  const source = readFileSync(new URL('../src/issue.ts', import.meta.url), 'utf8');
  const kinds = [...source.matchAll(/readonly kind: '([a-z-]+)'/g)].map(([, kind]) => kind);
  const listed = [...README.matchAll(/^\| `([a-z-]+)`\s+\|.*\|.*\|$/gm)].map(([, kind]) => kind);
  expect(listed.toSorted()).toEqual(kinds.toSorted());
});
