// One run of the program on a simulated host: what it is told waits while it is stalled, and when it has crashed nothing
// reaches it any more, nor anything of it the kernel. It knows nothing of VRRP.
import type { Kernel } from '@vrrp/netlink-native';
import type { VirtualClock } from '@vrrp/state-machine/sim';

export class Life {
  readonly #clock: VirtualClock;
  #alive = true;
  #stalledUntil = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  get isStalled(): boolean {
    return this.#clock.now() < this.#stalledUntil;
  }

  /** When the stall ends, in microseconds; in the past when there is none. */
  get stalledUntil(): number {
    return this.#stalledUntil;
  }

  end(): void {
    this.#alive = false;
    this.#waiting = [];
  }

  /** The process is not scheduled for `duration` microseconds; a stall under way is never shortened. */
  stall(duration: number): void {
    const end = this.#clock.now() + duration;
    if (end <= this.#stalledUntil) return;
    this.#stalledUntil = end;
    // Scheduled twice over, so that every timer due at the end of the stall rings before anything else is looked at.
    this.#clock.schedule(end, () => this.#clock.schedule(end, () => this.#catchUp()));
  }

  /** Runs the task now, or in turn once the process is scheduled again; never when the life has ended. */
  whenAwake(task: () => void): void {
    if (!this.#alive) return;
    if (this.isStalled || this.#waiting.length > 0) this.#waiting.push(task);
    else task();
  }

  /** The kernel as this life sees it. @param asked hears that the kernel was asked, and will answer. */
  kernel(kernel: Kernel, asked: () => void): Kernel {
    return {
      read: (kind) => {
        asked();
        return this.#alive ? kernel.read(kind) : never();
      },
      apply: (changes) => {
        asked();
        return this.#alive ? kernel.apply(changes) : never();
      },
      watch: (listener) => kernel.watch((event) => this.whenAwake(() => listener(event))),
      close: () => kernel.close(),
    };
  }

  #catchUp(): void {
    if (this.isStalled) return;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
  }
}

/** What the dead asked for is never answered. */
function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}
