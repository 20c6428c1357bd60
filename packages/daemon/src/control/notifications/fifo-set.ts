// The FIFOs of a configuration and the programs that read them (keepalived.conf(5), notify_fifo_script): each program is
// started once, and is ended with its FIFO.
import { MILLISECOND, type Clock, type ProcessGroup, type RunAs, type Spawner } from '@vrrp/trackers';
import { failureText } from '../../engine/messages.js';
import type { LogEntry } from '../../log/entry.js';
import type { DesiredCommand, DesiredFifo } from '../../plan/notifications.js';
import { Fifo } from './fifo.js';

type Permit = (command: DesiredCommand) => { readonly user?: RunAs } | { readonly refused: string };

/** From SIGTERM to SIGKILL for a program that reads a FIFO which is gone. */
export const READER_GRACE = 200 * MILLISECOND;

interface Reader {
  readonly group: ProcessGroup;
  ended: boolean;
  onEnd?: () => void;
}

export class FifoSet {
  readonly #clock: Clock;
  readonly #spawner: Spawner;
  readonly #permit: Permit;
  readonly #write: (entry: LogEntry) => void;
  #fifos: readonly Fifo[] = [];
  #readers: readonly Reader[] = [];

  constructor(ports: { clock: Clock; spawner: Spawner }, permit: Permit, write: (entry: LogEntry) => void) {
    this.#clock = ports.clock;
    this.#spawner = ports.spawner;
    this.#permit = permit;
    this.#write = write;
  }

  /** Closes what there was and opens these; one that cannot be opened is said and left out. */
  configure(desired: readonly DesiredFifo[]): void {
    void this.close();
    for (const one of desired) {
      try {
        this.#fifos = [...this.#fifos, new Fifo(one)];
      } catch (error) {
        this.#say('error', `notify FIFO ${one.path} cannot be used: ${failureText(error).message}`);
        continue;
      }
      if (one.script !== undefined) this.#startReader(one.path, one.script);
    }
  }

  /** Returns the FIFOs that have just become full. */
  write(line: string): readonly Fifo[] {
    return this.#fifos.filter((fifo) => fifo.write(line) === 'first-lost');
  }

  /** Resolves when the programs that read them have ended. */
  async close(): Promise<void> {
    const readers = this.#readers;
    for (const fifo of this.#fifos) fifo.close();
    this.#readers = [];
    this.#fifos = [];
    for (const { group } of readers) group.signal('SIGTERM');
    const cancel = this.#clock.schedule(this.#clock.now() + READER_GRACE, () => {
      for (const { group } of readers) group.signal('SIGKILL');
    });
    await Promise.all(readers.map(untilEnded));
    cancel();
  }

  #startReader(path: string, script: DesiredCommand): void {
    const permit = this.#permit(script);
    if ('refused' in permit) {
      this.#say('error', `FIFO script ${script.argv[0] ?? ''} is not run: ${permit.refused}`);
      return;
    }
    const reader: Reader = {
      group: this.#spawner.spawn({ argv: [...script.argv, path], ...permit }, () => {
        this.#say('info', `FIFO script ${script.argv[0] ?? ''} has ended`);
        reader.ended = true;
        reader.onEnd?.();
      }),
      ended: false,
    };
    this.#readers = [...this.#readers, reader];
  }

  #say(level: LogEntry['level'], message: string): void {
    this.#write({ level, message, fields: { event: 'notify-fifo' } });
  }
}

function untilEnded(reader: Reader): Promise<void> {
  return new Promise((resolve) => {
    if (reader.ended) resolve();
    else reader.onEnd = resolve;
  });
}
