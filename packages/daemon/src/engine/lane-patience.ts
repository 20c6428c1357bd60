// When the second lane may begin: not while another advertisement is about to be due. Virtual routers that lose their Master
// together have deadlines that lie as close together as its last advertisements; all of theirs leave before the first address
// is asked for. It does not wait for long, though: with thousands of routers there is always a deadline near.

/** A deadline within so many microseconds is waited for: 255 advertisements of one Master come within 1 to 2 ms. */
export const DEADLINE_NEAR = 1_000;
/** The second lane waits for so many microseconds at most. */
export const PATIENCE_MAX = 20_000;

export class LanePatience {
  #since: number | undefined;

  /**
   * Asked at the end of a turn. @param workAt when the lane has something to do; undefined: nothing.
   * @returns whether it may do it now.
   */
  mayBegin(now: number, workAt: number | undefined, nextDeadline: number | undefined): boolean {
    const hasWork = workAt !== undefined && workAt <= now;
    const isNear = nextDeadline !== undefined && nextDeadline - now <= DEADLINE_NEAR;
    if (!hasWork || !isNear) {
      this.#since = undefined;
      return hasWork;
    }
    this.#since ??= now;
    if (now - this.#since < PATIENCE_MAX) return false;
    this.#since = undefined;
    return true;
  }

  /** When the lane has to be looked at again: it waits for the deadline, not in circles. */
  nextAt(workAt: number | undefined): number | undefined {
    return workAt === undefined || this.#since === undefined ? workAt : Math.max(workAt, this.#since + PATIENCE_MAX);
  }
}
