// The file tracker (keepalived.conf(5), track_file): reports the number a file holds each time it changes.
// No file is the number 0. A file that is there and cannot be read fails, with the reason.
// COMPAT: keepalived drops a file whose folder does not exist; here it counts as 0 until folder and file appear.

import type { Cancel, Clock } from './clock.js';
import { MILLISECOND } from './clock.js';
import { parseFileValue } from './file-value.js';
import type { FileReading, FileWatcher } from './file-watcher.js';
import { createNodeClock } from './node/clock.js';
import { nodeFileWatcher } from './node/file-watcher.js';
import { TrackerLife } from './tracker-life.js';
import type { Evidence, Tracker, TrackerObservation, TrackerReport } from './tracker.js';

export interface FileTrackerOptions {
  readonly name: string;
  readonly path: string;
  /** Written at start if there is no file, with `overwrite` in any case. */
  readonly initFile?: { readonly value: number; readonly overwrite: boolean };
  readonly observe?: (observation: TrackerObservation) => void;
}

export interface FilePorts {
  readonly clock: Clock;
  readonly files: FileWatcher;
}

/** From a hint until the file is read: the writes of one change come together. */
export const SETTLE = 5 * MILLISECOND;
/** A file found empty or gone may be between two steps of its writer (truncate and write); it is looked at again. */
export const EMPTY_SETTLE = 40 * MILLISECOND;

export function createFileTracker(
  options: FileTrackerOptions,
  ports: FilePorts = { clock: createNodeClock(), files: nodeFileWatcher },
): Tracker {
  return new FileTracker(options, ports);
}

class FileTracker implements Tracker {
  readonly name: string;
  readonly kind = 'file';
  readonly #options: FileTrackerOptions;
  readonly #ports: FilePorts;
  readonly #life: TrackerLife;
  #unwatch: () => void = () => undefined;
  #cancelRead: Cancel | undefined;
  /** A reading is on its way; a hint in between wants another. */
  #reading = false;
  #hinted = false;
  /** When the file was first found empty or gone after it held a number other than 0. */
  #emptySince: number | undefined;
  #value: number | undefined;

  constructor(options: FileTrackerOptions, ports: FilePorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
    this.#life = new TrackerLife(this.name, ports.clock);
  }

  start(listener: (report: TrackerReport) => void): void {
    this.#life.begin(listener);
    const { initFile, path } = this.#options;
    const { files } = this.#ports;
    if (initFile === undefined) this.#watch();
    else if (initFile.overwrite) this.#initialise(initFile.value);
    else files.read(path, ({ kind }) => (kind === 'missing' ? this.#initialise(initFile.value) : this.#watch()));
  }

  close(): Promise<void> {
    this.#life.end();
    this.#unwatch();
    this.#cancelRead?.();
    return Promise.resolve();
  }

  #initialise(value: number): void {
    if (this.#life.isOver) return;
    this.#ports.files.write(this.#options.path, `${value}\n`, (problem) => {
      if (problem !== undefined) this.#observe({ kind: 'file-not-written', reason: problem });
      this.#watch();
    });
  }

  #watch(): void {
    if (this.#life.isOver) return;
    this.#unwatch = this.#ports.files.watch(this.#options.path, () => this.#hint());
    this.#read();
  }

  #hint(): void {
    if (this.#reading) this.#hinted = true;
    else this.#readAfter(SETTLE);
  }

  #readAfter(delay: number): void {
    const { clock } = this.#ports;
    this.#cancelRead ??= clock.schedule(clock.now() + delay, () => this.#read());
  }

  #read(): void {
    this.#cancelRead = undefined;
    this.#reading = true;
    this.#hinted = false;
    this.#ports.files.read(this.#options.path, (reading) => {
      this.#reading = false;
      if (this.#life.isOver) return;
      this.#take(reading);
      if (this.#hinted) this.#readAfter(SETTLE);
    });
  }

  #take(reading: FileReading): void {
    const empty = reading.kind === 'missing' || (reading.kind === 'content' && reading.text === '');
    if (!empty) this.#emptySince = undefined;
    else if (!this.#isEmptyForLong()) return;
    if (reading.kind === 'error') {
      this.#value = undefined;
      this.#report({ kind: 'exec-error', message: reading.message });
      return;
    }
    const value = reading.kind === 'missing' ? 0 : parseFileValue(reading.text);
    if (value === undefined) {
      this.#observe({ kind: 'value-ignored', reason: 'outside -2147483648..2147483647' });
      // Nothing to keep before the first number: the file counts as holding none.
      if (this.#value !== undefined) return;
    }
    this.#value = value ?? 0;
    this.#report({ kind: 'value', value: this.#value });
  }

  #isEmptyForLong(): boolean {
    if (this.#value === undefined || this.#value === 0) return true;
    const now = this.#ports.clock.now();
    this.#emptySince ??= now;
    const left = this.#emptySince + EMPTY_SETTLE - now;
    if (left <= 0) return true;
    this.#readAfter(left);
    return false;
  }

  #report(evidence: Evidence): void {
    this.#life.report(this.#value === 0 ? 'up' : 'down', evidence);
  }

  #observe(body: { readonly kind: 'file-not-written' | 'value-ignored'; readonly reason: string }): void {
    this.#options.observe?.({ tracker: this.name, at: this.#ports.clock.now(), ...body });
  }
}
