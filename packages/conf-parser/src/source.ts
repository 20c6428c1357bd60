// Where things are in the text: source files, spans, and line:column worked out when somebody asks for it.
// Also the ports through which a pure parser reaches the outside: files (SourceLoader) and the machine (SystemFacts).
// Nothing in this package reads a file or asks the kernel; the host passes these in.

/** How a piece of text came to be where it is: the use of a `$NAME` (or `~SEQ` variable) and where that was defined. */
export interface Expansion {
  readonly name: string;
  readonly definedAt: Span;
}

/** A half-open range of offsets (UTF-16 code units) in one file. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Set when the text at fault is not in the file itself but in what the range expands to. */
  readonly expansion?: Expansion;
}

/** Line and column, both counted from 1; columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type FileKind = 'file' | 'executable' | 'directory' | 'other';

export interface SourceLoader {
  /** The text of a file, or undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** The paths a pattern matches (`* ? [] {a,b}`), sorted as glob(3) sorts; empty when none. */
  glob(pattern: string): readonly string[];
  /** What a path is; keepalived skips directories and files with an execute bit. Without it every path is a file. */
  kind?(path: string): FileKind | undefined;
}

/** What a look at a script's path gives; keepalived leaves out scripts it cannot find and reports unsafe ones. */
export type ScriptInspection =
  | { readonly kind: 'usable' }
  | { readonly kind: 'missing'; readonly reason: string }
  /** There, and not something that can be run. */
  | { readonly kind: 'not-executable'; readonly reason: string }
  /** Somebody other than root could change what root would run. `component` is the path at fault. */
  | { readonly kind: 'unsafe'; readonly component: string; readonly reason: string };

/** What only the machine knows. Every question is optional: one that cannot be asked is taken as answered well. */
export interface SystemFacts {
  interfaceExists?(name: string): boolean;
  /** Asked for `net_namespace`. */
  namespaceExists?(name: string): boolean;
  userExists?(name: string): boolean;
  groupExists?(name: string): boolean;
  inspectScript?(argv0: string): ScriptInspection;
  /** What is wrong with a check that needs no program (`builtin:tcp HOST:PORT`); undefined when nothing is. */
  builtinProblem?(argv: readonly string[]): string | undefined;
  /** Whether a host name has an address; asked for `smtp_server` only. */
  hostResolves?(name: string): boolean;
  environment?(name: string): string | undefined;
  /** A whole number between min and max inclusive, for `${_RANDOM}`. */
  random?(min: number, max: number): number;
}

/** A file that was read, with the offsets at which its lines start. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** The lines are counted when somebody asks for a position: a file without findings needs none. */
export function createSourceFile(path: string, text: string): SourceFile {
  let lineStarts: readonly number[] | undefined;
  return {
    path,
    text,
    get lineStarts() {
      return (lineStarts ??= lineStartsOf(text));
    },
  };
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The position of an offset; an offset past the end gives the end. */
export function positionAt(file: SourceFile, offset: number): Position {
  const target = Math.max(0, Math.min(offset, file.text.length));
  let low = 0;
  let high = file.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((file.lineStarts[middle] ?? 0) <= target) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: target - (file.lineStarts[low] ?? 0) + 1 };
}

/** The text of a line (counted from 1) without its line end. */
export function lineText(file: SourceFile, line: number): string {
  const start = file.lineStarts[line - 1];
  if (start === undefined) return '';
  const next = file.lineStarts[line];
  return file.text.slice(start, next === undefined ? file.text.length : next - 1).replace(/\r$/, '');
}
