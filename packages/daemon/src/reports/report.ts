// Everything that one part of the daemon tells and others read, as one type: what the engine, the trackers, the link beats,
// the notifier and the control thread saw and did. Plain data; whoever needs a sentence makes it (log/).
import type { BeatObservation, TrackerObservation } from '@vrrp/trackers';
import type { EngineReport, FailureText } from '../engine/messages.js';
import type { LifecycleEvent } from './lifecycle-event.js';
import type { NotificationReport } from './notification-report.js';
import type { TrackerTold } from './tracker-told.js';

/** `at` is in microseconds of the machine's monotonic clock. */
export type Report = EngineReport | ({ readonly at: number } & ControlReport);

/** What the control thread's own parts tell. */
export type ControlReport =
  | { readonly kind: 'lifecycle'; readonly event: LifecycleEvent }
  | { readonly kind: 'tracker-told'; readonly told: TrackerTold }
  | { readonly kind: 'tracker-observed'; readonly observation: TrackerObservation }
  | { readonly kind: 'linkbeat-observed'; readonly observation: BeatObservation }
  | ({ readonly kind: 'notification' } & NotificationReport)
  /** The engine computed without a pause, and takes its turn like everybody for so long; or could not be made to. */
  | { readonly kind: 'realtime-paused'; readonly thread: number; readonly seconds: number }
  | { readonly kind: 'realtime-pause-failed'; readonly thread: number; readonly error: FailureText }
  | { readonly kind: 'status-socket'; readonly path: string; readonly outcome: StatusSocketOutcome };

export type StatusSocketOutcome =
  { readonly kind: 'open' } | { readonly kind: 'in-use' } | { readonly kind: 'failed'; readonly message: string };
