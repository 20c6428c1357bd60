// The flags of node that the daemon runs with. They hold for a whole process and from its beginning (set later, V8 crashes),
// so a process without them starts itself anew: same pid, same arguments.
import { replaceProgram } from '@vrrp/netlink-native';

const FLAGS: readonly string[] = [
  // V8 shares out the work of collecting garbage among threads, and the one that collects waits for the others to finish.
  // They take their turn like everybody: on a busy host the engine, real-time priority or not, stood still for 55 to 70 ms.
  '--single-threaded-gc',
  // Collects an idle heap to give memory back: with the 5 MB of the engine's it costs time (up to 20 ms) and gives nothing.
  '--no-memory-reducer',
];

/** What stands before the program in the command line of a daemon. */
export function daemonNodeFlags(): readonly string[] {
  return [...missing(), ...process.execArgv];
}

/** Comes back when the process has its flags, or cannot have them: then it runs as it is. */
export function startWithNodeFlags(program: string): void {
  if (missing().length === 0) return;
  try {
    replaceProgram(process.execPath, [process.argv0, ...daemonNodeFlags(), program, ...process.argv.slice(2)]);
  } catch {
    // Without the addon there is no daemon either: it says so in its log, where one looks for it.
  }
}

function missing(): readonly string[] {
  return FLAGS.filter((flag) => !process.execArgv.includes(flag));
}
