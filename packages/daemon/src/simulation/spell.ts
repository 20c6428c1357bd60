// A fault that lasts for a while: a value until a time, then none. A longer spell is never cut short by a shorter one.
import type { VirtualClock } from '@vrrp/state-machine/sim';

export class Spell<T> {
  readonly #clock: VirtualClock;
  #value: T | undefined;
  #until = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** @param duration microseconds; left out: until it is ended. */
  begin(value: T, duration = Number.POSITIVE_INFINITY): void {
    const until = this.#clock.now() + duration;
    if (this.value !== undefined && until < this.#until) return;
    this.#value = value;
    this.#until = until;
  }

  end(): void {
    this.#value = undefined;
  }

  get value(): T | undefined {
    return this.#clock.now() < this.#until ? this.#value : undefined;
  }
}
