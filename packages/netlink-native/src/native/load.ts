// Finds and loads the C++ addon: the prebuilt file of this platform, else what `npm run build:native` has just built.
// Loads on first use, so that everything which needs no socket works where the addon does not.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { OperationError } from '../operation-error.js';
import type { NativeAddon } from './addon.js';

const ADDON_FILE = 'vrrp_netlink.node';

/** The addon, loaded once per module instance: it is immutable, and monotonicMicros() is called too often to look it up. */
let loaded: NativeAddon | undefined;

/** @throws OperationError ERR_VRRP_NATIVE_MISSING with every file that was tried and why it would not do. */
export function nativeAddon(): NativeAddon {
  loaded ??= loadAddon(addonCandidates());
  return loaded;
}

/** The files that may hold the addon, best first. */
export function addonCandidates(): readonly string[] {
  // Both src/native and dist/native are two folders below the package.
  const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const target = `${process.platform}-${process.arch}-${libc()}`;
  return [join(packageFolder, 'prebuilds', target, ADDON_FILE), join(packageFolder, 'build', 'Release', ADDON_FILE)];
}

export function loadAddon(candidates: readonly string[]): NativeAddon {
  const require = createRequire(import.meta.url);
  const refusals: string[] = [];
  let cause: unknown;
  for (const file of candidates) {
    try {
      return require(file) as NativeAddon;
    } catch (error) {
      cause = error;
      refusals.push(`${file} (${firstLine(error)})`);
    }
  }
  throw new OperationError({
    code: 'ERR_VRRP_NATIVE_MISSING',
    operation: `load the native addon; tried ${refusals.join(', ')}`,
    advice: 'build it with "npm run build:native" in @vrrp/netlink-native (it needs cmake and a C++ compiler)',
    cause,
  });
}

/** musl's loader shows in our own memory map. As in native/build.js, which must write where this reads. */
function libc(): 'glibc' | 'musl' {
  try {
    return readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-') ? 'musl' : 'glibc';
  } catch {
    return 'glibc';
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0] ?? '';
}
