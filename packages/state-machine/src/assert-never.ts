// The end of every switch over a union: a case that the types say cannot be is a bug, and a bug crashes.
// Not for input: bad packets and bad configuration are values, never exceptions.

/** @throws Error always. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
