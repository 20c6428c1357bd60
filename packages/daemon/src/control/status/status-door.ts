// Opens the status socket of a daemon that runs and closes it at its end, and says in the log what came of it. The server is
// loaded only here: a start does not wait for HTTP.
import type { LogEntry } from '../../log/entry.js';
import { RUN_CODES, type RunCode } from '../run-codes.js';
import type { StatusService } from './status-service.js';
import type { OpenedSocket } from './status-socket.js';

export class StatusDoor {
  readonly #path: string;
  readonly #service: StatusService;
  readonly #write: (entry: LogEntry) => void;
  #opened: Promise<OpenedSocket | undefined> = Promise.resolve(undefined);

  constructor(path: string, service: StatusService, write: (entry: LogEntry) => void) {
    this.#path = path;
    this.#service = service;
    this.#write = write;
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
    this.#write(this.#entry(opened));
    return opened;
  }

  #entry(opened: OpenedSocket): LogEntry {
    const path = this.#path;
    if (opened.kind === 'in-use') {
      return this.#finding('run/status-socket-in-use', `another process answers at ${path}; this daemon has no status`);
    }
    if (opened.kind === 'failed') {
      return this.#finding('run/status-socket-failed', `could not open the status socket: ${opened.message}`);
    }
    const fields = { event: 'status-socket-opened', path };
    return { level: 'info', message: `Status is answered at ${path}`, fields, detail: true };
  }

  #finding(code: RunCode, message: string): LogEntry {
    return { level: RUN_CODES[code].severity, message: `${message} [${code}]`, fields: { code, path: this.#path } };
  }
}
