// The real file system as the script security check sees it: lstat, and names from /etc/passwd and /etc/group alone.

import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { PathFacts, PathFactsSource } from '../path-facts.js';

export const nodePathFacts: PathFactsSource = {
  look(path) {
    const stats = lstat(path);
    if (stats === undefined) return undefined;
    const { mode, uid, gid } = stats;
    const type = typeOf(stats);
    const facts = { type, mode: mode & 0o7777, uid, gid };
    return type === 'symlink' ? { ...facts, target: readlinkSync(path) } : facts;
  },
  userName: (uid) => nameIn('/etc/passwd', uid),
  groupName: (gid) => nameIn('/etc/group', gid),
};

/** What cannot be looked at (no such file, no right, a name too long) is not there for us. */
function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function typeOf(stats: Stats): PathFacts['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** passwd(5) and group(5) have the name in the first and the number in the third field. */
function nameIn(file: string, id: number): string {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    const [name] = lines.map((line) => line.split(':')).find((fields) => fields[2] === `${id}`) ?? [];
    return name ?? `${id}`;
  } catch {
    return `${id}`;
  }
}
