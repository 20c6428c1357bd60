// Reads the network whole: at the start, after events were lost, when a loss has to be certain, and now and then whatever
// happens. However often it is asked for, one reading goes on at a time and one more follows.
import type { Kernel } from '@vrrp/netlink-native';
import { OBSERVED_KINDS, type ObservedNetwork } from '../reconcile/observed.js';

/** A full comparison at least so often, in microseconds: whatever was missed is not missed for longer. */
export const COMPARISON_INTERVAL = 30_000_000;
/** A reading that failed is tried again after so many microseconds. */
const RETRY_DELAY = 1_000_000;

export interface ResyncPorts {
  readonly kernel: Kernel;
  readonly network: ObservedNetwork;
  now(): number;
  /** The mirror is what the kernel has: a turn of its own. */
  done(): void;
  failed(error: unknown): void;
}

export class Resync {
  readonly #ports: ResyncPorts;
  #isReading = false;
  /** Undefined: never. */
  #dueAt: number | undefined;

  constructor(ports: ResyncPorts) {
    this.#ports = ports;
  }

  /** Reads now, and from then on every COMPARISON_INTERVAL. Rejects when the kernel does not answer. */
  async begin(): Promise<void> {
    await this.#read();
    this.#dueAt = this.#ports.now() + COMPARISON_INTERVAL;
  }

  /** Soon, in the second lane. */
  ask(): void {
    this.#dueAt = this.#ports.now();
  }

  end(): void {
    this.#dueAt = undefined;
  }

  nextAt(): number | undefined {
    return this.#isReading ? undefined : this.#dueAt;
  }

  run(now: number): void {
    if (this.#isReading || this.#dueAt === undefined || this.#dueAt > now) return;
    this.#isReading = true;
    this.#dueAt = now + COMPARISON_INTERVAL;
    this.#read().then(
      () => {
        this.#isReading = false;
        this.#ports.done();
      },
      (error: unknown) => {
        this.#isReading = false;
        if (this.#dueAt === undefined) return;
        this.#dueAt = this.#ports.now() + RETRY_DELAY;
        this.#ports.failed(error);
      },
    );
  }

  async #read(): Promise<void> {
    const { kernel, network } = this.#ports;
    const tables = [];
    for (const kind of OBSERVED_KINDS) tables.push(await kernel.read(kind));
    network.reset(tables.flat());
  }
}
