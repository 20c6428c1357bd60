// The real file watcher: fs.watch (inotify) on the file's folder, so a file created later or replaced by rename is seen,
// and once a second a look whether that folder is still the one being watched.

import { constants, stat, watch } from 'node:fs';
import type { FSWatcher, Stats } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { MILLISECOND } from '../clock.js';
import { HINT_INTERVAL, READ_LIMIT } from '../file-watcher.js';
import type { FileReading, FileWatcher } from '../file-watcher.js';
import { codeOf, messageOf } from './system-error.js';

export const nodeFileWatcher: FileWatcher = {
  watch(path, onHint) {
    const folderWatch = new FolderWatch(path, onHint);
    return () => folderWatch.close();
  },
  read(path, onReading) {
    void readStart(path).then(onReading);
  },
  write(path, text, onDone) {
    void writeFile(path, text).then(
      () => onDone(undefined),
      (error: unknown) => onDone(messageOf(error)),
    );
  },
};

class FolderWatch {
  readonly #folder: string;
  readonly #file: string;
  readonly #onHint: () => void;
  readonly #timer: NodeJS.Timeout;
  #watcher: FSWatcher | undefined;
  /** Which folder is watched: another of the same name may take its place. */
  #inode: string | undefined;
  #closed = false;

  constructor(path: string, onHint: () => void) {
    this.#folder = dirname(path);
    this.#file = basename(path);
    this.#onHint = onHint;
    this.#timer = setInterval(() => this.#look(), HINT_INTERVAL / MILLISECOND);
    this.#look();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
  }

  #look(): void {
    stat(this.#folder, (error, stats) => {
      if (this.#closed) return;
      const inode = error === null ? inodeOf(stats) : undefined;
      if (inode !== this.#inode || this.#watcher === undefined) this.#rewatch(inode);
      this.#onHint();
    });
  }

  #rewatch(inode: string | undefined): void {
    this.#stopWatching();
    if (inode === undefined) return;
    try {
      const watcher = watch(this.#folder, (_event, name) => {
        if (name === null || name === this.#file) this.#onHint();
      });
      watcher.on('error', () => this.#stopWatching());
      this.#watcher = watcher;
      this.#inode = inode;
    } catch {
      // No folder, no right, no inotify watch left: the look each second goes on, and tries again.
    }
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#inode = undefined;
  }
}

function inodeOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

async function readStart(path: string): Promise<FileReading> {
  try {
    // O_NONBLOCK: opening a FIFO without a writer would block a thread for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(READ_LIMIT), 0, READ_LIMIT, 0);
      return { kind: 'content', text: String.fromCharCode(...buffer.subarray(0, bytesRead)) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'error', message: messageOf(error) };
  }
}
