// Programs started without a copy of this process (vfork(2)): a fork holds up every thread, and the engine's advertisements
// with it. Each runs in a session of its own with /dev/null on its descriptors, no other open, no signal ignored.
import { errnoName } from '../operation-error.js';
import { nativeAddon } from './load.js';

export interface ProgramStart {
  /** The program (a path, or a name looked for in PATH) and its arguments. */
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The caller's own user when left out; `groups` are the supplementary ones, none when left out. */
  readonly user?: { readonly uid: number; readonly gid: number; readonly groups?: readonly number[] };
}

export type ProgramEnd =
  | { readonly kind: 'exit'; readonly status: number }
  /** By its number (signal(7)). */
  | { readonly kind: 'signal'; readonly signal: number };

export type ProgramStarted =
  | { readonly ok: true; readonly pid: number }
  /** Why not, as Node.js would say it: `spawn /bin/x ENOENT`. */
  | { readonly ok: false; readonly errno: number; readonly message: string };

const NO_USER = -1;
const SIGNAL_MASK = 0x7f;
const EXIT_SHIFT = 8;
const EXIT_MASK = 0xff;

/**
 * Starts a program; `onEnd` is called once, never from within. What the kernel refuses (no such file, no right, no memory,
 * no pidfd before Linux 5.3) is a value. Keeps the process alive until the program has ended.
 * @throws OperationError ERR_VRRP_NATIVE_MISSING; TypeError for a NUL in an argument or a variable.
 */
export function startProgram(request: ProgramStart, onEnd: (end: ProgramEnd) => void): ProgramStarted {
  const { argv, environment, user } = request;
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const process = new (nativeAddon().Process)();
  const { uid, gid, groups = [] } = user ?? { uid: NO_USER, gid: NO_USER };
  const pid = process.start([...argv], variables, uid, gid, [...groups], (status) => onEnd(endOf(status)));
  return pid >= 0
    ? { ok: true, pid }
    : { ok: false, errno: -pid, message: `spawn ${argv[0] ?? ''} ${errnoName(-pid)}` };
}

/** wait(2): the signal in the low seven bits, the exit status above. */
function endOf(status: number): ProgramEnd {
  const signal = status & SIGNAL_MASK;
  return signal === 0 ? { kind: 'exit', status: (status >> EXIT_SHIFT) & EXIT_MASK } : { kind: 'signal', signal };
}
