// A kernel that does not always do as it is told: for a while it refuses changes, or loses the events it should tell, and
// says so at the end (ENOBUFS, netlink(7)). What it holds is the kernel's below.
import {
  OperationError,
  type ChangeResult,
  type Kernel,
  type NetworkChange,
  type NetworkEvent,
} from '@vrrp/netlink-native';
import { ERRNOS, type ErrnoName, type VirtualClock } from '@vrrp/state-machine/sim';
import { Spell } from './spell.js';

/** How long after the last refusal a program may need to try again and be done, in microseconds. */
const SECOND_TRY = 5_200_000;

export class FaultyKernel {
  readonly #clock: VirtualClock;
  readonly #kernel: Kernel;
  readonly #refusal: Spell<ErrnoName>;
  readonly #silence: Spell<true>;
  readonly #convalescence: Spell<true>;
  readonly #listeners = new Set<(event: NetworkEvent) => void>();

  constructor(kernel: Kernel, clock: VirtualClock) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#refusal = new Spell(clock);
    this.#silence = new Spell(clock);
    this.#convalescence = new Spell(clock);
  }

  /** Whether it does as it is told, has done so for long enough, and tells what happens. */
  get isWell(): boolean {
    return this.#convalescence.value === undefined;
  }

  refuseChanges(errno: ErrnoName, duration: number): void {
    this.#refusal.begin(errno, duration);
    this.#convalescence.begin(true, duration + SECOND_TRY);
  }

  loseEvents(duration: number): void {
    this.#silence.begin(true, duration);
    this.#convalescence.begin(true, duration + SECOND_TRY);
    this.#clock.schedule(this.#clock.now() + duration, () => {
      if (this.#silence.value === undefined) for (const listener of this.#listeners) listener({ kind: 'resync' });
    });
  }

  /** The kernel as a program sees it. */
  get seen(): Kernel {
    const kernel = this.#kernel;
    return {
      read: (kind) => kernel.read(kind),
      apply: (changes) => this.#apply(changes),
      watch: (listener) => this.#watch(listener),
      close: () => kernel.close(),
    };
  }

  async #apply(changes: readonly NetworkChange[]): Promise<readonly ChangeResult[]> {
    const errno = this.#refusal.value;
    if (errno === undefined) return this.#kernel.apply(changes);
    return changes.map((change) => ({ ok: false, error: refusal(change, errno) }));
  }

  #watch(listener: (event: NetworkEvent) => void): () => void {
    const stop = this.#kernel.watch((event) => {
      if (this.#silence.value === undefined) listener(event);
    });
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  }
}

function refusal({ action, object }: NetworkChange, errno: ErrnoName): OperationError {
  return new OperationError({
    code: 'ERR_VRRP_NETLINK_ACK',
    operation: `${action} ${object.kind}`,
    errno: ERRNOS[errno],
    kernelMessage: 'refused by the simulation',
  });
}
