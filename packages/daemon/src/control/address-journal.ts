// Remembers, across a crash, which addresses this daemon may have put on interfaces: written before the engine starts,
// read by the next start, removed after a clean stop. It names a superset; the mark on the address decides.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Leftovers } from '../engine/messages.js';
import type { Desired } from '../plan/desired.js';
import { journalled } from '../reconcile/desired-object.js';

/** Empty when there is none or it cannot be understood: then only configured addresses are looked for. */
export function readJournal(path: string): Leftovers {
  try {
    return parseJournal(readFileSync(path, 'utf8'));
  } catch {
    return [];
  }
}

export function parseJournal(text: string): Leftovers {
  const value: unknown = JSON.parse(text);
  return Array.isArray(value) ? value.filter(isIdentity) : [];
}

/** Written beside and renamed, so that a crash leaves the old one or the new one. Throws when it cannot be written. */
export function writeJournal(path: string, desired: Desired, earlier: Leftovers): void {
  const current = desired.virtualRouters.flatMap((router) => router.addresses).map(journalled);
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const all = new Map([...current, ...earlier].map((one) => [JSON.stringify(one), one]));
  writeFileSync(draft, `${JSON.stringify([...all.values()], null, 1)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export function removeJournal(path: string): void {
  rmSync(path, { force: true });
}

function isIdentity(value: unknown): value is Leftovers[number] {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'address' &&
    'address' in value &&
    typeof value.address === 'string' &&
    'link' in value &&
    typeof value.link === 'string' &&
    'prefixLength' in value &&
    typeof value.prefixLength === 'number' &&
    'family' in value &&
    (value.family === 4 || value.family === 6)
  );
}
