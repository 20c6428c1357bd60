// The contract every tracker keeps: it reports what it knows, when it changes, with its weight and its evidence.
// A check that cannot be run is a failing check with that reason, never a healthy one.

export type TrackerStatus = 'up' | 'down' | 'unknown';

/** What a report does to a priority: adds to it, or (weight 0) opens and closes the way to being Master. */
export type Contribution =
  | { readonly kind: 'weight'; readonly value: number }
  | { readonly kind: 'gate'; readonly open: boolean };

/** Why a check has the result it has. */
export type Evidence =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout'; readonly after: number /* µs */ }
  | { readonly kind: 'exec-error'; readonly message: string }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'none' };

export interface TrackerReport {
  readonly tracker: string;
  /** Microseconds on the tracker's clock. */
  readonly at: number;
  readonly status: TrackerStatus;
  readonly contribution: Contribution;
  readonly evidence: Evidence;
}

export interface Tracker {
  readonly name: string;
  readonly kind: 'script' | 'process' | 'file' | 'interface';
  /** Starts; the listener hears every change of status and every change of evidence. */
  start(listener: (report: TrackerReport) => void): void;
  /** Stops, ends what it started (whole process groups), resolves when nothing of it is left. */
  close(): Promise<void>;
}
