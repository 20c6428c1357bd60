// Whether node_modules holds what package-lock.json says, and `npm ci` when it does not. Standard library only.
// The stamp is written last, so an interrupted installation is seen as one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runQuietly } from './child.mjs';

const STAMP = '.vrrpd-setup';

/** Returns `{ ok, installed, problem? }`; `problem` is what npm said. */
export async function installNodeModules(root) {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, 'node_modules', STAMP);
  if (readIfThere(stamp) === hash) return { ok: true, installed: false };
  const installed = !isInstalled(root, JSON.parse(lock));
  if (installed) {
    const { status, output } = await npm(['ci', '--no-audit', '--no-fund'], root);
    if (status !== 0) return { ok: false, installed, problem: output.trim() };
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(stamp, hash);
  return { ok: true, installed };
}

/** The npm that started us, else the one on the PATH. */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  if (script !== undefined && existsSync(script)) return runQuietly(process.execPath, [script, ...args], { cwd });
  return runQuietly('npm', args, { cwd });
}

/**
 * npm keeps a copy of the lock of what it has installed in node_modules/.package-lock.json. Somebody who ran
 * `npm install` by hand is up to date without our stamp, and must not have node_modules taken away while they use it.
 */
function isInstalled(root, lock) {
  const text = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (text === undefined) return false;
  const present = JSON.parse(text).packages ?? {};
  const wanted = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '' && path.includes('node_modules/'));
  return wanted.every(([path, entry]) => {
    const found = present[path];
    // Optional packages are those of other platforms: npm leaves them out.
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity && existsSync(join(root, path));
  });
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
