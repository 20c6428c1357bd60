// A FIFO that programs read changes from (keepalived.conf(5), notify_fifo). Opened for reading and writing and without
// waiting, so that a reader may come and go; a line that does not fit is lost and counted, never waited for. It is made
// beside its place and moved there when it is put into use: until then nothing has changed.
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { makeFifo } from '@vrrp/netlink-native';
import type { DesiredFifo } from '../../plan/notifications.js';
import { runAs } from '../accounts.js';

/** Less the umask, as keepalived: the daemon's own, 0177, makes it 0600. */
const MODE = 0o644;
/** Who can write to its folder must not make us open, or give away, what a link leads to. */
const FLAGS = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export class Fifo {
  readonly path: string;
  /** We made it, and remove it. */
  readonly isOurs: boolean;
  readonly #descriptor: number;
  /** Where it lies until it is put into use. */
  #draft: string | undefined;
  #lost = 0;
  #losing = false;

  /**
   * @param replaces the one at this path is ours: it is replaced, not shared.
   * @throws an error that says what could not be done; then nothing has changed.
   */
  constructor({ path, user, group }: DesiredFifo, replaces = false) {
    this.path = path;
    this.isOurs = replaces || lstatSync(path, { throwIfNoEntry: false }) === undefined;
    if (this.isOurs) {
      this.#draft = `${path}.new`;
      this.#descriptor = create(this.#draft, user, group);
    } else this.#descriptor = open(path);
  }

  /** From now on it is found at its path. */
  install(): void {
    if (this.#draft === undefined) return;
    renameSync(this.#draft, this.path);
    this.#draft = undefined;
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

  /** Readers see its end; removed if it was ours and no other took its place. */
  close(): void {
    const place = this.#draft ?? this.path;
    if (this.isOurs && this.#isAt(place)) rmSync(place, { force: true });
    closeSync(this.#descriptor);
  }

  #isAt(place: string): boolean {
    const own = fstatSync(this.#descriptor);
    const there = lstatSync(place, { throwIfNoEntry: false });
    return there?.ino === own.ino && there.dev === own.dev;
  }
}

function open(path: string): number {
  if (!lstatSync(path).isFIFO()) throw new Error(`${path} is there and is not a FIFO`);
  const descriptor = openSync(path, FLAGS);
  // It may have been exchanged since.
  if (fstatSync(descriptor).isFIFO()) return descriptor;
  closeSync(descriptor);
  throw new Error(`${path} is there and is not a FIFO`);
}

function create(path: string, user: string | undefined, group: string | undefined): number {
  const owner = user === undefined ? undefined : runAs(user, group);
  if (user !== undefined && owner === undefined) throw new Error(`there is no user ${user}`);
  // What a daemon that was killed left.
  rmSync(path, { force: true });
  makeFifo(path, MODE);
  const descriptor = open(path);
  if (owner !== undefined) fchownSync(descriptor, owner.uid, owner.gid);
  return descriptor;
}
