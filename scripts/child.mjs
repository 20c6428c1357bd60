// Starts one program and waits for its end. Standard library only: it runs before anything is installed.
// Signals that ask this process to end are passed on, so that nothing it started outlives it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM'];
const FORWARDED_SIGNALS = [...ENDING_SIGNALS, 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/**
 * Runs a program with our own standard streams. Resolves with `{ status, interruptedBy }`: its exit status as a shell
 * gives it (127 when it cannot be started, 128 + N when signal N ended it), and the signal we got meanwhile, if any.
 * With `options.timeout` it is told to end (SIGTERM) after so many milliseconds, and the status is 124, as timeout(1)'s.
 */
export function run(command, args, options = {}) {
  return start(command, args, { ...options, stdio: 'inherit' });
}

/** Runs a program without a terminal and keeps what it says: `{ status, output }`. Rejects when we were asked to end. */
export async function runQuietly(command, args, options = {}) {
  const result = await start(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.interruptedBy !== undefined) throw new Error(`interrupted by ${result.interruptedBy} in ${command}`);
  return result;
}

function start(command, args, options) {
  return new Promise((resolve) => {
    const { timeout, ...spawnOptions } = options;
    const child = spawn(command, args, spawnOptions);
    let overran = false;
    const overrun = () => {
      overran = true;
      child.kill('SIGTERM');
    };
    const timer = timeout === undefined ? undefined : setTimeout(overrun, timeout);
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
    let interruptedBy;
    const forward = (signal) => {
      if (ENDING_SIGNALS.includes(signal)) interruptedBy = signal;
      // A terminal has already told the whole foreground group; a second interrupt would mean "at once" to many programs.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of FORWARDED_SIGNALS) process.on(signal, forward);
    const finish = (endStatus) => {
      clearTimeout(timer);
      const status = overran ? 124 : endStatus;
      for (const signal of FORWARDED_SIGNALS) process.off(signal, forward);
      resolve({ status, output: Buffer.concat(said).toString('utf8'), interruptedBy });
    };
    child.on('error', (error) => {
      const sentence = `${command} cannot be started: ${error.message}\n`;
      if (child.stdout === null) process.stderr.write(sentence);
      else said.push(Buffer.from(sentence));
      finish(127);
    });
    child.on('close', (status, signal) => finish(status ?? 128 + constants.signals[signal]));
  });
}
