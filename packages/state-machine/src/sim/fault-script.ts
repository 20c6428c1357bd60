// Text of a fault script -> faults in the order of their times, with a positioned problem for every line that cannot be
// understood (the language: docs/reference/simulate.md). Pure; never throws on any text, and does not stop at the first
// problem. Names are checked against the nodes of the simulation, so that a slip is not a fault that never happens.
import type { Fault, ScheduledFault } from './fault.js';
import { ACTIONS } from './fault-actions.js';
import { FaultWords, Misread, type Stage, type Word } from './fault-words.js';

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
  const texts = text.split('\n');
  const faults: ScheduledFault[] = [];
  const problems: ScriptProblem[] = [];
  const reloads: ReloadPlace[] = [];
  const lines = Math.min(texts.length, SCRIPT_LINES_MAX);
  for (let line = 1; line <= lines; line += 1) {
    const words = splitWords(texts[line - 1] ?? '');
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
  if (texts.length > SCRIPT_LINES_MAX) {
    problems.push({ line: lines, column: 1, length: 1, message: `a script has at most ${SCRIPT_LINES_MAX} lines` });
  }
  return { faults: faults.sort((a, b) => a.at - b.at), problems, reloads };
}

/** The action of one line without a time. @throws Misread */
export function readAction(line: string, stage: Stage): Fault {
  return readFault(new FaultWords(splitWords(line), stage));
}

/** Whether a line with this first word is an action. */
export function isAction(verb: string): boolean {
  return Object.hasOwn(ACTIONS, verb);
}

/** `at TIME ACTION …` */
function readLine(words: FaultWords, stage: Stage): ScheduledFault {
  words.literal('at');
  const time = words.peek();
  const at = words.duration();
  if (stage.end !== undefined && at > stage.end && time !== undefined) {
    throw new Misread(time, 'this is after the end of the simulation: it never happens');
  }
  return { at, fault: readFault(words) };
}

function readFault(words: FaultWords): Fault {
  const verb = words.oneOf('an action', Object.keys(ACTIONS));
  const fault = ACTIONS[verb]?.(words);
  if (fault === undefined) throw new TypeError(`no action ${verb}`);
  words.end();
  return fault;
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
