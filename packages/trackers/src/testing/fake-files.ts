// Files that exist only in memory, with hints in virtual time. Passes the same contract as the real watcher (filesContract).

import type { Clock } from '../clock.js';
import { HINT_INTERVAL, READ_LIMIT } from '../file-watcher.js';
import type { FileReading, FileWatcher } from '../file-watcher.js';

export class FakeFiles implements FileWatcher {
  readonly #clock: Clock;
  readonly #files = new Map<string, FileReading>();
  readonly #watches = new Map<() => void, string>();
  /** Changes bring no hints while this is set: a network file system. */
  silent = false;
  /** µs from `read` to its answer, which shows the file at the time of the call: a slow disk. */
  readTakes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a program would do to a file; undefined removes it. */
  put(path: string, text: string | undefined): void {
    this.#set(path, text === undefined ? undefined : { kind: 'content', text });
  }

  /** From now on the file is there and cannot be read. */
  break(path: string, message: string): void {
    this.#set(path, { kind: 'error', message });
  }

  watch(path: string, onHint: () => void): () => void {
    const hint = (): void => onHint();
    this.#watches.set(hint, path);
    const again = (): void => {
      cancel = this.#clock.schedule(this.#clock.now() + HINT_INTERVAL, again);
      onHint();
    };
    let cancel = this.#clock.schedule(this.#clock.now() + HINT_INTERVAL, again);
    return () => {
      this.#watches.delete(hint);
      cancel();
    };
  }

  read(path: string, onReading: (reading: FileReading) => void): void {
    const found = this.#files.get(path) ?? { kind: 'missing' };
    const reading = found.kind === 'content' ? { ...found, text: found.text.slice(0, READ_LIMIT) } : found;
    this.#clock.schedule(this.#clock.now() + this.readTakes, () => onReading(reading));
  }

  write(path: string, text: string, onDone: (problem: string | undefined) => void): void {
    this.#soon(() => {
      const reading = this.#files.get(path);
      if (reading?.kind === 'error') {
        onDone(reading.message);
        return;
      }
      this.put(path, text);
      onDone(undefined);
    });
  }

  #set(path: string, reading: FileReading | undefined): void {
    if (reading === undefined) this.#files.delete(path);
    else this.#files.set(path, reading);
    if (this.silent) return;
    for (const [hint, watched] of this.#watches) {
      if (watched !== path) continue;
      this.#soon(() => {
        if (this.#watches.has(hint)) hint();
      });
    }
  }

  #soon(callback: () => void): void {
    this.#clock.schedule(this.#clock.now(), callback);
  }
}
