// The problems of a fault script as text: each with its line, its place and what may have been meant. Pure.
import { createSourceFile, lineText, type SourceFile } from '@vrrp/conf-parser';
import type { ScriptProblem } from '@vrrp/state-machine/sim';

/** `file:line:column: error: message`, the line, a caret below the place, and what may have been meant. */
export function renderProblems(problems: readonly ScriptProblem[], file: string, text: string): string {
  const source = createSourceFile(file, text);
  return problems.map((problem) => renderProblem(problem, source)).join('');
}

function renderProblem({ line, column, length, message, suggestion }: ScriptProblem, source: SourceFile): string {
  const shown = lineText(source, line);
  const before = shown.slice(0, column - 1).replace(/[^\t]/g, ' ');
  const lines = [
    `${source.path}:${line}:${column}: error: ${message}`,
    `  | ${shown}`,
    `  | ${before}${'^'.repeat(length)}`,
  ];
  if (suggestion !== undefined) lines.push(`  did you mean ${suggestion}?`);
  return `${lines.join('\n')}\n`;
}
