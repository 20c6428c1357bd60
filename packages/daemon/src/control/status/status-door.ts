// Opens the status socket of a daemon that runs and closes it at its end, and tells what came of it. The server is
// loaded only here: a start does not wait for HTTP.
import type { ControlReport } from '../../reports/report.js';
import type { StatusService } from './status-service.js';
import type { OpenedSocket } from './status-socket.js';

export class StatusDoor {
  readonly #path: string;
  readonly #service: StatusService;
  readonly #tell: (report: ControlReport) => void;
  #opened: Promise<OpenedSocket | undefined> = Promise.resolve(undefined);

  constructor(path: string, service: StatusService, tell: (report: ControlReport) => void) {
    this.#path = path;
    this.#service = service;
    this.#tell = tell;
  }

  open(): void {
    this.#opened = this.#open();
  }

  /** Resolves when nobody is connected any more and the socket is gone. */
  async close(): Promise<void> {
    const opened = await this.#opened;
    if (opened?.kind === 'open') await opened.socket.close();
  }

  async #open(): Promise<OpenedSocket> {
    const opened = await import('./status-socket.js').then(
      ({ openStatusSocket }) => openStatusSocket(this.#path, (question) => this.#service.answer(question)),
      // A part of the program that cannot be read costs the status, never the routers.
      (error: unknown): OpenedSocket => ({ kind: 'failed', message: String(error) }),
    );
    const outcome = opened.kind === 'open' ? { kind: opened.kind } : opened;
    this.#tell({ kind: 'status-socket', path: this.#path, outcome });
    return opened;
  }
}
