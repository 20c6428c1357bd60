// What -f names. keepalived takes it for a pattern of glob(3): the files that it matches are read one after the other as if
// they were one, and none of them when one is not a regular file without an execute bit (seen on 2.2.7).
import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { failureText } from '../engine/messages.js';
import { fileSystemLoader } from './source-loader.js';

/** In the order in which they are read; a name that is no pattern is itself, whether it is there or not. */
export function mainFiles(name: string): readonly string[] {
  return /[*?[{]/.test(name) ? fileSystemLoader.glob(name) : [resolve(name)];
}

/** keepalived's sentences, and what is the matter where it says only that something is missing. */
export function whyMissing(name: string): string {
  const paths = mainFiles(name);
  if (paths.length === 0) return `No config files matched '${name}'.`;
  const path = paths.find((one) => fileSystemLoader.kind?.(one) !== 'file') ?? paths[0] ?? name;
  return whyUnread(paths.length === 1 ? name : path, path);
}

function whyUnread(shown: string, path: string): string {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return `Configuration file '${shown}' is a directory`;
    if (!found.isFile()) return `Configuration file '${shown}' is not a regular file`;
    accessSync(path, constants.R_OK);
    return `Configuration file '${shown}' is executable, which no configuration file may be: chmod a-x '${shown}'`;
  } catch (error) {
    const { code, message } = failureText(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return `Config files missing '${shown}'.`;
    return `Configuration file '${shown}' cannot be read: ${message}`;
  }
}
