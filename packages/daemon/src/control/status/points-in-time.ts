// When something happened, on the wall clock. The monotonic clocks say how long ago; worked out anew for every answer that
// would differ by a little each time, and whoever compares (a metric's `changes`) would see changes that are none.

export class PointsInTime {
  readonly #known = new Map<string, { readonly at: number; readonly wall: number }>();

  /**
   * Milliseconds since 1970, the same for the same `what` and `at` from the first time on.
   * @param at when it happened, and `now`: microseconds of one monotonic clock
   * @param wall milliseconds since 1970, now
   */
  wallTime(what: string, at: number, now: number, wall: number): number {
    const known = this.#known.get(what);
    if (known?.at === at) return known.wall;
    const found = wall - Math.round((now - at) / MICROS_PER_MILLISECOND);
    this.#known.set(what, { at, wall: found });
    return found;
  }

  /** Forgets all but these. */
  keep(whats: ReadonlySet<string>): void {
    for (const what of this.#known.keys()) if (!whats.has(what)) this.#known.delete(what);
  }
}

const MICROS_PER_MILLISECOND = 1_000;
