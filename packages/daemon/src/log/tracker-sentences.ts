// Tracker reports -> log lines: keepalived's VRRP_Script sentences.
import { formatEvidence, type TrackerReport } from '@vrrp/trackers';
import type { LogEntry } from './entry.js';

/** Reports come on changes only, so every one is a line. */
export function trackerEntries(name: string, report: TrackerReport): readonly LogEntry[] {
  const fields = { tracker: name, status: report.status, evidence: report.evidence, monotonic: report.at };
  if (report.status === 'unknown') return [];
  if (report.status === 'up') return [{ level: 'info', message: `VRRP_Script(${name}) succeeded`, fields }];
  return [{ level: 'warning', message: `VRRP_Script(${name}) ${failure(report)}`, fields }];
}

function failure({ evidence }: TrackerReport): string {
  if (evidence.kind === 'exit') return `failed (exited with status ${evidence.status})`;
  if (evidence.kind === 'signal') return `failed (due to signal ${evidence.signal})`;
  if (evidence.kind === 'timeout') return 'timed_out';
  return `failed (${formatEvidence(evidence)})`;
}
