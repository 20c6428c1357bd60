// The example of README.md is run as it stands there, and prints what stands there.
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as library from '../src/index.js';

test('the example prints what the README says', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, output = ''] = /```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, names = ''] = /^import \{ (.*) \} from '@vrrp\/conf-parser';\n/.exec(example) ?? [];
  expect(names).not.toBe('');
  const printed: string[] = [];
  const log = (...values: readonly unknown[]): void => {
    printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  };
  const body = example.replace(/^import .*\n/, '');
  // oxlint-disable-next-line typescript/no-implied-eval -- the README's own code, run with the library it imports
  const run = new Function('library', 'console', `const { ${names} } = library;\n${body}`) as (
    from: typeof library,
    console: { log: typeof log },
  ) => void;
  run(library, { log });
  expect(`${printed.join('\n')}\n`).toBe(output);
});
