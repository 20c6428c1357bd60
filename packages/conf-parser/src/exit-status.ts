// What a configuration test ends with: keepalived 2.2.7's exit status of `-t`, or the strict reading of the same
// diagnostics.
import type { Diagnostic } from './diagnostic.js';

/** `keepalived`: tolerate what it tolerates. `strict`: every error and every warning counts. */
export type ExitPolicy = 'keepalived' | 'strict';

/**
 * 0 nothing found; 2 a keyword lacks its argument (keepalived stops there); 4 only files not found; 5 any other
 * configuration error; 6 script or include security.
 */
export type ExitStatus = 0 | 2 | 4 | 5 | 6;

export function exitStatus(
  parsed: { readonly diagnostics: readonly Diagnostic[] },
  policy: ExitPolicy = 'keepalived',
): ExitStatus {
  const found = new Set(parsed.diagnostics.map((diagnostic) => diagnostic.keepalived));
  if (found.has('missing-parameter')) return 2;
  // An include that failed ends the test before any block is read.
  if (parsed.diagnostics.some(({ code, keepalived }) => keepalived === 'security' && code.startsWith('conf/include-')))
    return 6;
  if (found.has('missing-parameter-later')) return 2;
  if (found.has('ends-test')) return 0;
  if (found.has('security')) return 6;
  if (found.has('general')) return 5;
  if (found.has('file-not-found')) return 4;
  return policy === 'strict' && parsed.diagnostics.some(({ severity }) => severity !== 'info') ? 5 : 0;
}
