// `vrrpd` without -n: starts the daemon in the background, in a session of its own and without this terminal, and comes back
// when it runs, or with its status when it does not come to that.
import { spawn, type ChildProcess } from 'node:child_process';
import { EXIT } from '../control/exit-status.js';
import { daemonEnvironment, daemonNodeFlags } from './daemon-process.js';
import type { ParsedFlags } from './parse-flags.js';
import { printError } from './print.js';
import { READY_DESCRIPTOR, readyEnvironment } from './ready-descriptor.js';
import { runOptions } from './run-options.js';

/** @param program the file to run. */
export async function runDetached(
  flags: ParsedFlags,
  argv: readonly string[],
  program: string | undefined,
): Promise<number> {
  const options = runOptions(flags);
  if (!options.ok) {
    printError(options.problem);
    return EXIT.fatal;
  }
  options.remarks.forEach(printError);
  if (program === undefined) return EXIT.fatal;
  const child = spawn(process.execPath, [...daemonNodeFlags(), program, '--dont-fork', ...argv], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...daemonEnvironment(), ...readyEnvironment() },
  });
  const end = await endOfStart(child);
  child.unref();
  child.stdio[READY_DESCRIPTOR]?.destroy();
  if (end.kind === 'ready' || end.status === EXIT.ok) return EXIT.ok;
  printError(`${end.text}; its log says why, and so does: vrrpd -n -l ${argv.join(' ')}`);
  return end.status;
}

type EndOfStart =
  { readonly kind: 'ready' } | { readonly kind: 'ended'; readonly status: number; readonly text: string };

function endOfStart(child: ChildProcess): Promise<EndOfStart> {
  return new Promise((resolve) => {
    const ended = (status: number, text: string): void => resolve({ kind: 'ended', status, text });
    child.once('error', (error) => ended(EXIT.fatal, `the daemon could not be started: ${error.message}`));
    child.once('exit', (status, signal) =>
      ended(
        status ?? EXIT.fatal,
        `the daemon ended before it ran, ${signal === null ? `with status ${status}` : `by ${signal}`}`,
      ),
    );
    child.stdio[READY_DESCRIPTOR]?.once('data', () => resolve({ kind: 'ready' }));
  });
}
