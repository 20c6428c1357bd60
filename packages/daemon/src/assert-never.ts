// The end of a switch over a closed set: a member nobody thought of is a bug, found by the compiler.

export function assertNever(value: never): never {
  throw new TypeError(`unexpected value: ${JSON.stringify(value)}`);
}
