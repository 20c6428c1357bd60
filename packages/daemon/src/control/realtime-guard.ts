// Sees to it that an engine which never sleeps (a bug, a flood of packets) does not keep a processor for itself: the kernel
// tells of it (getrlimit(2), RLIMIT_RTTIME: SIGXCPU), its thread loses the real-time priority, and gets it back later.
import { endRealtimePriority } from '@vrrp/netlink-native';
import { failureText } from '../engine/messages.js';
import type { ControlReport, Report } from '../reports/report.js';

/** How long the engine takes its turn like everybody before it has the priority again, in milliseconds. */
const PAUSE_MS = 10_000;

export interface RealtimeGuardPorts {
  readonly tell: (report: ControlReport) => void;
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

  heard(report: Report): void {
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
      this.#ports.tell({ kind: 'realtime-pause-failed', thread, error: failureText(error) });
      return;
    }
    this.#ports.tell({ kind: 'realtime-paused', thread, seconds: PAUSE_MS / 1_000 });
    this.#pause = setTimeout(() => this.#ports.restore(), PAUSE_MS);
    this.#pause.unref();
  }

  close(): void {
    clearTimeout(this.#pause);
  }
}
