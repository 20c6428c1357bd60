// How long pairs of Masters have heard each other, and which have done so for longer than their configurations allow.
import type { Micros } from '../types.js';

/** Two Masters that hear each other at this moment. */
export interface MasterPair {
  readonly name: string;
  /** How long they may. */
  readonly limit: Micros;
}

/** The clocks of all pairs between one look and the next. */
export class OverlapWatch {
  readonly #began = new Map<string, { readonly at: Micros; readonly limit: Micros }>();

  /** To be told of all pairs there are whenever something may have changed; returns those that last for too long. */
  look(pairs: readonly MasterPair[], now: Micros): readonly MasterPair[] {
    const present = new Set(pairs.map(({ name }) => name));
    for (const name of this.#began.keys()) if (!present.has(name)) this.#began.delete(name);
    return pairs.filter((pair) => now - this.#beginning(pair, now) > pair.limit);
  }

  /** A limit that changed is another configuration: what the one before allowed is not counted against this one. */
  #beginning({ name, limit }: MasterPair, now: Micros): Micros {
    const began = this.#began.get(name);
    if (began?.limit === limit) return began.at;
    this.#began.set(name, { at: now, limit });
    return now;
  }
}
