// A report of a tracker beside what it had said before.
import type { Tracker, TrackerReport } from '@vrrp/trackers';

export interface TrackerTold {
  readonly name: string;
  readonly trackerKind: Tracker['kind'];
  readonly report: TrackerReport;
  /** Undefined until it has found something, or goes on with the result of one before a reload. */
  readonly before: TrackerReport['status'] | undefined;
  /** This is that result, and no finding of its own. */
  readonly carried?: boolean;
}
