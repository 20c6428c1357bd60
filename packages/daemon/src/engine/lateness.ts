// How late the engine's timer was: counts by how much, for a histogram. A fixed number of numbers, nothing is kept for each
// wake-up.
import type { LatenessCounts } from './messages.js';

/** Upper bounds in microseconds; what is later than the last one is counted without a bucket. */
export const LATENESS_BOUNDS: readonly number[] = [
  500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000,
];

export class Lateness {
  readonly #buckets = LATENESS_BOUNDS.map(() => 0);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** @param lateness microseconds from the deadline to the wake-up, not negative. */
  add(lateness: number): void {
    this.#count += 1;
    this.#sum += lateness;
    if (lateness > this.#max) this.#max = lateness;
    const bucket = LATENESS_BOUNDS.findIndex((bound) => lateness <= bound);
    if (bucket >= 0) this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  get counts(): LatenessCounts {
    return { count: this.#count, sum: this.#sum, max: this.#max, buckets: [...this.#buckets] };
  }
}
