// What a daemon is told by its command line, and what it needs of the process it runs in.
import type { Signals } from './signals.js';

export interface DaemonOptions {
  readonly file: string;
  readonly configId?: string;
  readonly namespace?: string;
  readonly pidFile?: string;
  readonly vrrpPidFile?: string;
  /** keepalived(8), --dont-release-vrrp. */
  readonly keepAddresses: boolean;
  /** keepalived(8), --dump-conf. */
  readonly dumpConfig: boolean;
  readonly ignoreInterrupt: boolean;
  /** A reload takes no file with an error. */
  readonly reloadStrict: boolean;
  readonly commandLine: readonly string[];
}

export interface DaemonHost {
  readonly signals: Pick<Signals, 'waiting' | 'listen'>;
  /** Whoever started the daemon is told that it runs. */
  ready(): void;
  /** The process begins again, all threads in the network namespace of this one. Comes back when it cannot. */
  startAnew(): Promise<void>;
}
