// Diagnostics for machines: a plain list, and SARIF 2.1.0 (OASIS) for the annotations of a CI. Pure.
import { positionAt, type Diagnostic, type SourceFile } from '@vrrp/conf-parser';
import { VERSION } from '../version.js';

/** One finding; lines and columns count from 1. */
export interface Finding {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly summary: string;
  readonly detail?: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
  readonly replacement?: string;
}

export function findingsOf(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): readonly Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return diagnostics.map((diagnostic) => findingOf(diagnostic, byPath.get(diagnostic.span.file)));
}

function findingOf(
  { code, severity, summary, detail, span, suggestion }: Diagnostic,
  file: SourceFile | undefined,
): Finding {
  const start = file === undefined ? { line: 1, column: 1 } : positionAt(file, span.start);
  const end = file === undefined ? start : positionAt(file, span.end);
  return {
    code,
    severity,
    summary,
    ...(detail === undefined ? {} : { detail }),
    file: span.file,
    line: start.line,
    column: start.column,
    end_line: end.line,
    end_column: end.column,
    ...(suggestion === undefined ? {} : { replacement: suggestion.replacement }),
  };
}

const SARIF_LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0 section 3.13: one run, one result a finding. */
export function sarifOf(diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): object {
  const findings = findingsOf(diagnostics, files);
  const rules = [...new Set(findings.map(({ code }) => code))].map((id) => ({ id }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'vrrpd', version: VERSION, rules } }, results: findings.map(sarifResult) }],
  };
}

function sarifResult({ code, severity, summary, detail, file, ...place }: Finding): object {
  const { line: startLine, column: startColumn, end_line: endLine, end_column: endColumn } = place;
  const region = { startLine, startColumn, endLine, endColumn };
  return {
    ruleId: code,
    level: SARIF_LEVELS[severity],
    message: { text: detail === undefined ? summary : `${summary}. ${detail}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: file }, region } }],
  };
}
