// The contract every tracker keeps: it reports what it knows, when it changes, with its evidence. What a report is worth
// is the virtual router's to say. A check that cannot be run is a failing check with that reason, never a healthy one.

export type TrackerStatus = 'up' | 'down' | 'unknown';

/** Why a check has the result it has. */
export type Evidence =
  | { readonly kind: 'exit'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'timeout'; readonly after: number /* µs */ }
  | { readonly kind: 'exec-error'; readonly message: string }
  /** The number in a tracked file, or how many processes match. */
  | { readonly kind: 'value'; readonly value: number }
  /** What a built-in check (tcp, http, ping, file, systemd) found; `detail` is for people and never carries a measurement. */
  | { readonly kind: 'check'; readonly result: CheckResult; readonly detail: string }
  | { readonly kind: 'none' };

export type CheckResult =
  | 'passed'
  | 'refused'
  | 'unreachable'
  | 'name-not-found'
  | 'connection-lost'
  | 'tls-failure'
  | 'http-status'
  | 'http-content'
  | 'file-missing'
  | 'file-stale'
  | 'unit-inactive'
  | 'unit-missing';

export interface TrackerReport {
  readonly tracker: string;
  /** Microseconds on the tracker's clock. */
  readonly at: number;
  /** What was found, never reversed: `up` is success, quorum, or the number 0 in a file. */
  readonly status: TrackerStatus;
  readonly evidence: Evidence;
}

/** What happened beside the reports: for logs and metrics, never for decisions. */
export type TrackerObservation = { readonly tracker: string; readonly at: number /* µs */ } & (
  | { readonly kind: 'run-finished'; readonly evidence: Evidence; readonly duration: number /* µs */ }
  /** A run ended with another exit status than the one before it that had one; 0 is what the first is compared with. */
  | { readonly kind: 'exit-status-changed'; readonly status: number }
  /** A tick came while the run before it was still there: `running`, or past its timeout and `being-ended`. */
  | { readonly kind: 'run-skipped'; readonly reason: 'running' | 'being-ended' }
  /** A tracked file's number does not fit: the one before it stands. */
  | { readonly kind: 'value-ignored'; readonly reason: string }
  /** `init_file` could not be carried out. */
  | { readonly kind: 'file-not-written'; readonly reason: string }
);

export interface Tracker {
  readonly name: string;
  readonly kind: 'script' | 'process' | 'file';
  /** Starts; the listener hears every change of status and every change of evidence. */
  start(listener: (report: TrackerReport) => void): void;
  /** Stops, ends what it started (whole process groups), resolves when nothing of it is left. */
  close(): Promise<void>;
}
