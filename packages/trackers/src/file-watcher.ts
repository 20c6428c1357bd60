// The port through which a file tracker sees its file. Implemented by src/node/file-watcher.ts and by FakeFiles;
// both pass the same contract (./testing).

export type FileReading =
  /** The first bytes of the file, one character each. */
  | { readonly kind: 'content'; readonly text: string }
  | { readonly kind: 'missing' }
  /** It is there and cannot be read. */
  | { readonly kind: 'error'; readonly message: string };

export interface FileWatcher {
  /**
   * Calls `onHint` when the file may have changed: written, created, replaced, removed. A hint may come for nothing;
   * one that was missed (a symbolic link's target, a network file system, a folder that is not there yet) is made up for
   * within `HINT_INTERVAL`. Never from within `watch`. Returns what stops the watch.
   */
  watch(path: string, onHint: () => void): () => void;
  /** Reads the first `READ_LIMIT` bytes; `onReading` is called once, never from within `read`. */
  read(path: string, onReading: (reading: FileReading) => void): void;
  /** Replaces the file's content, creating it; `onDone` is called once with what went wrong, never from within `write`. */
  write(path: string, text: string, onDone: (problem: string | undefined) => void): void;
}

/** µs after which a missed hint is made up for. */
export const HINT_INTERVAL = 1_000_000;
/** Bytes of a tracked file that count, as in keepalived. */
export const READ_LIMIT = 127;
