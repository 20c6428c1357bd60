// Waits for something real to happen, with a limit that says what did not happen. The limits are for broken programs:
// nothing waits a fixed time here.

/** How long a program may take to do what a test waits for, in milliseconds, unless the test says otherwise. */
export const PATIENCE_MS = 10_000;
/** How often a state is looked at that nobody reports, in milliseconds. */
const POLL_MS = 20;

/** A list that grows, and those who wait for an entry of it. */
export class Feed<T> {
  readonly entries: T[] = [];
  readonly #wakers = new Set<() => void>();

  push(entry: T): void {
    this.entries.push(entry);
    for (const wake of this.#wakers) wake();
  }

  /**
   * Resolves with the first entry, from index `from` on, that satisfies. Rejects after `within` milliseconds with `what`
   * and what `context` says then.
   */
  waitFor(options: {
    readonly what: string;
    readonly satisfies: (entry: T) => boolean;
    readonly from?: number;
    readonly within?: number;
    readonly context?: () => string;
  }): Promise<T> {
    const within = options.within ?? PATIENCE_MS;
    let next = options.from ?? 0;
    return new Promise((resolve, reject) => {
      const finish = (conclude: () => void): void => {
        clearTimeout(timer);
        this.#wakers.delete(look);
        conclude();
      };
      const look = (): void => {
        for (; next < this.entries.length; next++) {
          const entry = this.entries[next];
          if (entry !== undefined && options.satisfies(entry)) return finish(() => resolve(entry));
        }
      };
      const timer = setTimeout(() => {
        const context = options.context === undefined ? '' : `\n${options.context()}`;
        finish(() => reject(new Error(`not within ${within} ms: ${options.what}${context}`)));
      }, within);
      this.#wakers.add(look);
      look();
    });
  }
}

/** Resolves when the promise does, rejects with `what` when it takes longer than `within` milliseconds. */
export function withDeadline<T>(what: string, promise: Promise<T>, within: number = PATIENCE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${within} ms: ${what}`)), within);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Looks again and again until `look` resolves with something, and resolves with that. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  within: number = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + within;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
