// When a router that got no socket tries again: soon at first, then less and less often, and for as long as it takes.
import { retryDelay } from '../reconcile/kept-object.js';
import { DeadlineQueue } from './deadline-queue.js';

export class Retries<Key> {
  readonly #deadlines = new DeadlineQueue<Key>();
  readonly #failures = new Map<Key, number>();

  failed(key: Key, now: number): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    this.#deadlines.set(key, now + retryDelay(failures));
  }

  succeeded(key: Key): void {
    if (this.#failures.delete(key)) this.#deadlines.set(key, undefined);
  }

  next(): number | undefined {
    return this.#deadlines.next();
  }

  /** What is to be tried now; it stays until it failed again or succeeded. */
  due(now: number): readonly Key[] {
    return this.#deadlines.due(now);
  }
}
