// Runs a command to its end and hands back what it said. For the namespace rig only: the library itself starts no process.
// A status other than 0 is a value; a command that cannot be started, or that overruns its time, is an Error.
import { spawn } from 'node:child_process';

/** How long a command of the rig may take before it is ended, in milliseconds. */
export const COMMAND_TIMEOUT_MS = 30_000;

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; 128 + signal number is not used: a command ended by a signal has status -1. */
  readonly status: number;
}

export interface CommandOptions {
  /** Written to standard input, which is empty otherwise. */
  readonly input?: string;
  /** Milliseconds until the command is killed and the promise rejects; `COMMAND_TIMEOUT_MS` unless told otherwise. */
  readonly timeout?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Resolves when the command has ended, whatever its status. Rejects when it could not be started or took too long. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file, ...args] = argv;
  if (file === undefined) throw new TypeError('a command needs at least its name');
  const timeout = options.timeout ?? COMMAND_TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: 'pipe', env: options.env ?? process.env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let overran = false;
    const timer = setTimeout(() => {
      overran = true;
      child.kill('SIGKILL');
    }, timeout);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A command that ends without reading its input breaks the pipe; its status says what is to be said.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (overran) reject(new Error(`${argv.join(' ')}: not done after ${timeout} ms`));
      else resolve({ stdout: text(stdout), stderr: text(stderr), status: status ?? -1 });
    });
  });
}

/** As `runCommand`, for commands that must succeed: rejects with what the command said on standard error. */
export async function runChecked(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.status !== 0) {
    const given = options.input === undefined ? '' : `\n${options.input}`;
    throw new Error(`${argv.join(' ')}: status ${result.status}: ${result.stderr.trim()}${given}`);
  }
  return result.stdout;
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}
