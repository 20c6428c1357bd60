// The whole way from a path to a model: read, expand, bind, complete. Does no I/O of its own, never throws on input,
// and goes on after every problem, so that one run says everything there is to say.
import { createBinder } from './bind/bind.js';
import { createConfigDraft } from './bind/drafts.js';
import { enterBlock } from './bind/enter.js';
import type { Scope } from './bind/scope.js';
import { takeItems } from './bind/statement.js';
import { completeConfig } from './complete/config.js';
import type { Diagnostic } from './diagnostic.js';
import { createExpander } from './expand/expander.js';
import { ROOT } from './keywords/root.js';
import type { Config } from './model.js';
import { placesOf } from './places.js';
import type { PlaceOf } from './places.js';
import { MAX_COMPARISONS } from './suggest.js';
import { createSourceFile } from './source.js';
import type { SourceFile, SourceLoader, SystemFacts } from './source.js';

export interface ParseOptions {
  /** What `@id` lines are compared with (`-i`); keepalived's default is the host name up to its first dot. */
  readonly configId?: string;
  /** What the machine is asked; everything left out is taken as there and in order. */
  readonly facts?: SystemFacts;
}

export interface ParsedConfig {
  /** undefined only when an entry file could not be read. Use it to run only when {@link ParsedConfig.refused} is false. */
  readonly model: Config | undefined;
  /** Every file read, the entry first. */
  readonly files: readonly SourceFile[];
  /** In the order of the files and of the text in them. */
  readonly diagnostics: readonly Diagnostic[];
  /** keepalived would not run with this configuration. */
  readonly refused: boolean;
  readonly placeOf: PlaceOf;
}

/**
 * Reads `entry` through `loader`: one file, or several that are read one after the other as if they were one. As keepalived
 * does, it reads none of them when one is not a file that can be read.
 */
export function parseConfig(
  entry: string | readonly string[],
  loader: SourceLoader,
  options: ParseOptions = {},
): ParsedConfig {
  const { diagnostics, report } = createCollector();
  const files: SourceFile[] = [];
  for (const path of typeof entry === 'string' ? [entry] : entry) {
    const text = textOf(path, loader);
    if (text === undefined) return unreadable(path);
    files.push(createSourceFile(path, text));
  }
  const [first] = files;
  if (first === undefined) return unreadable('');
  const facts = options.facts ?? {};
  const suggestions = { comparisons: MAX_COMPARISONS };
  const scope: Scope = { config: createConfigDraft(), facts, report, suggestions };
  const expander = createExpander(files, { configId: options.configId ?? '', loader, facts, report });
  const binder = createBinder(enterBlock(ROOT, scope.config), scope);
  for (let line = expander.next(); line !== undefined; line = expander.next()) {
    takeItems(line, report, binder.item);
  }
  binder.end();
  const model = completeConfig(scope);
  return {
    model,
    files: expander.files,
    diagnostics: inOrder(diagnostics, expander.files),
    refused: diagnostics.some((diagnostic) => diagnostic.fatal === true),
    placeOf: placesOf(scope.config, first.path),
  };
}

function textOf(path: string, loader: SourceLoader): string | undefined {
  const kind = loader.kind?.(path) ?? 'file';
  return kind === 'file' ? loader.read(path) : undefined;
}

interface Collector {
  readonly diagnostics: Diagnostic[];
  report(diagnostic: Diagnostic): void;
}

/** Keeps the first {@link MAX_DIAGNOSTICS}, and of the rest only what changes the exit status or refuses to run. */
function createCollector(): Collector {
  const diagnostics: Diagnostic[] = [];
  const counted = new Set<string>();
  return {
    diagnostics,
    report(diagnostic) {
      const { keepalived = '', fatal = false } = diagnostic;
      const weight = `${keepalived} ${fatal}`;
      if (diagnostics.length >= MAX_DIAGNOSTICS && counted.has(weight)) return;
      counted.add(weight);
      diagnostics.push(diagnostic);
    },
  };
}

/** No person reads more, and a file of garbage would otherwise take memory many times its size. */
export const MAX_DIAGNOSTICS = 20_000;

// COMPAT: keepalived -t takes a main file that is not there for an empty one and ends with 0, so the finding counts for
// nothing in its exit status; it does not start without one.
function unreadable(entry: string): ParsedConfig {
  const diagnostic: Diagnostic = {
    code: 'conf/file-not-found',
    severity: 'error',
    summary: `${entry} cannot be read`,
    span: { file: entry, start: 0, end: 0 },
    fatal: true,
  };
  return { model: undefined, files: [], diagnostics: [diagnostic], refused: true, placeOf: () => diagnostic.span };
}

function inOrder(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): readonly Diagnostic[] {
  const order = new Map(files.map((file, index) => [file.path, index]));
  const rank = (diagnostic: Diagnostic): number => order.get(diagnostic.span.file) ?? files.length;
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start);
}
