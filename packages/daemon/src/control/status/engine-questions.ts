// Asks the engine how it stands: one question at a time, whoever asks meanwhile shares its answer, and an answer is good for
// a moment. So however many ask, the engine's thread spends its time on advertisements.
import type { EngineCommand, EngineCounts, EngineReport, RouterStanding } from '../../engine/messages.js';

/** How long the engine may take, in ms. It needs about one; only a thread that hangs takes longer. */
export const ENGINE_ANSWER_LIMIT_MS = 1_000;
/** How long an answer is good for, in ms. */
export const ANSWER_AGE_MAX_MS = 50;

export type AnswerPart = EngineReport & { readonly kind: 'snapshot' };

/** How the engine stands. */
export interface EngineStanding extends EngineCounts {
  /** On the engine's clock, µs. */
  readonly at: number;
  /** The same moment, milliseconds since 1970. */
  readonly wall: number;
  readonly routers: readonly RouterStanding[];
}

interface Question {
  readonly id: number;
  readonly routers: RouterStanding[];
  readonly settle: (standing: EngineStanding | undefined) => void;
}

export class EngineQuestions {
  readonly #send: (command: EngineCommand & { readonly kind: 'snapshot' }) => void;
  readonly #now: () => number;
  #nextId = 1;
  #open: Question | undefined;
  /** Of the open question. */
  #answered: Promise<EngineStanding | undefined> | undefined;
  #latest: EngineStanding | undefined;

  /** @param now milliseconds since 1970. */
  constructor(send: (command: EngineCommand & { readonly kind: 'snapshot' }) => void, now: () => number = Date.now) {
    this.#send = send;
    this.#now = now;
  }

  /** Undefined when the engine does not answer within its limit. */
  ask(): Promise<EngineStanding | undefined> {
    if (this.#answered !== undefined) return this.#answered;
    const latest = this.#latest;
    if (latest !== undefined && Math.abs(this.#now() - latest.wall) <= ANSWER_AGE_MAX_MS)
      return Promise.resolve(latest);
    return this.#begin();
  }

  /** A part of an answer; one that comes too late is nobody's any more. */
  heard({ id, at, routers, counts }: AnswerPart): void {
    const question = this.#open;
    if (question?.id !== id) return;
    question.routers.push(...routers);
    if (counts !== undefined) question.settle({ ...counts, at, wall: this.#now(), routers: question.routers });
  }

  #begin(): Promise<EngineStanding | undefined> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<EngineStanding | undefined>((resolve) => {
      const settle = (standing: EngineStanding | undefined): void => {
        clearTimeout(limit);
        this.#open = undefined;
        this.#answered = undefined;
        this.#latest = standing;
        resolve(standing);
      };
      const limit = setTimeout(settle, ENGINE_ANSWER_LIMIT_MS, undefined);
      this.#open = { id, routers: [], settle };
    });
    this.#answered = answered;
    this.#send({ kind: 'snapshot', id });
    return answered;
  }
}
