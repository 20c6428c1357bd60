// Canonical layout of a configuration: four spaces a level, one statement a line, `{` at the end of its line, blanks
// between words single, blank lines at most one, comments kept where they are. It changes blanks and nothing else, and
// formatting twice is formatting once. Broken files keep their words; only the indentation follows the braces.
import { isBlank, isUnterminated } from './lexer.js';
import type { Token } from './lexer.js';
import { parseCst } from './parser.js';
import { tokensOf } from './print.js';

export function formatConfig(text: string): string {
  const writer = createWriter();
  for (const line of linesOf(text)) writeLine(writer, text, line);
  return writer.finish();
}

type Line = readonly Token[];

function* linesOf(text: string): Generator<Line> {
  let line: Token[] = [];
  for (const token of tokensOf(parseCst('', text))) {
    if (token.kind === 'newline') {
      yield line;
      line = [];
    } else line.push(token);
  }
  if (line.length > 0) yield line;
}

interface Writer {
  readonly lines: string[];
  depth: number;
  /** A definition of several lines is being copied: its lines are not statements of this place. */
  continued: boolean;
  finish(): string;
}

function createWriter(): Writer {
  const lines: string[] = [];
  return {
    lines,
    depth: 0,
    continued: false,
    finish() {
      while (lines.at(-1) === '') lines.pop();
      return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
    },
  };
}

function writeLine(writer: Writer, text: string, line: Line): void {
  const first = line.find((token) => token.kind !== 'blank');
  const last = line.findLast((token) => token.kind !== 'blank');
  if (first === undefined || last === undefined) {
    if (writer.lines.length > 0 && writer.lines.at(-1) !== '') writer.lines.push('');
    return;
  }
  const whole = text.slice(line[0]?.start, line.at(-1)?.end);
  if (ODD_BLANK.test(whole)) {
    writer.lines.push(whole);
    return;
  }
  const content = withoutTrailingBlanks(text.slice(first.start, last.end));
  if (content.length > MAX_FORMATTED_LINE) {
    writer.lines.push(text.slice(line[0]?.start, last.end));
    return;
  }
  if (writer.continued || isVerbatim(content, line, text)) {
    writer.lines.push(indent(writer.depth) + content);
    writer.continued = (writer.continued || content.startsWith('$')) && content.endsWith('\\');
    return;
  }
  writeStatements(writer, text, line);
}

// Lines whose blanks may mean something: definitions, sequences, includes (the pattern is the rest of the line),
// conditions, uses of definitions, quotes without a partner, what ends in a backslash, and what a NUL hides.
function isVerbatim(content: string, line: Line, text: string): boolean {
  return (
    content.endsWith('\\') ||
    content.includes('$') ||
    content.includes('\0') ||
    line.some(
      (token) =>
        isUnterminated(text, token) ||
        (token.kind === 'word' && /^(?:[~@]|include)/.test(text.slice(token.start, token.end))),
    )
  );
}

function writeStatements(writer: Writer, text: string, line: Line): void {
  let current = '';
  const flush = (): void => {
    if (current !== '') writer.lines.push(indent(writer.depth) + current);
    current = '';
  };
  line.forEach((token, index) => {
    const piece = text.slice(token.start, token.end);
    if (token.kind === 'open') {
      current = current === '' ? '{' : `${current} {`;
      if (!followedByComment(line, index)) flush();
      writer.depth += 1;
    } else if (token.kind === 'close') {
      flush();
      writer.depth = Math.max(0, writer.depth - 1);
      current = '}';
      if (!followedByComment(line, index)) flush();
    } else if (token.kind === 'comment') {
      const comment = withoutTrailingBlanks(piece);
      const opened = current.endsWith('{');
      current = current === '' ? comment : `${current} ${comment}`;
      if (opened) {
        writer.lines.push(indent(writer.depth - 1) + current);
        current = '';
      }
    } else if (token.kind !== 'blank') current = append(current, piece, line[index - 1]);
  });
  flush();
}

/** Words that touch (a quoted part after a bare one) stay as they are: keepalived splits them, scripts do not. */
function append(current: string, piece: string, before: Token | undefined): string {
  const touches = before !== undefined && (before.kind === 'word' || before.kind === 'string');
  return current === '' || touches ? current + piece : `${current} ${piece}`;
}

function followedByComment(line: Line, index: number): boolean {
  return line.slice(index + 1).find((token) => token.kind !== 'blank')?.kind === 'comment';
}

function indent(depth: number): string {
  return ' '.repeat(INDENT * Math.min(depth, MAX_INDENT));
}

/** keepalived's blanks only: a no-break space is part of a word. */
function withoutTrailingBlanks(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A blank that keepalived does not strip from the ends of a line. */
const ODD_BLANK = /[\v\f]|\r(?!\r*$)/;
const INDENT = 4;
/** Deeper than this the text would grow with the square of its depth. */
const MAX_INDENT = 20;
/** keepalived cuts longer lines, and where it cuts depends on every blank. */
const MAX_FORMATTED_LINE = 300;
