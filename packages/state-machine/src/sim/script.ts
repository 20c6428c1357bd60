// Scripted conversations: blocks of commands, a line of dashes, and what happened. Written to be read aloud; a run gives
// the whole text again with the output as it is now, so a test compares and an author updates (and reads the diff).
import { noTimers } from '../state.js';
import type { Timers } from '../state.js';
import type { TraceEntry } from './cluster.js';
import { formatDuration } from './duration.js';
import { ScriptSession } from './script-session.js';
import { ScriptError } from './script-words.js';

const SEPARATOR = '----';

/**
 * The script with every block's output replaced by what happens now.
 * @throws ScriptError naming the line that cannot be run.
 */
export function runScript(text: string): string {
  const session = new ScriptSession();
  const output: string[] = [];
  let shownEntries = 0;
  let timers = new Map<string, string>();
  for (const block of splitBlocks(text)) {
    if (block.commands.length > 0) executeBlock(session, block);
    output.push(...block.lines);
    if (block.commands.length === 0) continue;
    output.push(SEPARATOR);
    const entries = session.cluster.trace.slice(shownEntries).filter((entry) => isShown(session, entry));
    shownEntries = session.cluster.trace.length;
    output.push(...entries.map(formatEntry), ...session.remarks.splice(0));
    const now = timerLines(session);
    output.push(...[...now].filter(([name, line]) => timers.get(name) !== line).map(([, line]) => line));
    timers = now;
    output.push('');
  }
  while (output.at(-1) === '') output.pop();
  return `${output.join('\n')}\n`;
}

interface Block {
  /** Comments, commands and blank lines as written, up to the separator. */
  readonly lines: readonly string[];
  readonly commands: readonly { readonly text: string; readonly line: number }[];
}

/** A block ends at its separator; its output, up to the next blank line, is dropped. */
function splitBlocks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let commands: { text: string; line: number }[] = [];
  let isOutput = false;
  for (const [index, line] of text.trimEnd().split('\n').entries()) {
    if (isOutput) {
      isOutput = line !== '';
    } else if (line === SEPARATOR) {
      blocks.push({ lines, commands });
      [lines, commands, isOutput] = [[], [], true];
    } else {
      lines.push(line);
      const command = line.replace(/(^|\s)#.*/, '').trim();
      if (command !== '') commands.push({ text: command, line: index + 1 });
    }
  }
  if (lines.length > 0) blocks.push({ lines, commands });
  return blocks;
}

function executeBlock(session: ScriptSession, block: Block): void {
  for (const { text, line } of block.commands) {
    try {
      session.execute(text);
    } catch (error) {
      if (error instanceof Error) throw new ScriptError(`line ${line}: ${error.message}`, { cause: error });
      throw error;
    }
  }
}

function isShown(session: ScriptSession, { action }: TraceEntry): boolean {
  if (session.shown === 'all') return true;
  if (action.kind === 'group-transition') return true;
  return action.kind === 'observe' && action.observation.kind === 'transition';
}

function formatEntry(entry: TraceEntry): string {
  return `${formatDuration(entry.at)} ${entry.router} ${entry.text}`;
}

/** What runs on each router, in the order of the deadlines. Repeating advertisements would drown the rest: not shown. */
function timerLines(session: ScriptSession): Map<string, string> {
  const lines = new Map<string, string>();
  if (session.shown === 'transitions') return lines;
  for (const { name, state } of session.cluster.routers) {
    const running = Object.entries(TIMER_NAMES).flatMap(([key, label]) => {
      const at = (state?.timers ?? noTimers())[key as keyof Timers];
      return at === undefined ? [] : [{ at, label }];
    });
    running.sort((a, b) => a.at - b.at);
    const texts = running.map(({ at, label }) => `${label}=${formatDuration(at)}`);
    lines.set(name, `${name} timers: ${texts.length === 0 ? 'none' : texts.join(' ')}`);
  }
  return lines;
}

const TIMER_NAMES: Readonly<Record<keyof Timers, string>> = {
  masterDown: 'master-down',
  advertisement: 'advertisement',
  announcement: 'announce',
  refresh: 'refresh',
  lowerPriorityAnnouncement: 'announce-lower',
  preemptDelay: 'preempt-delay',
  startupDelay: 'startup-delay',
  rivalGrace: 'rival-grace',
  rivalWatch: 'rival-watch',
  sendRetry: 'send-retry',
};
