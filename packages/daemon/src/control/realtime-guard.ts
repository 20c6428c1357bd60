// Sees to it that an engine which never sleeps (a bug, a flood of packets) does not keep a processor for itself: the kernel
// tells of it (getrlimit(2), RLIMIT_RTTIME: SIGXCPU), its thread loses the real-time priority, and gets it back later.
import { endRealtimePriority } from '@vrrp/netlink-native';
import { failureText, type EngineReport } from '../engine/messages.js';
import type { LogEntry } from '../log/entry.js';

/** How long the engine takes its turn like everybody before it has the priority again, in milliseconds. */
const PAUSE_MS = 10_000;

export interface RealtimeGuardPorts {
  readonly write: (entry: LogEntry) => void;
  /** Lets the engine take its priority again. */
  readonly restore: () => void;
  readonly endRealtimePriority?: (thread: number) => void;
}

export class RealtimeGuard {
  readonly #ports: RealtimeGuardPorts;
  /** The engine's, while its priority is a real-time one. */
  #thread: number | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(ports: RealtimeGuardPorts) {
    this.#ports = ports;
  }

  heard(report: EngineReport): void {
    if (report.kind === 'scheduled') this.#thread = report.realtimePriority === undefined ? undefined : report.thread;
  }

  /** SIGXCPU came. */
  exceeded(): void {
    const thread = this.#thread;
    if (thread === undefined) return;
    this.#thread = undefined;
    const { endRealtimePriority: end = endRealtimePriority } = this.#ports;
    try {
      end(thread);
    } catch (error) {
      const message = `could not take the real-time priority from the engine's thread: ${failureText(error).message}`;
      this.#ports.write({ level: 'error', message, fields: { thread } });
      return;
    }
    const message = `the engine computes without a pause: it has no real-time priority for ${PAUSE_MS / 1_000} s`;
    this.#ports.write({ level: 'error', message, fields: { thread } });
    this.#pause = setTimeout(() => this.#ports.restore(), PAUSE_MS);
    this.#pause.unref();
  }

  close(): void {
    clearTimeout(this.#pause);
  }
}
