// The README's unprivileged example runs as printed.
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';

import { PACKAGE_FOLDER, readmeExample } from './readme.js';

test('asking the kernel prints what the README says', () => {
  const { argv, output } = readmeExample('Ask the kernel');
  const [file = '', ...args] = argv;
  expect(execFileSync(file, args, { cwd: PACKAGE_FOLDER, encoding: 'utf8' })).toBe(output);
});
