// Seeded pseudo-random numbers for simulations: the same seed gives the same run, byte for byte. 32-bit arithmetic only,
// so that every engine agrees. Not for secrets.

/** Looked up once: in a test's context every look-up of a global is slow, and random runs draw millions of numbers. */
const { floor, imul } = Math;

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform whole number in [min, max]. */
  integer(min: number, max: number): number;
  /** True with this probability. Draws a number even when the answer is certain, so that runs stay comparable. */
  chance(probability: number): boolean;
  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(items: readonly T[]): T;
}

/** A generator whose whole future follows from `seed` (any integer; its low 32 bits count). */
export function createRandom(seed: number): Random {
  let counter = seed | 0;
  /** A Weyl sequence scrambled by multiply-xorshift rounds. */
  function next(): number {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = imul(counter ^ (counter >>> 16), 0x85ebca6b);
    mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000;
  }
  function integer(min: number, max: number): number {
    return min + floor(next() * (max - min + 1));
  }
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick(items) {
      const item = items[integer(0, items.length - 1)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
