// The control thread's half of a change of configuration: asks the engine to prepare it, orders the commit, and hears when it
// is done. One change at a time.
import type { EngineCommand, FailureText, Leftovers, PrepareProblem } from '../engine/messages.js';
import type { Desired } from '../plan/desired.js';
import type { Report } from '../reports/report.js';

/** How long the engine may take to answer, in ms: longer than it takes to read the largest network. */
const PREPARE_LIMIT_MS = 10_000;

export class EngineLink {
  readonly #send: (command: EngineCommand) => void;
  #id = 0;
  #onPrepared: ((problems: readonly PrepareProblem[]) => void) | undefined;
  #onCommitted: ((failure: FailureText | undefined) => void) | undefined;

  constructor(send: (command: EngineCommand) => void) {
    this.#send = send;
  }

  heard(report: Report): void {
    if (report.kind === 'prepared' && report.id === this.#id) this.#onPrepared?.(report.problems);
    else if (report.kind === 'committed' && report.id === this.#id) this.#onCommitted?.(undefined);
    else if (report.kind === 'operation-failed' && report.router === undefined) {
      if (report.operation === 'prepare') this.#onPrepared?.([report.error]);
      else if (report.operation === 'commit') this.#onCommitted?.(report.error);
    }
  }

  /** What stands in its way; nothing has changed. */
  prepare(desired: Desired): Promise<readonly PrepareProblem[]> {
    this.#id += 1;
    return new Promise((resolve) => {
      const answer = (problems: readonly PrepareProblem[]): void => {
        clearTimeout(limit);
        this.#onPrepared = undefined;
        resolve(problems);
      };
      const silence = `the engine did not answer within ${PREPARE_LIMIT_MS / 1_000} s`;
      const limit = setTimeout(() => answer([{ message: silence }]), PREPARE_LIMIT_MS);
      limit.unref();
      this.#onPrepared = answer;
      this.#send({ kind: 'prepare', id: this.#id, desired });
    });
  }

  /** Carries out what was prepared. The order is given before this returns; resolves when it is done, with what went wrong. */
  commit(leftovers: Leftovers): Promise<FailureText | undefined> {
    return new Promise((resolve) => {
      this.#onCommitted = resolve;
      this.#send({ kind: 'commit', id: this.#id, leftovers });
    });
  }
}
