// Report -> log lines: every kind of report has its file of sentences, and this is where they meet.
import type { EngineReport } from '../engine/messages.js';
import type { Report } from '../reports/report.js';
import type { RouterIdentity } from '../reports/router-identity.js';
import { realtimePauseEntry, realtimePauseFailedEntry, statusSocketEntry } from './control-sentences.js';
import type { LogEntry } from './entry.js';
import { lifecycleEntries } from './lifecycle-sentences.js';
import { linkbeatEntries } from './linkbeat-sentences.js';
import { notificationEntries } from './notification-sentences.js';
import { reportEntries } from './report-sentences.js';
import { trackerEntries, trackerObservationEntries } from './tracker-sentences.js';

/** @param routerOf who a virtual router's key stands for; undefined once it is gone. */
export function logEntries(report: Report, routerOf: (key: string) => RouterIdentity | undefined): readonly LogEntry[] {
  switch (report.kind) {
    case 'lifecycle':
      return lifecycleEntries(report.event);
    case 'tracker-told':
      return trackerEntries(report.told);
    case 'tracker-observed':
      return trackerObservationEntries(report.observation);
    case 'linkbeat-observed':
      return linkbeatEntries(report.observation);
    case 'notification':
      return notificationEntries(report);
    case 'realtime-paused':
      return [realtimePauseEntry(report)];
    case 'realtime-pause-failed':
      return [realtimePauseFailedEntry(report)];
    case 'status-socket':
      return [statusSocketEntry(report)];
    default:
      return reportEntries(report satisfies EngineReport, routerOf);
  }
}
