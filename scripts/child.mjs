// Starts one program and waits for its end. Standard library only: it runs before anything is installed.
// Signals that ask this process to end are passed on, so that nothing it started outlives it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/**
 * Runs a program with our own standard streams. Resolves with its exit status as a shell gives it: 127 when it cannot be
 * started, 128 + N when signal N ended it.
 */
export async function run(command, args, options = {}) {
  return (await start(command, args, { ...options, stdio: 'inherit' })).status;
}

/** Runs a program without a terminal and keeps what it says: `{ status, output }`. */
export function runQuietly(command, args, options = {}) {
  return start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

function start(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, options);
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
    const forward = (signal) => {
      // A terminal has already told the whole foreground group; a second interrupt would mean "at once" to many programs.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    const finish = (status) => {
      for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
      resolve({ status, output: Buffer.concat(said).toString('utf8') });
    };
    child.on('error', (error) => {
      said.push(Buffer.from(`${command}: ${error.message}\n`));
      finish(127);
    });
    child.on('close', (status, signal) => finish(status ?? 128 + constants.signals[signal]));
  });
}
