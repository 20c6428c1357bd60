// The FIFOs of a configuration and the programs that read them (keepalived.conf(5), notify_fifo_script): each program is
// started once, and is ended with its FIFO.
import { MILLISECOND, type Cancel, type Clock, type ProcessGroup, type RunAs, type Spawner } from '@vrrp/trackers';
import { failureText } from '../../engine/messages.js';
import type { DesiredCommand, DesiredFifo } from '../../plan/notifications.js';
import type { FifoReport } from '../../reports/notification-report.js';
import { Fifo } from './fifo.js';

type Permit = (command: DesiredCommand) => { readonly user?: RunAs } | { readonly refused: string };

/** A program whose FIFO is gone may read on for the first, gets SIGTERM then, and SIGKILL after the second. */
export const READER_PATIENCE = 300 * MILLISECOND;
export const READER_GRACE = 500 * MILLISECOND;

interface Reader {
  readonly group: ProcessGroup;
  /** Its FIFO was there before us and stays: whoever reads it next must not share it. */
  readonly isShared: boolean;
  ended: boolean;
  onEnd?: () => void;
}

/** The FIFOs of a configuration to come. */
export interface PreparedFifos {
  /** Which cannot be had: the others can. */
  readonly problems: readonly (FifoReport & { readonly kind: 'unusable' })[];
  /** Puts them in the place of what there was, and reports which are left out. Resolves when the programs that read that have ended. */
  commit(): Promise<void>;
  /** Nothing has been. */
  cancel(): void;
}

export type FifoLoss = Pick<Fifo, 'path' | 'lost'>;

export class FifoSet {
  readonly #clock: Clock;
  readonly #spawner: Spawner;
  readonly #permit: Permit;
  readonly #report: (report: FifoReport) => void;
  #fifos: readonly Fifo[] = [];
  #readers: readonly Reader[] = [];

  constructor(ports: { clock: Clock; spawner: Spawner }, permit: Permit, report: (report: FifoReport) => void) {
    this.#clock = ports.clock;
    this.#spawner = ports.spawner;
    this.#permit = permit;
    this.#report = report;
  }

  /** Opens these beside what there is. */
  prepare(desired: readonly DesiredFifo[]): PreparedFifos {
    const opened: { readonly fifo: Fifo; readonly script: DesiredCommand | undefined }[] = [];
    const unusable: (FifoReport & { readonly kind: 'unusable' })[] = [];
    for (const one of desired) {
      try {
        const replaces = this.#fifos.some(({ path, isOurs }) => isOurs && path === one.path);
        opened.push({ fifo: new Fifo(one, replaces), script: one.script });
      } catch (error) {
        unusable.push({ kind: 'unusable', path: one.path, reason: failureText(error).message });
      }
    }
    return {
      problems: unusable,
      commit: () => {
        for (const { fifo } of opened) fifo.install();
        const before = this.#close();
        this.#fifos = opened.map(({ fifo }) => fifo);
        for (const one of unusable) this.#report(one);
        for (const { fifo, script } of opened) if (script !== undefined) this.#startReader(fifo, script);
        return before;
      },
      cancel: () => opened.forEach(({ fifo }) => fifo.close()),
    };
  }

  /** How many lines each has lost since it was opened, because nobody read the ones before them. */
  get losses(): readonly FifoLoss[] {
    return this.#fifos.map(({ path, lost }) => ({ path, lost }));
  }

  write(line: string): void {
    for (const fifo of this.#fifos) {
      if (fifo.write(line) === 'first-lost') this.#report({ kind: 'full', path: fifo.path, lost: fifo.lost });
    }
  }

  /** Resolves when the programs that read them have ended: by themselves, when they have read the last line, or not. */
  close(): Promise<void> {
    return this.#close();
  }

  async #close(): Promise<void> {
    const readers = this.#readers;
    for (const fifo of this.#fifos) fifo.close();
    this.#readers = [];
    this.#fifos = [];
    for (const { group, isShared } of readers) if (isShared) group.signal('SIGTERM');
    const signalAll = (after: number, signal: 'SIGTERM' | 'SIGKILL'): Cancel =>
      this.#clock.schedule(this.#clock.now() + after, () => {
        for (const { group, ended } of readers) if (!ended) group.signal(signal);
      });
    const cancels = [signalAll(READER_PATIENCE, 'SIGTERM'), signalAll(READER_GRACE, 'SIGKILL')];
    await Promise.all(readers.map(untilEnded));
    for (const cancel of cancels) cancel();
  }

  #startReader({ path, isOurs }: Fifo, script: DesiredCommand): void {
    const permit = this.#permit(script);
    const program = script.argv[0] ?? '';
    if ('refused' in permit) {
      this.#report({ kind: 'reader-refused', program, reason: permit.refused });
      return;
    }
    const reader: Reader = {
      group: this.#spawner.spawn({ argv: [...script.argv, path], ...permit }, () => {
        this.#report({ kind: 'reader-ended', program });
        reader.ended = true;
        reader.onEnd?.();
      }),
      isShared: !isOurs,
      ended: false,
    };
    this.#readers = [...this.#readers, reader];
  }
}

function untilEnded(reader: Reader): Promise<void> {
  return new Promise((resolve) => {
    if (reader.ended) resolve();
    else reader.onEnd = resolve;
  });
}
