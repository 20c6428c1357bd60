// The end of a switch over a closed union: the compiler proves that it is never reached.

/** Throws when called; a call that compiles is a case somebody forgot. */
export function assertNever(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
