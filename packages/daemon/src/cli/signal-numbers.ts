// keepalived(8), --signum: which signal does what, for scripts.
import { constants } from 'node:os';

/** First and last real-time signal as glibc gives them to programs on Linux. */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

const FUNCTIONS: Readonly<Record<string, number>> = {
  STOP: constants.signals.SIGTERM,
  RELOAD: constants.signals.SIGHUP,
  DATA: constants.signals.SIGUSR1,
  STATS: constants.signals.SIGUSR2,
  JSON: SIGRTMIN + 2,
  STATS_CLEAR: SIGRTMAX - 1,
};

export function signalNumber(name: string): number | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}
