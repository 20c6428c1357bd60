// What simulated nodes are called, pure: after their files (a.conf -> a), and where files share a name, as in one folder
// a host, after the folders.
import { basename, dirname } from 'node:path';

/** One name for each absolute path, in order; two are the same only when file and folder share their names. */
export function nodeNames(paths: readonly string[]): readonly string[] {
  const stems = paths.map((path) => basename(path).replace(/\.(conf|cfg|txt)$/, ''));
  return stems.map((stem, index) => {
    const shared = stems.filter((other) => other === stem).length > 1;
    // A name is one word of a fault script, and no arrow.
    return (shared ? basename(dirname(paths[index] ?? '')) : stem).replaceAll(/\s|->|#/g, '_');
  });
}
