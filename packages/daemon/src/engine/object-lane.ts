// Carries out what the keeper wants of the kernel: one batch at a time, a bounded number of changes each. A kernel that does
// not answer at all is a refusal of every change in the batch: nothing ends, everything is tried again.
import type { Kernel } from '@vrrp/netlink-native';
import type { LinkIndexes } from '../reconcile/desired-object.js';
import type { PlannedChange } from '../reconcile/kept-object.js';
import type { ObjectKeeper } from '../reconcile/object-keeper.js';
import type { ObservedNetwork } from '../reconcile/observed.js';

/** Measured: an address costs the kernel 10 to 30 µs. So many keep a deadline waiting for less than a millisecond. */
export const CHANGES_PER_TURN = 32;

export interface ObjectLanePorts<Owner> {
  readonly kernel: Kernel;
  readonly keeper: ObjectKeeper<Owner>;
  readonly network: ObservedNetwork;
  readonly linkIndexes: LinkIndexes;
  now(): number;
  /** The kernel answered, or did not: a turn of its own. */
  turn(body: () => void): void;
}

export class ObjectLane<Owner> {
  readonly #ports: ObjectLanePorts<Owner>;
  #isBusy = false;

  constructor(ports: ObjectLanePorts<Owner>) {
    this.#ports = ports;
  }

  /** When there is something to do; undefined while an answer is awaited. */
  nextAt(): number | undefined {
    return this.#isBusy ? undefined : this.#ports.keeper.nextAt();
  }

  run(now: number): void {
    if (this.#isBusy) return;
    const { keeper, kernel, linkIndexes, network } = this.#ports;
    const changes = keeper.take(now, CHANGES_PER_TURN, linkIndexes, network);
    if (changes.length === 0) return;
    this.#isBusy = true;
    kernel.apply(changes.map(({ action, object }) => ({ action, object }))).then(
      (results) => this.#answered(changes, results),
      (error: unknown) => {
        const refusal = { ok: false, error: asCoded(error) } as const;
        this.#answered(
          changes,
          changes.map(() => refusal),
        );
      },
    );
  }

  #answered(changes: readonly PlannedChange<Owner>[], results: Awaited<ReturnType<Kernel['apply']>>): void {
    this.#isBusy = false;
    this.#ports.turn(() => this.#ports.keeper.settle(changes, results, this.#ports.now()));
  }
}

function asCoded(error: unknown): Error & { readonly code: string } {
  const known = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in known && typeof known.code === 'string' ? known.code : 'ERR_UNKNOWN';
  return Object.assign(known, { code });
}
