// Diagnostics as text for people: `file:line:column: severity: summary [code]`, the line, a caret under the place, and
// what to write instead. Colours and JSON are the caller's.
import type { Diagnostic, RelatedPlace } from './diagnostic.js';
import { lineText, positionAt } from './source.js';
import type { SourceFile, Span } from './source.js';

/** Ends with a line feed unless there is nothing to say. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): string {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const lineOf = showableLines();
  return diagnostics.map((diagnostic) => renderOne(diagnostic, byPath, lineOf)).join('');
}

type Files = ReadonlyMap<string, SourceFile>;
type LineOf = (file: SourceFile, line: number) => string;

/** Lines without their secrets. The last one is kept: thousands of findings may be on one line as long as the file. */
function showableLines(): LineOf {
  let last: { readonly file: SourceFile; readonly line: number; readonly text: string } | undefined;
  return (file, line) => {
    if (last?.file !== file || last.line !== line) last = { file, line, text: withoutSecrets(lineText(file, line)) };
    return last.text;
  };
}

function renderOne(diagnostic: Diagnostic, files: Files, lineOf: LineOf): string {
  const { code, severity, summary, detail, span, suggestion, related = [] } = diagnostic;
  const lines = [`${placeOf(span, files)}: ${severity}: ${summary} [${code}]`, ...excerpt(span, files, lineOf)];
  if (suggestion !== undefined) lines.push(`  did you mean ${suggestion.replacement}?`);
  if (detail !== undefined) lines.push(`  ${detail}`);
  for (let { expansion } = span; expansion !== undefined; expansion = expansion.definedAt.expansion) {
    lines.push(`  in the expansion of $${expansion.name}, defined at ${placeOf(expansion.definedAt, files)}`);
  }
  for (const place of related) lines.push(renderRelated(place, files));
  return `${lines.join('\n')}\n`;
}

function renderRelated({ span, message }: RelatedPlace, files: Files): string {
  return `  ${placeOf(span, files)}: ${message}`;
}

function placeOf(span: Span, files: Files): string {
  const file = files.get(span.file);
  if (file === undefined) return span.file;
  const { line, column } = positionAt(file, span.start);
  return `${span.file}:${line}:${column}`;
}

function excerpt(span: Span, files: Files, lineOf: LineOf): readonly string[] {
  const file = files.get(span.file);
  if (file === undefined) return [];
  const { line, column } = positionAt(file, span.start);
  const text = lineOf(file, line);
  const from = Math.max(0, column - 1 - MAX_BEFORE);
  const shown = text.slice(from, from + MAX_SHOWN);
  const before = shown.slice(0, column - 1 - from);
  const width = Math.max(1, Math.min(span.end - span.start, shown.length - before.length));
  // Tabs stay tabs, so that the caret is below its word however wide they are shown.
  return [`  | ${shown}`, `  | ${before.replace(/[^\t]/g, ' ')}${'^'.repeat(width)}`];
}

/** Diagnostics end up in logs and tickets: what a secret says is nobody's business there. Its length stays for the caret. */
function withoutSecrets(line: string): string {
  return SECRETS.reduce(
    (text, pattern) =>
      text.replace(pattern, (_match, before: string, secret: string) => before + '*'.repeat(secret.length)),
    line,
  );
}

/**
 * keepalived.conf(5): auth_pass VALUE, and the key of auth_hmac: key ID VALUE. Of notify_webhook: the user of a URL, which
 * is not allowed, and what follows the URL.
 */
const SECRETS = [
  /(\bauth_pass[ \t]+|\bkey[ \t]+\d+[ \t]+)("[^"]*"?|[^\s"#!{}]+)/g,
  /(\bnotify_webhook[ \t]+[^\s@]*\/\/)([^/\s]+)(?=@)/g,
  /(\bnotify_webhook[ \t]+\S+[ \t]+)(.+)/g,
];

/** A line may be as long as the file: what is shown of it. */
const MAX_SHOWN = 160;
const MAX_BEFORE = 100;
