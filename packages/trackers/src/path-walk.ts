// Every component a path leads through, symbolic links followed one by one as the kernel follows them.
// Pure, over the facts of a port. `..` goes to the parent of where the path has led, as path_resolution(7) says.

import type { PathFacts, PathFactsSource } from './path-facts.js';

export interface PathStep {
  readonly path: string;
  readonly facts: PathFacts;
}

export interface PathWalk {
  /** In the order of the walk, each path once; the last one is the file, unless there is a problem. */
  readonly steps: readonly PathStep[];
  /** The path without links; where there is a problem, the component that has it. */
  readonly end: string;
  readonly problem?: 'missing' | 'loop';
}

/** As many links as the kernel follows (path_resolution(7), MAXSYMLINKS). */
const LINKS_MAX = 40;

/** `path` must be absolute. */
export function walkPath(path: string, source: PathFactsSource): PathWalk {
  const steps = new Map<string, PathStep>();
  let links = 0;
  let here = '/';
  let ahead = splitPath(path);
  for (let name: string | undefined = ''; name !== undefined; [name, ...ahead] = ahead) {
    const next = name === '..' ? parentOf(here) : joinPath(here, name);
    const facts = source.look(next);
    if (facts === undefined) return { steps: [...steps.values()], end: next, problem: 'missing' };
    // A file that is come by again (a link's target) is the last one then, too.
    steps.delete(next);
    steps.set(next, { path: next, facts });
    if (facts.type !== 'symlink') {
      here = next;
      continue;
    }
    links += 1;
    if (links > LINKS_MAX) return { steps: [...steps.values()], end: next, problem: 'loop' };
    const target = facts.target ?? '';
    if (target.startsWith('/')) here = '/';
    ahead = [...splitPath(target), ...ahead];
  }
  return { steps: [...steps.values()], end: here };
}

/** The names of a path, without empty ones and `.`. */
export function splitPath(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

export function joinPath(folder: string, name: string): string {
  if (name === '') return folder;
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}

/** `2775`: four octal digits. */
export function formatMode({ mode }: PathFacts): string {
  return mode.toString(8).padStart(4, '0');
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 1));
}
