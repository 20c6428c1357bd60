// What a keyword may use while it is bound: the configuration read so far, the facts of the machine, and a place to
// put diagnostics. Passed in everywhere; there is no module state.
import type { ConfigDraft } from './drafts.js';
import type { Diagnostic, KeepalivedFinding, RelatedPlace, Severity, Suggestion } from '../diagnostic.js';
import type { DiagnosticCode } from '../diagnostic-codes.js';
import { DIAGNOSTIC_CODES } from '../diagnostic-codes.js';
import type { SuggestionBudget } from '../suggest.js';
import type { Span, SystemFacts } from '../source.js';

export interface Scope {
  readonly config: ConfigDraft;
  readonly facts: SystemFacts;
  report(diagnostic: Diagnostic): void;
  readonly suggestions: SuggestionBudget;
}

export interface Finding {
  readonly detail?: string;
  readonly severity?: Severity;
  readonly suggestion?: Suggestion | undefined;
  readonly related?: readonly RelatedPlace[];
  readonly fatal?: true;
  /** `none` for what keepalived passes over in silence. Default: keepalived counts an error as `general`. */
  readonly keepalived?: KeepalivedFinding | 'none';
}

/** Reports with the severity of the code's catalogue entry unless the finding gives its own. */
export function finding(
  scope: Pick<Scope, 'report'>,
  code: DiagnosticCode,
  span: Span,
  summary: string,
  more: Finding = {},
): void {
  const { severity = DIAGNOSTIC_CODES[code].severity, keepalived, suggestion, ...rest } = more;
  const counted = keepalived ?? (severity === 'error' ? 'general' : 'none');
  scope.report({
    code,
    severity,
    summary,
    span,
    ...rest,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(counted === 'none' ? {} : { keepalived: counted }),
  });
}
