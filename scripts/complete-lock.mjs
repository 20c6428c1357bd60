// Adds to package-lock.json the optional packages of other platforms that npm left out: run after `npm install` changed the lock.
// npm drops them when node_modules exists or a registry lacks them, and then `npm ci` refuses the lock on a fresh clone.
// They are only named, with the platform they are for and without a hash: nothing installs them on a platform that is not theirs.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ROOT } from './setup.mjs';

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
/** How such packages spell their platform in the last words of their name. */
const SYSTEMS = new Set([
  'darwin',
  'linux',
  'win32',
  'windows',
  'freebsd',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
  'android',
  'openharmony',
]);
const PROCESSORS = new Set(['x64', '64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32']);

/** The optional dependencies that no entry of the lock answers: `{ path, name, version }`. */
export function missingOptionalPackages(lock) {
  const entries = Object.entries(lock.packages);
  const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !isProvided(lock, path, name))
      .map(([name, version]) => ({ path: `node_modules/${name}`, name, version })),
  );
  return missing.filter(({ path }, index) => missing.findIndex((other) => other.path === path) === index);
}

/** Whether the package at `path` finds `name`: in its own node_modules or in one above it. */
function isProvided(lock, path, name) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true;
    if (!folder.includes('/node_modules/')) return lock.packages[`node_modules/${name}`] !== undefined;
  }
}

function platformOf(name) {
  const words = name.split(/[/-]/);
  const system = words.find((word) => SYSTEMS.has(word)) ?? 'unknown';
  const processor = words.findLast((word) => PROCESSORS.has(word)) ?? 'unknown';
  const os = system === 'windows' ? 'win32' : system;
  return { cpu: [processor === '64' ? 'x64' : processor], os: [os], ...libcOf(os, words) };
}

function libcOf(os, words) {
  if (os !== 'linux') return {};
  return { libc: [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] };
}

function complete() {
  const file = join(ROOT, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingOptionalPackages(lock);
  for (const { path, name, version } of missing) {
    if (!EXACT_VERSION.test(version))
      throw new Error(`${name} is wanted as ${version}: only an exact version can be written`);
    const { libc, ...platform } = platformOf(name);
    lock.packages[path] = { version, ...platform, ...(libc === undefined ? {} : { libc }), optional: true };
  }
  const sorted = Object.entries(lock.packages).sort(([left], [right]) => left.localeCompare(right, 'en'));
  const text = `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`;
  if (missing.length > 0) writeFileSync(file, text);
  console.log(`package-lock.json: ${missing.length} entries added`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) complete();
