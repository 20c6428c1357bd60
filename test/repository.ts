// The repository as the tidy tests see it: its own text files and the manifests of its packages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Made by tools, or not ours. */
const NOT_OURS = new Set([
  'node_modules',
  'dist',
  'build',
  'prebuilds',
  'coverage',
  '.git',
  '.turbo',
  'package-lock.json',
]);
const TEXT_FILE = /\.(?:ts|mjs|js|json|md|txt|conf|cc|cpp|h|yml|yaml)$|^(?:LICENSE|CMakeLists\.txt|run)$/;

export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Paths relative to the root, with forward slashes, sorted. */
export function listTextFiles(): readonly string[] {
  return walk(ROOT)
    .map((path) => relative(ROOT, path))
    .sort();
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

/** The manifest of every package, by folder: 'packages/daemon'. */
export function readManifests(): ReadonlyMap<string, Manifest> {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => `packages/${name}`);
  return new Map(folders.map((folder) => [folder, JSON.parse(readText(`${folder}/package.json`)) as Manifest]));
}

/** Every specifier by which a package may be imported: its name and its `exports` subpaths. */
export function exportedSpecifiers(manifest: Manifest): readonly string[] {
  return Object.keys(manifest.exports ?? {}).map((subpath) => manifest.name + subpath.slice(1));
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() && TEXT_FILE.test(entry.name) ? [path] : [];
  });
}
