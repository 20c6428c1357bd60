// A FIFO that programs read changes from (keepalived.conf(5), notify_fifo). Opened for reading and writing and without
// waiting, so that a reader may come and go; a line that does not fit is lost and counted, never waited for.
import { spawnSync } from 'node:child_process';
import { chownSync, closeSync, constants, lstatSync, openSync, unlinkSync, writeSync } from 'node:fs';
import type { DesiredFifo } from '../../plan/notifications.js';
import { runAs } from '../accounts.js';

/** Less the umask, as keepalived: the daemon's own, 0177, makes it 0600. */
const MODE = 0o644;

export class Fifo {
  readonly path: string;
  /** We made it, and remove it. */
  readonly isOurs: boolean;
  readonly #descriptor: number;
  #lost = 0;
  #losing = false;

  /** Creates it unless it is there. Throws an error that says what could not be done. */
  constructor({ path, user, group }: DesiredFifo) {
    this.path = path;
    this.isOurs = !isThere(path);
    if (this.isOurs) create(path, user, group);
    this.#descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  }

  /** Lines that found the pipe full. */
  get lost(): number {
    return this.#lost;
  }

  /** `lost` for a line that found the pipe full, `first-lost` when the one before it was written. */
  write(line: string): 'written' | 'lost' | 'first-lost' {
    try {
      writeSync(this.#descriptor, line);
      this.#losing = false;
      return 'written';
    } catch {
      this.#lost += 1;
      const first = !this.#losing;
      this.#losing = true;
      return first ? 'first-lost' : 'lost';
    }
  }

  /** Readers see its end; removed if it was ours. */
  close(): void {
    closeSync(this.#descriptor);
    if (!this.isOurs) return;
    try {
      unlinkSync(this.path);
    } catch {
      // Somebody else removed it.
    }
  }
}

function isThere(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (!found.isFIFO()) throw new Error(`${path} is there and is not a FIFO`);
  return true;
}

/** Node.js has no mkfifo(3); coreutils has. */
function create(path: string, user: string | undefined, group: string | undefined): void {
  const owner = user === undefined ? undefined : runAs(user, group);
  if (user !== undefined && owner === undefined) throw new Error(`there is no user ${user}`);
  const mode = (MODE & ~process.umask()).toString(8);
  const { status, stderr, error } = spawnSync('mkfifo', ['-m', mode, '--', path], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(stderr.trim());
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid);
}
