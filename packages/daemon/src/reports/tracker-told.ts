// A report of a tracker beside what it had said before.
import type { Tracker, TrackerReport } from '@vrrp/trackers';

export interface TrackerTold {
  readonly name: string;
  readonly trackerKind: Tracker['kind'];
  readonly report: TrackerReport;
  /** Undefined for its first report. */
  readonly before: TrackerReport['status'] | undefined;
}
