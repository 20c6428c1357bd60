// Plays many seeds, one after the other: which of them break a rule, and what all of them together have reached.
import { Coverage } from './coverage.js';
import { playSeed } from './random-run.js';

export interface SeedsPlayed {
  /** `seed 17: …`, the first broken rule of each seed that broke one. */
  readonly broken: readonly string[];
  /** See coverage.ts. */
  readonly reached: readonly string[];
}

export async function playSeeds(first: number, count: number): Promise<SeedsPlayed> {
  const coverage = new Coverage();
  const broken: string[] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, reached } = await playSeed(seed);
    coverage.add(reached);
    if (violations[0] !== undefined) broken.push(`seed ${seed}: ${violations[0]}`);
  }
  return { broken, reached: coverage.reached };
}
