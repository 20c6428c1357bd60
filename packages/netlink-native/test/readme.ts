// The README's examples as a reader would run them: the code block under a heading, in a process of its own, from the
// package's folder, so that the package's name means this package.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PACKAGE_FOLDER = dirname(dirname(fileURLToPath(import.meta.url)));

/** The program under a heading of the README, and what the README says it prints. */
export function readmeExample(heading: string): { readonly argv: readonly string[]; readonly output: string } {
  const readme = readFileSync(`${PACKAGE_FOLDER}/README.md`, 'utf8');
  const [, section = ''] = readme.split(`## ${heading}\n`);
  const [, code] = /```js\n(.*?)```/s.exec(section) ?? [];
  const [, output] = /```text\n(.*?)```/s.exec(section) ?? [];
  if (code === undefined || output === undefined) throw new Error(`the README has no example under "${heading}"`);
  return { argv: [process.execPath, '--input-type=module', '-e', code], output };
}
