// Rules about a whole file: its name, its length, its first line, and words that have no place in any file.
import { blank } from './blank.js';
import type { Finding } from './finding.js';
import { findAll, lineAt } from './finding.js';
import { resolvePath } from './imports.js';

/** The hard limit of lines in one file of source; generated files apart. */
export const FILE_LINES_MAX = 400;

const BANNED_NAME = /^(?:utils?|helpers?|commons?|misc|managers?|data|info)$/;
// Spelt in halves, so that this file obeys the rules it states.
const LEFTOVER = new RegExp(`\\b(?:${spell(['TO', 'DO'], ['FIX', 'ME'], ['X', 'XX'])})\\b`, 'g');
const MACHINE_PATH = new RegExp(
  `(?<![\\w.~-])/(?:${spell(['wo', 'rk'], ['ro', 'ot'], ['ho', 'me'], ['Us', 'ers'])})/\\w[\\w./-]*`,
  'g',
);
const REGISTRY_HOST = new RegExp(`\\b(?:${spell(['registry', '\\.npmjs'], ['deb', '\\.debian'])})\\b`, 'g');
const SKIPPED =
  /\b(?:describe|test|it)(?:\.concurrent)?\.(?:skip|only|todo)\b|\b(?:xdescribe|xtest|xit|fdescribe|fit)\s*\(/g;

export function findBadName(path: string): readonly Finding[] {
  const words = path.split('/').map((part) => part.replace(/\..*$/, ''));
  const banned = words.filter((word) => BANNED_NAME.test(word)).map((word) => `"${word}" names no concept`);
  const file = path.split('/').at(-1) ?? '';
  const shape = /^[a-z0-9][a-z0-9.-]*$/.test(file) ? [] : [`${file} is not kebab-case`];
  return [...banned, ...shape].map((problem) => ({ line: 1, problem }));
}

export function findTooLong(source: string): readonly Finding[] {
  const lines = source.replace(/\n$/, '').split('\n').length;
  if (lines <= FILE_LINES_MAX) return [];
  return [{ line: FILE_LINES_MAX + 1, problem: `${lines} lines, at most ${FILE_LINES_MAX}` }];
}

/** A file says what it is before it says anything else. */
export function findMissingHeader(source: string): readonly Finding[] {
  const text = source.replace(/^#!.*\n/, '');
  if (/^(?:\/\/ \S|\/\*)/.test(text)) return [];
  return [{ line: 1, problem: 'starts without a comment that says what it is' }];
}

export function findLeftovers(text: string): readonly Finding[] {
  return findAll(text, LEFTOVER, (word) => `${word}: file an issue instead`);
}

export function findMachinePaths(text: string): readonly Finding[] {
  return [
    ...findAll(text, MACHINE_PATH, (path) => `${path} exists on one machine only`),
    ...findAll(text, REGISTRY_HOST, (host) => `${host} names a registry`),
  ];
}

/** Relative links of a Markdown page at `path` to files for which `exists` is false. Code blocks are left out. */
export function findBrokenLinks(text: string, path: string, exists: (target: string) => boolean): readonly Finding[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ' '));
  return [...prose.matchAll(/\]\((?!\w+:|#)([^)#\s]+)[^)]*\)/g)]
    .filter((match) => !exists(resolvePath(path, match[1] ?? '')))
    .map((match) => ({ line: lineAt(prose, match.index), problem: `links to ${match[1]}, which is not there` }));
}

export function findSkippedTests(source: string): readonly Finding[] {
  return findAll(blank(source, 'comments-and-strings'), SKIPPED, (call) => `${call} hides a test`);
}

function spell(...words: readonly (readonly string[])[]): string {
  return words.map((halves) => halves.join('')).join('|');
}
