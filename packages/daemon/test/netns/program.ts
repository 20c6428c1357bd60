// The built program in a namespace, with any flags: its log as records, its signals and its exit status. The rig's peers
// hide all of that on purpose; here it is what the tests are about.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { CommandResult } from '@vrrp/netlink-native/testing';

import { Feed, withDeadline } from '../rig/deadline.js';
import type { Stage } from './stage.js';

/** `node dist/bin.js`, as words of a command line. */
export const VRRPD: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../dist/bin.js', import.meta.url)),
];

/** A line of standard error: a JSON record of the log, or, without `--log-format json`, only its text. */
export interface LogRecord {
  readonly msg: string;
  readonly event?: string;
  readonly reason?: string;
  /** The role a transition leads to. */
  readonly to?: string;
  /** Microseconds of the engine's clock. */
  readonly monotonic?: number;
  readonly [field: string]: unknown;
}

export interface StartOptions {
  readonly namespace: string;
  /** The text of its keepalived.conf, or the path of a file. */
  readonly config: string | { readonly file: string };
  /** Further flags. */
  readonly flags?: readonly string[];
  /** A folder that an earlier run used: its pid files and its journal are there. */
  readonly folder?: string;
  /** Words before the program's own, such as setpriv(1) with its flags. */
  readonly wrapper?: readonly string[];
}

/** How many of its last records are shown when it did not say what was waited for. */
const SHOWN_MAX = 30;

export class Program {
  readonly pid: number;
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #records = new Feed<LogRecord>();
  readonly #ended: Promise<number>;

  constructor(child: ChildProcess, folder: string) {
    if (child.pid === undefined || child.stderr === null) throw new Error('vrrpd could not be started');
    this.pid = child.pid;
    this.folder = folder;
    this.#child = child;
    this.#ended = once(child, 'close').then(() => child.exitCode ?? -1);
    createInterface({ input: child.stderr }).on('line', (line) => this.#records.push(parseRecord(line)));
  }

  get log(): readonly LogRecord[] {
    return this.#records.entries;
  }

  /** The first record, from index `from` on, that satisfies; rejects after `within` milliseconds. */
  heard(
    what: string,
    satisfies: (record: LogRecord) => boolean,
    options: { readonly from?: number; readonly within?: number } = {},
  ): Promise<LogRecord> {
    const context = (): string =>
      this.log
        .slice(-SHOWN_MAX)
        .map((record) => JSON.stringify(record))
        .join('\n');
    return this.#records.waitFor({ ...options, what: `vrrpd says: ${what}`, satisfies, context });
  }

  says(pattern: RegExp, options: { readonly from?: number; readonly within?: number } = {}): Promise<LogRecord> {
    return this.heard(String(pattern), ({ msg }) => pattern.test(msg), options);
  }

  /** Its virtual router, or one of them, comes to play this role. */
  becomes(role: string, options: { readonly from?: number; readonly within?: number } = {}): Promise<LogRecord> {
    return this.heard(`becomes ${role}`, ({ event, to }) => event === 'transition' && to === role, options);
  }

  /** The roles its virtual routers came to play, from index `from` of the log on. */
  roles(from = 0): readonly (string | undefined)[] {
    return this.log
      .slice(from)
      .filter(({ event }) => event === 'transition')
      .map(({ to }) => to);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with its exit status, -1 after a signal, when it has ended by itself. */
  end(): Promise<number> {
    return withDeadline('vrrpd ends', this.#ended);
  }

  stop(): Promise<number> {
    this.signal('SIGTERM');
    return this.end();
  }

  async crash(): Promise<void> {
    this.signal('SIGKILL');
    await this.end();
  }
}

/** Starts it in the foreground with all of its log as JSON on standard error; does not wait for anything. */
export async function launch({ lab, folder }: Stage, options: StartOptions): Promise<Program> {
  const own = options.folder ?? (await folder());
  const file = typeof options.config === 'string' ? join(own, 'keepalived.conf') : options.config.file;
  if (typeof options.config === 'string') await writeFile(file, options.config);
  const flags = [
    '-n',
    '-l',
    '-D',
    '-G',
    '--log-format',
    'json',
    '-f',
    file,
    ...pidFlags(own),
    ...(options.flags ?? []),
  ];
  const argv = [...(options.wrapper ?? []), ...VRRPD, ...flags];
  const env = { ...process.env, TMPDIR: own };
  const child = lab.spawn(options.namespace, argv, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  return new Program(child, own);
}

/** As `launch`, and resolves when it runs. */
export async function start(stage: Stage, options: StartOptions): Promise<Program> {
  const program = await launch(stage, options);
  await program.says(/^Startup complete$/);
  return program;
}

export function pidFlags(folder: string): readonly string[] {
  return ['-p', join(folder, 'vrrpd.pid'), '-r', join(folder, 'vrrp.pid')];
}

/** Runs it to its end, with exactly these words. */
export function runVrrpd({ lab }: Stage, namespace: string, words: readonly string[]): Promise<CommandResult> {
  return lab.run(namespace, [...VRRPD, ...words]);
}

function parseRecord(line: string): LogRecord {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'msg' in value) return value as LogRecord;
  } catch {
    // A plain line.
  }
  return { msg: line };
}
