// Callbacks waiting for their times, in order. Both clocks keep one: the real one arms a single timer for the first entry,
// FakeClock jumps to it. Pure: it does not know what time it is.

interface Entry {
  readonly at: number;
  readonly callback: () => void;
}

export class TimerQueue {
  /** Sorted by time; entries of one time in the order they were added. */
  readonly #entries: Entry[] = [];

  /** The time (µs) of the first entry. */
  get first(): number | undefined {
    return this.#entries[0]?.at;
  }

  /** Returns what takes the entry back; calling that late or twice does nothing. */
  add(at: number, callback: () => void): () => void {
    const entry: Entry = { at, callback };
    const index = this.#entries.findLastIndex((other) => other.at <= at);
    this.#entries.splice(index + 1, 0, entry);
    return () => {
      const found = this.#entries.indexOf(entry);
      if (found !== -1) this.#entries.splice(found, 1);
    };
  }

  /** Takes the first entry out if its time has come. */
  takeDue(now: number): (() => void) | undefined {
    const [first] = this.#entries;
    if (first === undefined || first.at > now) return undefined;
    this.#entries.shift();
    return first.callback;
  }
}
