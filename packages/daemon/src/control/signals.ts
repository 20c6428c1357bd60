// The signals of the daemon, from the first statement of the program on: what comes before somebody listens waits for them.
// keepalived(8) names what they ask for; none ends the daemon but SIGTERM, SIGINT and SIGQUIT. It knows no addon: what came
// before the first statement is handed in.
import { constants } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** What the daemon acts on. */
const HEARD = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGXCPU'] as const;
/** Who sends them by mistake ends no router. */
const MEANINGLESS = ['SIGALRM', 'SIGVTALRM', 'SIGPROF', 'SIGIO', 'SIGPWR', 'SIGSTKFLT'] as const;
/** glibc's SIGRTMIN and SIGRTMAX. */
const FIRST_REALTIME = 34;
const LAST_REALTIME = 64;

export type HeardSignal = (typeof HEARD)[number];

export const ENDING_SIGNALS: ReadonlySet<HeardSignal> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT']);

/** Those with a name that end nothing. */
export const HARMLESS = [...HEARD.filter((signal) => !ENDING_SIGNALS.has(signal)), ...MEANINGLESS];

/** The kernel would end the daemon for each. */
export const REALTIME_NUMBERS: readonly number[] = Array.from(
  { length: LAST_REALTIME - FIRST_REALTIME + 1 },
  (_, index) => FIRST_REALTIME + index,
);

export class Signals {
  readonly #came: HeardSignal[] = [];
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];
  #listener: ((signal: HeardSignal) => void) | undefined;

  constructor() {
    this.#handlers = [
      ...HEARD.map((signal) => [signal, () => this.#heard(signal)] as const),
      ...MEANINGLESS.map((signal) => [signal, () => undefined] as const),
    ];
    this.#install();
    closeDebugger();
  }

  /** After somebody else had them. */
  installAnew(): void {
    this.close();
    this.#install();
  }

  /** These came before there were handlers. */
  add(numbers: readonly number[]): void {
    for (const signal of HEARD) if (numbers.includes(constants.signals[signal])) this.#heard(signal);
  }

  /** Those that have come so far, and were not listened to. */
  async waiting(): Promise<readonly HeardSignal[]> {
    // The event loop tells them when it polls, which it may just have done in this turn.
    await nextTurn();
    await nextTurn();
    closeDebugger();
    return this.#came;
  }

  /** Hears first what has come before, in its order. Once. */
  listen(listener: (signal: HeardSignal) => void): void {
    this.#listener = listener;
    for (const signal of this.#came.splice(0)) listener(signal);
  }

  /** They have the effects that Node.js gives them again. */
  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
  }

  #install(): void {
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
  }

  #heard(signal: HeardSignal): void {
    if (this.#listener !== undefined) this.#listener(signal);
    else if (!this.#came.includes(signal)) this.#came.push(signal);
  }
}

/**
 * Before this program's first statement SIGUSR1 makes Node.js open a port for debuggers, and a debugger may do all that
 * this process may. It stays open only when the command line of Node.js asks for it.
 */
function closeDebugger(): void {
  const options = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(' ')];
  if (!process.features.inspector || options.some((option) => option.startsWith('--inspect'))) return;
  const inspector = process.getBuiltinModule('node:inspector');
  if (inspector.url() !== undefined) inspector.close();
}
