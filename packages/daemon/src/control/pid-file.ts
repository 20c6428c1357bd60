// Pid files as keepalived keeps them: a decimal number and a newline; a live pid in one means another daemon runs.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The pid in the file if that process is alive and is not this one. */
export function runningPid(path: string): number | undefined {
  const pid = readPid(path);
  if (pid === undefined || pid === process.pid) return undefined;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM' ? pid : undefined;
  }
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
