// What a suite needs from the machine. A missing capability skips the suite and says so on standard error;
// where nothing may be skipped (CI=true, as root) it throws instead. Works with any runner that has a global `describe`.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** `root`: may make network namespaces. Any other word: a program of that name is on the PATH. */
export type Capability = 'root' | 'keepalived' | 'tcpdump' | 'tshark' | 'ip' | 'gcc';

type SuiteFunction = (title: string, body: () => void) => void;
type Describe = SuiteFunction & { readonly skip: SuiteFunction };

/** Where programs of an administrator live even when the PATH of an ordinary user leaves them out. */
const ADMINISTRATOR_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * The runner's `describe` when everything named is there, else its `describe.skip` with a line that says what is missing:
 * `requires('root', 'keepalived')('two routers', () => { … })`.
 * Throws an Error instead of skipping when CI is `true` and the process is root.
 */
export function requires(...capabilities: readonly Capability[]): SuiteFunction {
  const describe = globalDescribe();
  const missing = capabilities.filter((capability) => !isAvailable(capability));
  if (missing.length === 0) return describe;
  return (title, body) => {
    const sentence = `${title}: needs ${missing.join(' and ')}`;
    if (process.env['CI'] === 'true' && isAvailable('root')) throw new Error(`${sentence}; CI as root may not skip`);
    process.stderr.write(`SKIPPED ${sentence}\n`);
    describe.skip(title, body);
  };
}

/** Whether this machine, for this user, has the capability. */
export function isAvailable(capability: Capability): boolean {
  if (capability === 'root') return process.getuid?.() === 0;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ADMINISTRATOR_FOLDERS];
  return folders.some((folder) => isExecutable(join(folder, capability)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function globalDescribe(): Describe {
  const found: unknown = Reflect.get(globalThis, 'describe');
  if (typeof found !== 'function') throw new Error('requires() works inside a test runner with a global describe');
  return found as Describe;
}
