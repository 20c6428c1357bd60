// What the process of a daemon is before anything of it runs: the flags of node, the network namespace of all its threads,
// signals that end it at no moment. All of that is decided when a program starts, so a process without it starts itself
// anew: same pid, same arguments.
import { closeSync, readSync } from 'node:fs';
import { constants } from 'node:os';
import {
  enterNetworkNamespace,
  ignoreSignals,
  notedSignals,
  noteSignals,
  releasedSignals,
  replaceProgram,
  signalHoldingLibrary,
} from '@vrrp/netlink-native';
import { ENDING_SIGNALS, HARMLESS, REALTIME_NUMBERS, Signals } from '../control/signals.js';
import { HELD_MARK } from './held-mark.js';

const FLAGS: readonly string[] = [
  // V8 shares out the work of collecting garbage among threads, and the one that collects waits for the others to finish.
  // They take their turn like everybody: on a busy host the engine, real-time priority or not, stood still for 55 to 70 ms.
  '--single-threaded-gc',
  // Collects an idle heap to give memory back: with the 5 MB of the engine's it costs time (up to 20 ms) and gives nothing.
  '--no-memory-reducer',
];

const PRELOAD = 'LD_PRELOAD';
/** The descriptor at which a process that started itself anew finds what came in its last moment, a byte a signal. */
const RELAY = 'VRRPD_SIGNALS_RELAY';
const RELAY_BYTES = 64;

/** What stands before the program in the command line of a daemon. */
export function daemonNodeFlags(): readonly string[] {
  return [...missing(), ...process.execArgv];
}

/** What is added to the environment of a daemon. */
export function daemonEnvironment(): Readonly<Record<string, string>> {
  const library = signalHoldingLibrary();
  if (library === undefined) return {};
  const others = process.env[PRELOAD];
  return { [PRELOAD]: others === undefined ? library : `${library}:${others}`, [HELD_MARK]: '1' };
}

/** The signals of a process that was started with `daemonEnvironment()`. */
export function takeHeldSignals(): Signals {
  delete process.env[HELD_MARK];
  // Ends the hold: from here on a handler that is installed counts.
  releasedSignals();
  const signals = new Signals();
  signals.add(releasedSignals());
  signals.add(relayedSignals());
  return signals;
}

function relayedSignals(): readonly number[] {
  const descriptor = Number(process.env[RELAY] ?? NaN);
  delete process.env[RELAY];
  if (!Number.isInteger(descriptor)) return [];
  const bytes = Buffer.alloc(RELAY_BYTES);
  try {
    return [...bytes.subarray(0, readSync(descriptor, bytes))];
  } catch {
    // Nothing came: EAGAIN.
    return [];
  } finally {
    closeSync(descriptor);
  }
}

/** What a process that starts anew hands on to itself. */
export interface Handover {
  readonly program: string;
  readonly signals: Signals;
  /** Entered before, so that all threads of the new one are in it. */
  readonly namespace?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  readonly descriptors?: readonly number[];
}

/** Comes back when the process has its flags, or cannot have them: then it runs as it is. Also when it has been told to end. */
export async function becomeDaemonProcess(handover: Handover): Promise<void> {
  try {
    ignoreSignals(REALTIME_NUMBERS);
    if (missing().length > 0) await startAnew(handover);
  } catch {
    // Without the addon there is no daemon either: it says so in its log, where one looks for it.
  }
}

/** The same in any case: for a process that has entered another network namespace, where its other threads are not. */
export async function startAnew({ signals, ...handover }: Handover): Promise<void> {
  const ending = [...ENDING_SIGNALS].map(numberOf);
  // First nothing more is told to the event loop, then what it was told is heard: none is lost with it.
  const relay = noteSignals(ending);
  const isToEnd = (await signals.waiting()).some((signal) => ENDING_SIGNALS.has(signal));
  if (!isToEnd) replaceThis(handover, ending, relay);
  signals.installAnew();
  signals.add(notedSignals());
}

/** Comes back when it cannot be, or a signal that ends the daemon has been noted. */
function replaceThis(handover: Omit<Handover, 'signals'>, ending: readonly number[], relay: number): void {
  const { program, namespace, environment, descriptors = [] } = handover;
  if (namespace !== undefined) tryToEnter(namespace);
  const added = { ...daemonEnvironment(), ...environment, [RELAY]: String(relay) };
  const before = Object.keys(added).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, added);
  replaceProgram(process.execPath, [process.argv0, ...daemonNodeFlags(), program, ...process.argv.slice(2)], {
    descriptors: [...descriptors, relay],
    // A reload of, or a question to, a daemon that has not read anything yet.
    ignored: [...REALTIME_NUMBERS, ...HARMLESS.map(numberOf)],
    blocked: ending,
  });
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function numberOf(signal: keyof typeof constants.signals): number {
  return constants.signals[signal];
}

function tryToEnter(namespace: string): void {
  try {
    enterNetworkNamespace(namespace);
  } catch {
    // The daemon tries again, and says why not.
  }
}

function missing(): readonly string[] {
  return FLAGS.filter((flag) => !process.execArgv.includes(flag));
}
