// What of a configuration is left out or has no effect, with its place in words: as the log, `check` and the status say it.
import { positionAt, type Diagnostic, type ParsedConfig, type Span } from '@vrrp/conf-parser';

export interface PlacedFinding {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  /** Null: it has no place of its own. */
  readonly place: FindingPlace | null;
}

/** Lines and columns count from 1. */
export interface FindingPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function placedFindings(
  findings: readonly Diagnostic[],
  files: ParsedConfig['files'],
): readonly PlacedFinding[] {
  return findings.map(({ code, severity, summary, span }) => {
    return { code, severity, message: summary, place: placeAt(span, files) };
  });
}

export function placeAt(span: Span, files: ParsedConfig['files']): FindingPlace | null {
  const file = files.find(({ path }) => path === span.file);
  return file === undefined ? null : { file: span.file, ...positionAt(file, span.start) };
}
