// The engine's one queue of deadlines: an indexed binary heap, so that moving a deadline costs O(log n) and the earliest
// one is at hand. Ties come out in the order in which they were set, so that runs are reproducible.

interface Entry<Key> {
  readonly key: Key;
  at: number;
  order: number;
  index: number;
}

export class DeadlineQueue<Key> {
  readonly #heap: Entry<Key>[] = [];
  readonly #entries = new Map<Key, Entry<Key>>();
  #order = 0;

  /** Sets, moves or (undefined) takes away the deadline of `key`, in microseconds. */
  set(key: Key, at: number | undefined): void {
    const entry = this.#entries.get(key);
    if (at === undefined) {
      if (entry !== undefined) this.#remove(entry);
    } else if (entry === undefined) {
      const added = { key, at, order: this.#order++, index: this.#heap.length };
      this.#entries.set(key, added);
      this.#heap.push(added);
      this.#up(added);
    } else if (entry.at !== at) {
      entry.at = at;
      entry.order = this.#order++;
      this.#up(entry);
      this.#down(entry);
    }
  }

  /** The earliest deadline. */
  next(): number | undefined {
    return this.#heap[0]?.at;
  }

  /** Keys whose deadline has come by `now`, earliest first; they stay in the queue until set anew. */
  due(now: number): Key[] {
    const due: Entry<Key>[] = [];
    // Below an entry that is not due none is.
    const collect = (index: number): void => {
      const entry = this.#heap[index];
      if (entry === undefined || entry.at > now) return;
      due.push(entry);
      collect(2 * index + 1);
      collect(2 * index + 2);
    };
    collect(0);
    due.sort((a, b) => a.at - b.at || a.order - b.order);
    return due.map((entry) => entry.key);
  }

  #remove(entry: Entry<Key>): void {
    this.#entries.delete(entry.key);
    const last = this.#heap.pop();
    if (last === undefined || last === entry) return;
    this.#place(last, entry.index);
    this.#up(last);
    this.#down(last);
  }

  #up(entry: Entry<Key>): void {
    while (entry.index > 0) {
      const parentIndex = (entry.index - 1) >> 1;
      const parent = this.#heap[parentIndex];
      if (parent === undefined || !precedes(entry, parent)) return;
      const at = entry.index;
      this.#place(entry, parentIndex);
      this.#place(parent, at);
    }
  }

  #down(entry: Entry<Key>): void {
    for (;;) {
      const left = this.#heap[2 * entry.index + 1];
      const right = this.#heap[2 * entry.index + 2];
      const child = right !== undefined && left !== undefined && precedes(right, left) ? right : left;
      if (child === undefined || !precedes(child, entry)) return;
      const at = entry.index;
      this.#place(entry, child.index);
      this.#place(child, at);
    }
  }

  #place(entry: Entry<Key>, index: number): void {
    entry.index = index;
    this.#heap[index] = entry;
  }
}

function precedes<Key>(a: Entry<Key>, b: Entry<Key>): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
