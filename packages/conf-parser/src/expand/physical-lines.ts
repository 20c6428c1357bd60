// The lines of a file as keepalived 2.2.7 takes them in: stripped of line ends and blanks, cut where its line buffer
// is full. Comments and words are for the stages after this.
import type { SourceFile } from '../source.js';
import { MAX_LINE_BYTES } from './limits.js';
import { concatMapped, fromSource, sliceMapped } from './mapped-text.js';
import type { MappedText } from './mapped-text.js';

export interface LineReader {
  readonly file: SourceFile;
  /** Offset of the next character to read. */
  offset: number;
  /** Where the line that is being cut up ends: looking for it again for every cut would take the square of its length. */
  lineEnd: number;
  /** The first NUL character from here on, or -1: looked for once, not on every line. */
  nextNul: number;
  /** The first {@link SIGN} from here on, or the end of the file: looked for once, not on every line. */
  nextSign: number;
}

/** Before the first line. */
export function startOf(file: SourceFile): LineReader {
  return { file, offset: 0, lineEnd: -1, nextNul: file.text.indexOf('\0'), nextSign: signFrom(file.text, 0) };
}

export interface PhysicalLine {
  readonly text: MappedText;
  /** The line buffer was full here: the rest of the line comes as a line of its own. */
  readonly cut: boolean;
  /** There was a NUL character: nobody reads what follows it on the line. */
  readonly nul: boolean;
}

/** The next line, stripped, or undefined at the end of the file. A blank line counts: it ends a definition. */
export function readLine(reader: LineReader): PhysicalLine | undefined {
  const { text } = reader.file;
  const start = reader.offset;
  if (start >= text.length) return undefined;
  if (reader.lineEnd < start) {
    const feed = text.indexOf('\n', start);
    reader.lineEnd = feed === -1 ? text.length : feed;
  }
  const { lineEnd } = reader;
  const end = cutAt(text, start, lineEnd);
  reader.offset = end === lineEnd ? lineEnd + 1 : end;
  if (reader.nextNul !== -1 && reader.nextNul < start) reader.nextNul = text.indexOf('\0', start);
  const nul = reader.nextNul >= start && reader.nextNul < end;
  if (reader.nextSign < start) reader.nextSign = signFrom(text, start);
  const line = stripped(reader.file, start, nul ? reader.nextNul : end, reader.nextSign >= end);
  return { text: line, cut: end !== lineEnd, nul };
}

/** What makes more of a line than its words: most lines have none, and need no second look. */
const SIGN = /["#!$~@\\{}]/g;

function signFrom(text: string, from: number): number {
  SIGN.lastIndex = from;
  return SIGN.test(text) ? SIGN.lastIndex - 1 : text.length;
}

/** A line without its line end and the blanks around it. */
function stripped(file: SourceFile, from: number, to: number, plain: boolean): MappedText {
  let end = to;
  while (end > from && file.text.charCodeAt(end - 1) === RETURN) end -= 1;
  const line = fromSource(file, startOfText(file.text, from, end), endOfText(file.text, from, end), plain);
  return plain ? line : joinBackslash(line);
}

export function strippedMapped(line: MappedText): MappedText {
  const { text } = line;
  return sliceMapped(line, startOfText(text, 0, text.length), endOfText(text, 0, text.length));
}

// COMPAT: only spaces and tabs are blanks before a line is cut into words: a `\r`, `\f` or `\v` that is not at the line's
// end belongs to the text, so what it stands before is no include, definition or condition.
function startOfText(text: string, from: number, to: number): number {
  let start = from;
  while (start < to && isSpaceOrTab(text.charCodeAt(start))) start += 1;
  return start;
}

function endOfText(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isSpaceOrTab(text.charCodeAt(end - 1))) end -= 1;
  return end;
}

function isSpaceOrTab(code: number): boolean {
  return code === SPACE || code === TAB;
}

// COMPAT: a `\` at the end of a line joins nothing to it, but the blanks before it go: `priority \` is the unknown
// keyword `priority\`.
function joinBackslash(line: MappedText): MappedText {
  const { text } = line;
  if (!text.endsWith('\\')) return line;
  const end = endOfText(text, 0, text.length - 1);
  if (end === text.length - 1) return line;
  return concatMapped([sliceMapped(line, 0, end), sliceMapped(line, text.length - 1)]);
}

function cutAt(text: string, start: number, end: number): number {
  // No character takes more than three bytes for each of its UTF-16 units.
  if ((end - start) * 3 <= MAX_LINE_BYTES) return end;
  const last = Math.min(end, start + MAX_LINE_BYTES);
  let bytes = 0;
  for (let at = start; at < end;) {
    const code = text.codePointAt(at) ?? 0;
    bytes += utf8Length(code);
    if (bytes > MAX_LINE_BYTES) return at;
    at += code > 0xffff ? 2 : 1;
  }
  return last;
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

const SPACE = 0x20;
const TAB = 0x09;
const RETURN = 0x0d;
