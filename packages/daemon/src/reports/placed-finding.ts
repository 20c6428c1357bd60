// What of a configuration is left out or has no effect, with its place in words: as the log, `check` and the status say it.
import { positionAt, type Diagnostic, type ParsedConfig } from '@vrrp/conf-parser';

export interface PlacedFinding {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  /** Null: it has no place of its own. Lines and columns count from 1. */
  readonly place: { readonly file: string; readonly line: number; readonly column: number } | null;
}

export function placedFindings(
  findings: readonly Diagnostic[],
  files: ParsedConfig['files'],
): readonly PlacedFinding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return findings.map(({ code, severity, summary, span }) => {
    const file = byPath.get(span.file);
    const place = file === undefined ? null : { file: span.file, ...positionAt(file, span.start) };
    return { code, severity, message: summary, place };
  });
}
