// One question to the engine at a time, and what happens when it does not answer: in virtual time.
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';

import {
  ANSWER_AGE_MAX_MS,
  ENGINE_ANSWER_LIMIT_MS,
  EngineQuestions,
} from '../../../src/control/status/engine-questions.js';

const counts = { syncGroups: [], lateness: { count: 0, sum: 0, max: 0, buckets: [] } };
const answerTo = (id: number) => ({ at: id, kind: 'snapshot', id, routers: [], counts }) as const;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function asking(): { readonly questions: EngineQuestions; readonly sent: number[] } {
  const sent: number[] = [];
  return { questions: new EngineQuestions(({ id }) => sent.push(id)), sent };
}

test('whoever asks while a question is open, or a moment later, shares its answer', async () => {
  const { questions, sent } = asking();
  const asked = Array.from({ length: 100 }, () => questions.ask());
  expect(sent).toEqual([1]);
  questions.heard(answerTo(1));
  expect(new Set(await Promise.all(asked)).size).toBe(1);
  jest.advanceTimersByTime(ANSWER_AGE_MAX_MS);
  expect((await questions.ask())?.at).toBe(1);
  jest.advanceTimersByTime(1);
  void questions.ask();
  expect(sent).toEqual([1, 2]);
});

test('an engine that does not answer is waited for only so long, and asked again by the next', async () => {
  const { questions, sent } = asking();
  const first = questions.ask();
  jest.advanceTimersByTime(ENGINE_ANSWER_LIMIT_MS);
  expect(await first).toBeUndefined();
  const second = questions.ask();
  expect(sent).toEqual([1, 2]);
  // The late answer to the first question is not taken for one to the second.
  questions.heard(answerTo(1));
  jest.advanceTimersByTime(ENGINE_ANSWER_LIMIT_MS / 2);
  questions.heard(answerTo(2));
  expect((await second)?.at).toBe(2);
  expect(jest.getTimerCount()).toBe(0);
});

test('an answer comes in parts, and is one when the last part is there', async () => {
  const { questions } = asking();
  const asked = questions.ask();
  for (const key of ['a', 'b']) questions.heard({ at: 1, kind: 'snapshot', id: 1, routers: [{ key }] } as never);
  questions.heard({ ...answerTo(1), at: 9 });
  expect(await asked).toMatchObject({ at: 9, routers: [{ key: 'a' }, { key: 'b' }] });
});
