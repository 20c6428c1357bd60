// `npm start`: set up, then the quick start; `npm start -- -f FILE …`: set up, then the daemon with these arguments.
// Ends with the status of what it started and passes signals on. Standard library only.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';

import { run } from './child.mjs';
import { ROOT, setUp } from './setup.mjs';

const DIST = join(ROOT, 'packages', 'daemon', 'dist');

const args = process.argv.slice(2);
const program = args.length === 0 ? join(DIST, 'quick-start', 'main.js') : join(DIST, 'bin.js');
if (!(await setUp())) {
  process.exitCode = 1;
} else if (!existsSync(program)) {
  console.error(`${relative(ROOT, program)} was not built.`);
  process.exitCode = 1;
} else {
  process.exitCode = (await run(process.execPath, [program, ...args])).status;
}
