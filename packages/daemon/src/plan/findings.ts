// How the plan says what it finds: diagnostics as the parser's, with the place that the parser knows.
import type { Diagnostic, Place, PlaceOf } from '@vrrp/conf-parser';
import { PLAN_CODES, type PlanCode } from './finding-codes.js';

export type Report = (code: PlanCode, place: Place, summary: string, more?: Pick<Diagnostic, 'detail'>) => void;

/** Of a configuration that was made by a program. */
export const NOWHERE: PlaceOf = () => ({ file: '', start: 0, end: 0 });

/**
 * None of them counts for the exit status of a configuration test, which is keepalived's: it runs these files, or has found
 * fault with them already.
 */
export function createReport(placeOf: PlaceOf): { readonly findings: readonly Diagnostic[]; readonly report: Report } {
  const findings: Diagnostic[] = [];
  const report: Report = (code, place, summary, more = {}) =>
    void findings.push({ code, severity: PLAN_CODES[code].severity, summary, ...more, span: placeOf(place) });
  return { findings, report };
}
