// The types of complete-lock.mjs for the test that uses it.

export interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export function missingOptionalPackages(lock: {
  readonly packages: Readonly<Record<string, LockEntry>>;
}): readonly { readonly path: string; readonly name: string; readonly version: string }[];
