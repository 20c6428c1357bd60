// Text of a fault script -> faults in the order of their times, with a positioned problem for every line that cannot be
// understood (the language: docs/reference/simulate.md). Pure; never throws on any text, and does not stop at the first
// problem. Names are checked against the nodes of the simulation, so that a slip is not a fault that never happens.
import { createSourceFile, lineText, type SourceFile } from '@vrrp/conf-parser';
import { ACTIONS } from './fault-actions.js';
import { FaultWords, Misread, type Word } from './fault-words.js';
import type { CheckKind, ScheduledFault } from './fault.js';

/** What the names of a script may stand for. */
export interface Stage {
  readonly nodes: readonly StageNode[];
  /** Where the simulation ends, in microseconds; faults after it are mistakes. Left out: it ends after the last fault. */
  readonly end?: number;
}

export interface StageNode {
  readonly name: string;
  readonly links: readonly string[];
  readonly checks: readonly { readonly kind: CheckKind; readonly name: string }[];
  /** Its own and its virtual ones. */
  readonly addresses: readonly string[];
}

export interface ScriptProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly suggestion?: string;
}

export interface FaultScript {
  /** By time; faults of one time in the order of the text. */
  readonly faults: readonly ScheduledFault[];
  readonly problems: readonly ScriptProblem[];
  /** Where each reload names its file, for a problem with that file. */
  readonly reloads: readonly ReloadPlace[];
}

export interface ReloadPlace {
  readonly node: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Lines that are read; a longer script is a mistake. */
export const SCRIPT_LINES_MAX = 10_000;

/** Reads a whole script. */
export function parseFaultScript(text: string, stage: Stage): FaultScript {
  const source = createSourceFile('', text);
  const faults: ScheduledFault[] = [];
  const problems: ScriptProblem[] = [];
  const reloads: ReloadPlace[] = [];
  const lines = Math.min(source.lineStarts.length, SCRIPT_LINES_MAX);
  for (let line = 1; line <= lines; line += 1) {
    const words = splitWords(lineText(source, line));
    if (words.length === 0) continue;
    try {
      const scheduled = readLine(new FaultWords(words, stage), stage);
      faults.push(scheduled);
      if (scheduled.fault.kind === 'reload') {
        reloads.push({
          node: scheduled.fault.node,
          file: scheduled.fault.file,
          line,
          column: words.at(-1)?.column ?? 1,
        });
      }
    } catch (error) {
      if (!(error instanceof Misread)) throw error;
      const { message, word, suggestion } = error;
      const more = suggestion === undefined ? {} : { suggestion };
      problems.push({ line, column: word.column, length: Math.max(1, word.text.length), message, ...more });
    }
  }
  if (source.lineStarts.length > SCRIPT_LINES_MAX) {
    problems.push({ line: lines, column: 1, length: 1, message: `a script has at most ${SCRIPT_LINES_MAX} lines` });
  }
  return { faults: faults.sort((a, b) => a.at - b.at), problems, reloads };
}

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

/** `at TIME ACTION …` */
function readLine(words: FaultWords, stage: Stage): ScheduledFault {
  words.literal('at');
  const time = words.peek();
  const at = words.duration();
  if (stage.end !== undefined && at > stage.end && time !== undefined) {
    throw new Misread(time, 'this is after the end of the simulation: it never happens');
  }
  const verb = words.oneOf('an action', Object.keys(ACTIONS));
  const fault = ACTIONS[verb]?.(words);
  if (fault === undefined) throw new TypeError(`no action ${verb}`);
  words.end();
  return { at, fault };
}

/** Words with their columns. Arrows are words of their own, spaces or not; a `#` begins a comment where a word could. */
function splitWords(line: string): readonly Word[] {
  const words: Word[] = [];
  for (const match of line.matchAll(/<->|->|(?:(?!<->|->)\S)+/g)) {
    const [text] = match;
    if (text.startsWith('#')) break;
    words.push({ text, column: match.index + 1 });
  }
  return words;
}
