// Tracker reports -> log lines: keepalived's sentences about scripts and processes (seen on 2.2.7). What a tracked file
// holds only shows in the virtual routers' own lines there; here its changes are a detail line of our own.
import { formatEvidence, isSuccess, signalNumber, type TrackerObservation, type TrackerReport } from '@vrrp/trackers';
import { assertNever } from '../assert-never.js';
import type { TrackerTold } from '../reports/tracker-told.js';
import type { LogEntry } from './entry.js';

/**
 * Reports come on changes of status and of evidence only. A script's result is said when it changes; what a run found
 * meanwhile that speaks against it (rise, fall) is no result, and another exit status has a line of its own.
 */
export function trackerEntries({ name, trackerKind, report, before, carried }: TrackerTold): readonly LogEntry[] {
  const { status, evidence, at } = report;
  const reason = formatEvidence(evidence);
  const fields = { event: 'tracker', tracker: name, trackerKind, status, reason, evidence, monotonic: at };
  if (status === 'unknown') return [];
  switch (trackerKind) {
    case 'script':
      if (carried === true) {
        const result = status === 'up' ? 'successful' : 'unsuccessful';
        return [{ level: 'info', message: `VRRP_Script(${name}) considered ${result} on reload`, fields }];
      }
      // init_fail: nothing is known yet.
      if (evidence.kind === 'none') return [];
      if (status === before && (status === 'up' || isSuccess(evidence) || evidence.kind === 'exit')) return [];
      if (status === 'up') return [{ level: 'info', message: `VRRP_Script(${name}) succeeded`, fields }];
      return [{ level: 'warning', message: `VRRP_Script(${name}) ${failure(report)}`, fields }];
    case 'process': {
      // keepalived says nothing of what it finds at start.
      const message = `Quorum ${status === 'up' ? 'gained' : 'lost'} for tracked process ${name}`;
      const detail = before === undefined || before === status;
      const text = detail ? `Tracked process ${name}: ${processCount(report)}` : message;
      return [{ level: !detail && status === 'down' ? 'warning' : 'info', message: text, fields, detail }];
    }
    case 'file':
      if (evidence.kind === 'exec-error')
        return [{ level: 'warning', message: `Tracked file ${name} cannot be read: ${evidence.message}`, fields }];
      return [{ level: 'info', message: `Tracked file ${name}: ${formatEvidence(evidence)}`, fields, detail: true }];
    default:
      return assertNever(trackerKind);
  }
}

/** What happened beside the reports: runs that were skipped, and what could not be done with a file. */
export function trackerObservationEntries(observation: TrackerObservation): readonly LogEntry[] {
  const { tracker, at } = observation;
  const fields = { event: observation.kind, tracker, monotonic: at };
  switch (observation.kind) {
    case 'run-finished':
      return [];
    case 'exit-status-changed': {
      const { status } = observation;
      return [
        { level: 'info', message: `Script \`${tracker}\` now returning ${status}`, fields: { ...fields, status } },
      ];
    }
    case 'run-skipped': {
      const state = observation.reason === 'running' ? 'already running, expect idle' : 'being timed out, expect idle';
      return [{ level: 'warning', message: `Track script ${tracker} is ${state} - skipping run`, fields }];
    }
    case 'value-ignored':
      return [
        { level: 'warning', message: `Tracked file ${tracker}: its number is ${observation.reason}, ignoring`, fields },
      ];
    case 'file-not-written':
      return [
        { level: 'warning', message: `Tracked file ${tracker} could not be written: ${observation.reason}`, fields },
      ];
    default:
      return assertNever(observation);
  }
}

function processCount({ evidence, status }: TrackerReport): string {
  const count = evidence.kind === 'value' ? evidence.value : 0;
  return `${count} running, quorum ${status === 'up' ? 'achieved' : 'not achieved'}`;
}

function failure({ evidence }: TrackerReport): string {
  if (evidence.kind === 'exit') return `failed (exited with status ${evidence.status})`;
  if (evidence.kind === 'signal') return `failed (due to signal ${signalNumber(evidence.signal) ?? evidence.signal})`;
  if (evidence.kind === 'timeout') return 'timed_out';
  return `failed (${formatEvidence(evidence)})`;
}
