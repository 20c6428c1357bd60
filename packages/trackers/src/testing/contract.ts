// The form of a contract suite: cases as data, so that any test runner can run them against a fake and the real thing.

export interface ContractCase<Harness> {
  readonly name: string;
  /** Rejects with a ContractError when the implementation breaks the contract. */
  readonly run: (harness: Harness) => Promise<void>;
}

export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** A world where time can pass: at once for a fake, by waiting for the real one. */
export interface Passage {
  /** Returns when at least `duration` µs have passed. */
  pass(duration: number): Promise<void>;
}

export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ContractError(message);
}

/** Lets time pass in small steps until `condition` holds; a ContractError after `limit` µs. */
export async function until(
  { pass }: Passage,
  condition: () => boolean,
  message: string,
  limit = UNTIL_LIMIT,
): Promise<void> {
  for (let passed = 0; !condition(); passed += UNTIL_STEP) {
    ensure(passed < limit, `not within ${limit} µs: ${message}`);
    await pass(UNTIL_STEP);
  }
}

const UNTIL_STEP = 5_000;
/** Generous: a busy machine is no breach of contract. */
const UNTIL_LIMIT = 5_000_000;
