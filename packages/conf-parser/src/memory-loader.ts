// A SourceLoader over files in memory, for tests, editors and the simulator. Patterns: `*`, `?`, `[...]` and
// `{a,b}` (not nested), as far as keepalived configurations use them; `*` does not match `/` or a leading dot.
import type { SourceLoader } from './source.js';

export function createMemoryLoader(files: Readonly<Record<string, string>>): SourceLoader {
  const byPath = new Map(Object.entries(files));
  const kind = (path: string): 'file' | undefined => (byPath.has(path) ? 'file' : undefined);
  return {
    read: (path) => byPath.get(path),
    kind,
    glob(pattern) {
      const found = alternatives(pattern).flatMap((alternative) => {
        const matcher = new RegExp(`^${toExpression(alternative)}$`);
        return [...byPath.keys()].filter((path) => matcher.test(path)).sort();
      });
      return [...new Set(found)];
    },
  };
}

function alternatives(pattern: string): readonly string[] {
  const match = /^([^{]*)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (match === null) return [pattern];
  const [, before = '', choices = '', after = ''] = match;
  return choices.split(',').flatMap((choice) => alternatives(`${before}${choice}${after}`));
}

function toExpression(pattern: string): string {
  return pattern.replace(/\*|\?|\[[^\]/]+\]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '(?!(?<=/)\\.)[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1 && part.startsWith('[')) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
}
