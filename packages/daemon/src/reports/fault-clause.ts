// What is wrong with a virtual router, as a clause with what its tracker found: "script chk is bad (exit 3)". Pure.
import { describeFault, type Fault } from '@vrrp/state-machine';
import { formatEvidence } from '@vrrp/trackers';

export function faultClause(fault: Fault): string {
  const found = evidenceText(fault);
  return `${describeFault(fault)}${found === undefined ? '' : ` (${found})`}`;
}

/** What a tracker found, in a few words; undefined when it found nothing to speak of. */
export function evidenceText(fault: Fault): string | undefined {
  if (fault.kind !== 'tracker-down' || fault.evidence === undefined) return undefined;
  const text = formatEvidence(fault.evidence);
  return text === '' ? undefined : text;
}
