// The one stream of reports. Log, notifier, status and guards subscribe to it and know nothing of each other; each hears
// every report in the order in which they were told, also when one of them tells something while it hears.
import type { ControlReport, Report } from './report.js';

export type ReportListener = (report: Report) => void;

export class ReportStream {
  readonly #now: () => number;
  readonly #listeners = new Set<ReportListener>();
  /** What was told while something else was being heard. */
  readonly #waiting: Report[] = [];
  #publishing = false;

  /** @param now microseconds of the machine's monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Returns what ends it. */
  subscribe(listener: ReportListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(report: Report): void {
    this.#waiting.push(report);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#publishing = false;
    }
  }

  /** Publishes what happens now. */
  tell(report: ControlReport): void {
    this.publish({ ...report, at: this.#now() });
  }
}
