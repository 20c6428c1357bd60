// What the parser has to say about a configuration: one value per finding, with a stable code and a position.
// Each code of the catalogue has its entry in docs/reference/diagnostics.md. Rendering is render.ts.
import type { Span } from './source.js';
import type { DiagnosticCode } from './diagnostic-codes.js';

export type Severity = 'error' | 'warning' | 'info';

/**
 * How keepalived 2.2.7 counts what the diagnostic says when it tests a configuration (`-t`): what decides the exit
 * status. Left out of a diagnostic, keepalived says nothing or only logs.
 */
export type KeepalivedFinding =
  /** A file that is not there: 4 unless something worse is found. */
  | 'file-not-found'
  /** Any other configuration error: 5. */
  | 'general'
  /** Scripts without script security, unsafe includes: 6. */
  | 'security'
  /** A keyword lacks its argument: keepalived exits at once with 2. */
  | 'missing-parameter'
  /** The same in a block that keepalived's main process steps over: what that one finds wrong comes first. */
  | 'missing-parameter-later'
  /** keepalived cannot get to the configuration proper, and its test ends with 0 whatever else is in the file. */
  | 'ends-test';

export interface Suggestion {
  readonly span: Span;
  readonly replacement: string;
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** A code of the catalogue, or of whoever goes on with the model and finds that something of it cannot be done. */
export type FindingCode = DiagnosticCode | `plan/${string}`;

export interface Diagnostic {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly summary: string;
  readonly detail?: string;
  readonly span: Span;
  readonly suggestion?: Suggestion;
  readonly related?: readonly RelatedPlace[];
  readonly keepalived?: KeepalivedFinding;
  /** keepalived does not run with this configuration at all. */
  readonly fatal?: true;
}
