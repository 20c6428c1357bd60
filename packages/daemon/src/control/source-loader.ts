// The configuration parser's ports on a real machine: files, globs, interfaces, users. Read only.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SourceLoader, SystemFacts } from '@vrrp/conf-parser';
import type { globSync as GlobSync } from 'tinyglobby';
import { groupId, userAccount } from './accounts.js';
import { builtinProblem, inspectScript } from './script-inspection.js';

const EXECUTE_BITS = 0o111;
/** ip-netns(8). */
const NAMESPACES = '/run/netns';
/** The file system of the network devices of this network namespace. */
const DEVICES = '/proc/sys/net/ipv4/conf';

export const fileSystemLoader: SourceLoader = {
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  glob(pattern) {
    // Loaded when it is wanted, which a port that answers at once cannot do with an import: few files include others.
    const { globSync } = createRequire(import.meta.url)('tinyglobby') as { globSync: typeof GlobSync };
    return globSync(pattern, { absolute: true, expandDirectories: false, onlyFiles: false, dot: false }).toSorted();
  },
  kind(path) {
    try {
      const found = statSync(path);
      if (found.isDirectory()) return 'directory';
      if (!found.isFile()) return 'other';
      return (found.mode & EXECUTE_BITS) === 0 ? 'file' : 'executable';
    } catch {
      return undefined;
    }
  },
};

/** What only this machine knows; interfaces are those of the calling thread's network namespace. */
export const systemFacts: SystemFacts = {
  interfaceExists: (name) => interfaceNames().includes(name),
  userExists: (name) => userAccount(name) !== undefined,
  groupExists: (name) => groupId(name) !== undefined,
  inspectScript,
  builtinProblem,
  environment: (name) => process.env[name],
  random: (min, max) => min + Math.floor(Math.random() * (max - min + 1)),
};

/** Whether `ip netns add` made it, which is where keepalived looks. */
export function namespaceExists(name: string): boolean {
  try {
    return statSync(`${NAMESPACES}/${name}`).isFile();
  } catch {
    return false;
  }
}

/** sysctl's own directory follows the network namespace even where /sys is mounted from another one. */
function interfaceNames(): readonly string[] {
  try {
    return readdirSync(DEVICES).filter((name) => name !== 'all' && name !== 'default');
  } catch {
    return [];
  }
}
