// Everything between the lines of the files and the lines the keywords are read from, in keepalived's order:
// comments off, `@id` conditions, `$NAME=` definitions, ~SEQ and ~LST, substitution, includes.
// A stack of readers instead of recursion, and limits on all that can multiply: it ends on any input.
// Words, braces and keywords are for the stages after this.
import type { Diagnostic } from '../diagnostic.js';
import { commentStart, lexLine } from '../lexer.js';
import { createSourceFile } from '../source.js';
import type { SourceFile, SourceLoader, Span, SystemFacts } from '../source.js';
import { matchCondition } from './condition.js';
import { matchDefinition, substitute } from './definitions.js';
import type { Definition, Definitions } from './definitions.js';
import { directoryOf, findIncluded, matchInclude } from './include.js';
import type { IncludeLine } from './include.js';
import {
  MAX_EXPANDED_LINES,
  MAX_INCLUDED_FILES,
  MAX_NESTED_SUBSTITUTIONS,
  MAX_READER_DEPTH,
  MAX_SUBSTITUTED_LENGTH,
  MAX_SUBSTITUTION_PASSES,
} from './limits.js';
import { concatMapped, isPlain, sliceMapped, spanOf, withoutSource } from './mapped-text.js';
import type { MappedText } from './mapped-text.js';
import { cutFinding, nulFinding } from './line-findings.js';
import { readLine, startOf, strippedMapped } from './physical-lines.js';
import type { LineReader } from './physical-lines.js';
import { predefinedNames } from './predefined.js';
import { parseRepetition } from './sequence.js';
import type { Repetition } from './sequence.js';

export interface ExpandOptions {
  /** What `@id` lines are compared with. */
  readonly configId: string;
  readonly loader: SourceLoader;
  readonly facts: SystemFacts;
  report(diagnostic: Diagnostic): void;
}

export interface Expander {
  /** The next line that is left, without comments and never blank; undefined at the end. */
  next(): MappedText | undefined;
  /** Every file read so far, the entry files first. */
  readonly files: readonly SourceFile[];
}

type Reader =
  | { readonly kind: 'file'; readonly lines: LineReader }
  | { readonly kind: 'queue'; readonly lines: readonly MappedText[]; next: number }
  | {
      readonly kind: 'repeat';
      readonly repetition: Repetition;
      readonly body: MappedText;
      readonly span: Span;
      readonly shadowed: readonly (Definition | undefined)[];
      next: number;
    };

interface State {
  readonly options: ExpandOptions;
  readonly files: SourceFile[];
  readonly readers: Reader[];
  readonly definitions: Definitions;
  /** Lines that may still be made out of others. */
  budget: number;
  /** Rounds of replacement beyond the first of a line that are left. */
  rounds: number;
}

/** Starts on the entry files, which the caller has read and which follow one another like the parts of one file. */
export function createExpander(entries: readonly SourceFile[], options: ExpandOptions): Expander {
  const state: State = {
    options,
    files: [...entries],
    readers: entries.map((file): Reader => ({ kind: 'file', lines: startOf(file) })).toReversed(),
    definitions: new Map(),
    budget: MAX_EXPANDED_LINES,
    rounds: MAX_NESTED_SUBSTITUTIONS,
  };
  return { next: () => nextExpanded(state), files: state.files };
}

function nextExpanded(state: State): MappedText | undefined {
  for (;;) {
    const raw = nextRaw(state);
    if (raw === undefined) return undefined;
    const line = process(state, raw);
    if (line !== undefined) return line;
  }
}

/** The next line of the innermost reader that has one. */
function nextRaw(state: State): MappedText | undefined {
  for (let reader = state.readers.at(-1); reader !== undefined; reader = state.readers.at(-1)) {
    const line = readFrom(state, reader);
    if (line !== undefined) return line;
    if (reader.kind === 'repeat') restore(state, reader);
    state.readers.pop();
  }
  return undefined;
}

function readFrom(state: State, reader: Reader): MappedText | undefined {
  if (reader.kind === 'file') {
    const line = readLine(reader.lines);
    if (line === undefined) return undefined;
    if (line.cut) state.options.report(cutFinding(line.text));
    if (line.nul) state.options.report(nulFinding(line.text));
    return uncommented(state, line.text, true);
  }
  if (reader.kind === 'queue') {
    const line = reader.lines[reader.next];
    reader.next += 1;
    return line;
  }
  return nextRepetition(state, reader);
}

function nextRepetition(state: State, reader: Reader & { kind: 'repeat' }): MappedText | undefined {
  const { repetition, body, span } = reader;
  if (reader.next >= repetition.count) return undefined;
  if (state.budget <= 0) {
    reportLimit(state, span, `${MAX_EXPANDED_LINES} lines`);
    reader.next = repetition.count;
    return undefined;
  }
  state.budget -= 1;
  const row = repetition.row(reader.next);
  reader.next += 1;
  repetition.names.forEach((name, index) => {
    const text = row[index] ?? '';
    state.definitions.set(name, { name, lines: [withoutSource(text)], span });
  });
  return body;
}

function restore(state: State, reader: Reader & { kind: 'repeat' }): void {
  reader.repetition.names.forEach((name, index) => {
    const before = reader.shadowed[index];
    if (before === undefined) state.definitions.delete(name);
    else state.definitions.set(name, before);
  });
}

/** Takes one raw line through all it can mean; undefined when nothing of it is left to read. */
function process(state: State, raw: MappedText): MappedText | undefined {
  return isPlain(raw) ? readOrInclude(state, raw) : processSigns(state, raw);
}

function processSigns(state: State, raw: MappedText): MappedText | undefined {
  let line = raw;
  for (let pass = 0; line.text !== ''; pass += 1) {
    const first = line.text.charCodeAt(0);
    if (first === AT) {
      const rest = matchCondition(line.text, state.options.configId);
      if (rest === undefined) return undefined;
      line = strippedMapped(sliceMapped(line, rest));
      // Conditions do not stack: in `@me @me x` the second is read as a word.
      if (line.text.charCodeAt(0) === AT) return line;
      continue;
    }
    if (first === DOLLAR && define(state, line)) return undefined;
    if (first === TILDE && repeat(state, line)) return undefined;
    if (!line.text.includes('$')) break;
    if (pass > 0) state.rounds -= 1;
    if (pass >= MAX_SUBSTITUTION_PASSES || line.text.length > MAX_SUBSTITUTED_LENGTH || state.rounds < 0) {
      reportLimit(state, spanOf(line, 0, line.text.length), 'itself: a definition contains its own name');
      break;
    }
    const result = substitute(line, state.definitions, predefinedNames(line, state.options));
    if (!result.changed) break;
    if (result.following.length > 0) queue(state, result.following, line);
    line = uncommented(state, strippedMapped(result.line), false);
  }
  return readOrInclude(state, line);
}

function readOrInclude(state: State, line: MappedText): MappedText | undefined {
  if (line.text === '') return undefined;
  const include = matchInclude(line.text);
  if (include === undefined) return untilBrace(state, line);
  readIncluded(state, line, include);
  return undefined;
}

/**
 * What follows a brace is a line of its own to keepalived. Most of it needs no second look; an include, a definition, a
 * condition and a sequence do: the line ends before them here, and they are read next.
 */
function untilBrace(state: State, line: MappedText): MappedText {
  if (isPlain(line) || !BRACE_AND_MORE.test(line.text)) return line;
  const tokens = lexLine(line.text);
  for (const { kind, end } of tokens) {
    if (kind !== 'open' && kind !== 'close') continue;
    const rest = strippedMapped(sliceMapped(line, end));
    if (!STARTS_A_LINE.test(rest.text)) continue;
    const last = state.readers.at(-1);
    if (last?.kind === 'queue' && last.next >= last.lines.length) state.readers.pop();
    push(state, { kind: 'queue', lines: [rest], next: 0 }, spanOf(rest, 0, rest.text.length));
    return sliceMapped(line, 0, end);
  }
  return line;
}

/** Takes the comment off. Quotes are checked where they stand in a file, before anything is put into the line. */
function uncommented(state: State, line: MappedText, check: boolean): MappedText {
  if (isPlain(line) || !QUOTE_OR_COMMENT.test(line.text)) return line;
  const end = commentStart(line.text);
  const bare = end === line.text.length ? line : strippedMapped(sliceMapped(line, 0, end));
  const rest = bare !== line && check ? withBackslash(bare, line) : bare;
  if (check && rest.text.includes('"') && rest.text.split('"').length % 2 === 0) {
    const quote = rest.text.lastIndexOf('"');
    state.options.report({
      code: 'conf/unterminated-quote',
      severity: 'error',
      summary: 'this double quote has no partner on the line',
      detail: 'A quoted word ends on the line it starts on; what follows the quote is lost.',
      span: spanOf(rest, quote, rest.text.length),
      keepalived: 'general',
    });
  }
  return rest;
}

// COMPAT: keepalived 2.2.7 looks for a `\` at the end of a line before it takes the comment off, and puts it back after:
// of `priority 7 # old \` the number is `7\`, and of a mere comment a `\` is left, which is no keyword.
function withBackslash(bare: MappedText, line: MappedText): MappedText {
  const { text } = line;
  if (!text.endsWith('\\') || text.endsWith('\\\\')) return bare;
  return concatMapped([bare, sliceMapped(line, text.length - 1)]);
}

function define(state: State, line: MappedText): boolean {
  const match = matchDefinition(line.text);
  if (match === undefined) return false;
  let part = sliceMapped(line, match.valueStart);
  const lines: MappedText[] = [];
  while (part.text.endsWith('\\')) {
    part = strippedMapped(sliceMapped(part, 0, part.text.length - 1));
    if (part.text !== '') lines.push(part);
    const following = nextRaw(state);
    if (following === undefined) {
      part = sliceMapped(part, part.text.length);
      break;
    }
    part = following;
  }
  if (part.text !== '' || lines.length === 0) lines.push(part);
  const end = lines.at(-1) ?? line;
  const span = spanOf(concatMapped([line, end]), 0, line.text.length);
  state.definitions.set(match.name, { name: match.name, lines, span });
  return true;
}

function repeat(state: State, line: MappedText): boolean {
  const close = line.text.indexOf(')');
  const head = close === -1 ? line : sliceMapped(line, 0, close + 1);
  const predefined = predefinedNames(line, state.options);
  const known =
    close === -1
      ? line
      : concatMapped([substitute(head, state.definitions, predefined).line, sliceMapped(line, close + 1)]);
  const result = parseRepetition(known.text);
  if (result.kind === 'none') return false;
  const span = spanOf(line, 0, head.text.length);
  if (result.kind === 'invalid') {
    state.options.report({
      code: 'conf/invalid-sequence',
      severity: 'error',
      summary: `${/^~\w+/.exec(line.text)?.[0] ?? 'the sequence'} cannot be read: ${result.reason}`,
      span,
      keepalived: 'general',
    });
    return true;
  }
  const { repetition } = result;
  if (repetition.count > state.budget) {
    // Said before the first line is made: what the limit would cut off is of no use, and costs seconds.
    state.budget = 0;
    reportLimit(state, span, `${MAX_EXPANDED_LINES} lines`);
    return true;
  }
  const shadowed = repetition.names.map((name) => state.definitions.get(name));
  push(
    state,
    { kind: 'repeat', repetition, body: sliceMapped(known, repetition.bodyStart), span, shadowed, next: 0 },
    span,
  );
  return true;
}

function queue(state: State, lines: readonly MappedText[], place: MappedText): void {
  const span = spanOf(place, 0, place.text.length);
  state.budget -= lines.length;
  if (state.budget < 0) reportLimit(state, span, `${MAX_EXPANDED_LINES} lines`);
  else push(state, { kind: 'queue', lines, next: 0 }, span);
}

function push(state: State, reader: Reader, span: Span): void {
  if (state.readers.length >= MAX_READER_DEPTH) reportLimit(state, span, `${MAX_READER_DEPTH} levels`);
  else state.readers.push(reader);
}

function readIncluded(state: State, line: MappedText, include: IncludeLine): void {
  const { loader, report } = state.options;
  const span = spanOf(line, include.patternStart, line.text.length);
  const pattern = line.text.slice(include.patternStart);
  const found = findIncluded(pattern, directoryOf(span.file), include.policy, loader);
  const strictness = found.failed
    ? ({ severity: 'error', keepalived: 'security', fatal: true } as const)
    : ({ severity: 'warning' } as const);
  for (const problem of found.problems) {
    report(
      problem.kind === 'no-match'
        ? { code: 'conf/include-not-found', summary: `no file matches ${pattern}`, span, ...strictness }
        : {
            code: 'conf/include-skipped',
            summary: `${problem.path} is skipped: ${SKIPPED[problem.as]}`,
            span,
            ...strictness,
          },
    );
  }
  const readers: Reader[] = [];
  for (const path of found.paths) {
    const reader = openIncluded(state, path, span);
    if (reader !== undefined) readers.push(reader);
  }
  for (const reader of readers.reverse()) push(state, reader, span);
}

function openIncluded(state: State, path: string, span: Span): Reader | undefined {
  const { loader, report } = state.options;
  if (
    state.readers.some((reader) => reader.kind === 'file' && isBegun(reader.lines) && reader.lines.file.path === path)
  ) {
    report({
      code: 'conf/include-cycle',
      severity: 'error',
      summary: `${path} includes itself`,
      span,
      fatal: true,
      keepalived: 'general',
    });
    return undefined;
  }
  if (state.files.length >= MAX_INCLUDED_FILES) {
    reportLimit(state, span, `${MAX_INCLUDED_FILES} files`);
    return undefined;
  }
  const text = loader.read(path);
  if (text === undefined) {
    report({ code: 'conf/include-not-found', severity: 'warning', summary: `${path} cannot be read`, span });
    return undefined;
  }
  const file = createSourceFile(path, text);
  state.files.push(file);
  return { kind: 'file', lines: startOf(file) };
}

/** A file that only waits for its turn includes nothing yet. */
function isBegun({ offset }: LineReader): boolean {
  return offset > 0;
}

function reportLimit(state: State, span: Span, what: string): void {
  state.options.report({
    code: 'conf/expansion-limit',
    severity: 'error',
    summary: `this expands to more than ${what}`,
    span,
    fatal: true,
  });
}

const SKIPPED = {
  file: 'it cannot be read',
  directory: 'it is a directory',
  executable: 'it has an execute bit',
  other: 'it is not a regular file',
} as const;

const QUOTE_OR_COMMENT = /["#!]/;
const STARTS_A_LINE = /^(?:include[rmwba]?[ \t\v\f\r]|[@~]|\$[A-Za-z_]\w*=)/;
const BRACE_AND_MORE = /[{}][ \t]*(?:include|[@~]|\$[A-Za-z_]\w*=)/;
const AT = 0x40;
const DOLLAR = 0x24;
const TILDE = 0x7e;
