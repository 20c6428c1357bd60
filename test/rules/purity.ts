// The pure zones (architecture.md, "Pure zones"): code there has no clock, no randomness, no environment, no Node.
// Names are found in blanked text; a property of that name (`x.console`, `console: string`) is not the global.
import { blank } from './blank.js';
import type { Finding } from './finding.js';
import { lineAt } from './finding.js';
import { importsOf } from './imports.js';

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'];
const NAMES = ['Buffer', 'Date', 'console', 'crypto', 'fetch', 'globalThis', 'performance', 'require', ...TIMERS];
/** `process` is also a word of our trade (track_process), so only what Node's object has counts. */
const PROCESS_MEMBERS = (
  'argv env pid ppid platform arch version versions stdin stdout stderr title cwd chdir exit exitCode abort kill ' +
  'on once off emit emitWarning nextTick hrtime uptime memoryUsage cpuUsage resourceUsage getuid geteuid umask'
).split(' ');
const FORBIDDEN_NAME = new RegExp(
  [
    String.raw`(?<![\w$.#])(?:${NAMES.join('|')})(?![\w$])`,
    String.raw`(?<![\w$.#])process\s*\??\.\s*(?:${PROCESS_MEMBERS.join('|')})(?![\w$])`,
    String.raw`(?<![\w$.])Math\s*\.\s*random\b`,
  ].join('|'),
  'g',
);

/** Everything in this source that a pure zone may not use. */
export function findImpurities(source: string): readonly Finding[] {
  const imports = importsOf(source)
    .filter(({ specifier }) => specifier.startsWith('node:'))
    .map(({ line, specifier }) => ({ line, problem: `imports ${specifier}` }));
  const code = blank(source, 'comments-and-strings');
  const names = [...code.matchAll(FORBIDDEN_NAME)]
    .filter((match) => !isPropertyName(code, match.index, match.index + match[0].length))
    .map((match) => ({ line: lineAt(code, match.index), problem: `uses ${match[0]}` }));
  return [...imports, ...names];
}

/** `Date:` and `Date?:` declare a property, unless a conditional expression put its question mark before. */
function isPropertyName(code: string, start: number, end: number): boolean {
  return /^\s*\??:/.test(code.slice(end)) && !/\?\s*$/.test(code.slice(0, start));
}
