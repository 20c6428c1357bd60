// Pid files as keepalived keeps them: a decimal number and a newline; a live daemon's pid in one means another daemon runs.
import { chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Programs that keep such files, by the names of their files. */
const DAEMONS = /^(vrrpd|keepalived)\b/;

/**
 * What is said when the file names another daemon that lives. A pid alone proves nothing: after a crash, or in a container
 * that starts anew, it is some other process's.
 * @param flag the option that names another file.
 */
export function anotherDaemon(path: string, flag: string): string | undefined {
  const pid = readPid(path);
  if (pid === undefined || pid === process.pid || !isDaemon(pid)) return undefined;
  return `daemon is already running (pid ${pid}, says ${path}; a second one needs a file of its own: ${flag} FILE)`;
}

/** Everybody may read it, whatever the umask: monitoring runs as somebody else. Throws when it cannot be written. */
export function writePidFile(path: string): void {
  // The first folder that was missing, if one was: with the daemon's umask nobody could look into it.
  const made = mkdirSync(dirname(path), { recursive: true });
  if (made !== undefined) chmodSync(dirname(path), 0o755);
  writeFileSync(path, `${process.pid}\n`);
  chmodSync(path, 0o644);
}

/** Removes the file if it is still ours. */
export function removePidFile(path: string): void {
  if (readPid(path) === process.pid) rmSync(path, { force: true });
}

function readPid(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d+$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this process is one of those daemons: by its program, or by the script that Node.js runs. */
function isDaemon(pid: number): boolean {
  try {
    const [program = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    // A process that has ended and waits for its parent has no command line.
    if (program === '') return false;
    const executable = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    if (DAEMONS.test(executable) || DAEMONS.test(basename(program))) return true;
    return executable === basename(readlinkSync('/proc/self/exe')) && words.some(isOurScript);
  } catch {
    return false;
  }
}

/** `…/dist/bin.js`, or the launcher and its links. */
function isOurScript(word: string): boolean {
  return word === process.argv[1] || /(^|\/)(dist\/bin\.js|vrrpd(\.js)?)$/.test(word);
}
