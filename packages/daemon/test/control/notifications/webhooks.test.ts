// Webhooks in virtual time: order, retries with growing pauses, limits, and that the latest state is always delivered.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from '@jest/globals';
import { FakeClock } from '@vrrp/trackers/testing';

import { httpClient } from '../../../src/control/notifications/http-client.js';
import type { Notice } from '../../../src/reports/notice.js';
import type { WebhookDocument } from '../../../src/control/notifications/webhook-document.js';
import {
  ATTEMPTS_MAX,
  LONGEST_PAUSE,
  WEBHOOK_STOP_LIMIT,
  WEBHOOK_TIMEOUT,
  WEBHOOK_WAITING_MAX,
  Webhooks,
} from '../../../src/control/notifications/webhooks.js';
import { notificationEntries } from '../../../src/log/notification-sentences.js';

const SECOND = 1_000_000;
const TARGET = { url: 'http://192.0.2.9/hook?token=secret', headers: [] };

type Answer = number | 'refused' | 'none';

/** A receiver whose answers a test decides; `got` are the sequence numbers it took. */
class Stage {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  readonly got: number[] = [];
  /** When it was asked, in seconds. */
  readonly asked: number[] = [];
  answer: Answer | ((sequence: number) => Answer) = 200;
  readonly webhooks = new Webhooks({
    clock: this.clock,
    client: { post: (_target, body, signal) => this.#post(body, signal) },
    report: (report) =>
      this.log.push(...notificationEntries({ listener: 'webhook', report: report }).map(({ message }) => message)),
  });
  #sequence = 0;

  constructor() {
    this.webhooks.configure([TARGET]);
  }

  tell(state: WebhookDocument['state'], name = 'VI_1'): void {
    this.#sequence += 1;
    const notice: Notice = { scope: 'INSTANCE', name, state, priority: 100 };
    this.webhooks.notify(notice, TARGET, { sequence: this.#sequence } as WebhookDocument);
  }

  async pass(seconds: number): Promise<void> {
    for (let left = seconds * 10; left > 0; left -= 1) {
      await settle();
      this.clock.advance(SECOND / 10);
    }
    await settle();
  }

  #post(body: string, signal: AbortSignal): Promise<number> {
    this.asked.push(Math.round(this.clock.now() / SECOND));
    const { sequence } = JSON.parse(body) as WebhookDocument;
    const answer = typeof this.answer === 'function' ? this.answer(sequence) : this.answer;
    if (answer === 'refused') return Promise.reject(new Error('connect ECONNREFUSED'));
    if (answer === 'none') {
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    }
    if (answer < 300) this.got.push(sequence);
    return Promise.resolve(answer);
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('every change is posted, in order', async () => {
  const stage = new Stage();
  for (const state of ['BACKUP', 'MASTER', 'FAULT'] as const) stage.tell(state);
  await settle();
  expect(stage.got).toEqual([1, 2, 3]);
  expect(stage.log[0]).toBe('(VI_1) webhook http://192.0.2.9/hook (BACKUP): delivered');
});

test('a receiver that is away gets everything in order when it is back, after pauses that grow to a minute', async () => {
  const stage = new Stage();
  stage.answer = 'refused';
  stage.tell('BACKUP');
  await stage.pass(200);
  expect(stage.asked).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
  stage.answer = 200;
  stage.tell('MASTER');
  await stage.pass(60);
  expect(stage.got).toEqual([1, 2]);
  expect(stage.log).toEqual([
    '(VI_1) webhook http://192.0.2.9/hook (BACKUP): connect ECONNREFUSED; it is tried again',
    '(VI_1) webhook http://192.0.2.9/hook (BACKUP): delivered at attempt 10',
    '(VI_1) webhook http://192.0.2.9/hook (MASTER): delivered',
  ]);
});

test('1,000 changes for a receiver that is away: few wait, and the latest is delivered', async () => {
  const stage = new Stage();
  stage.answer = 'refused';
  for (let change = 0; change < 1_000; change += 1) stage.tell(change % 2 === 0 ? 'MASTER' : 'BACKUP');
  expect(stage.log).toHaveLength(1_000 - 1 - WEBHOOK_WAITING_MAX);
  // Each but the latest is given up after some attempts; the latest never is.
  await stage.pass((WEBHOOK_WAITING_MAX + 1) * 2 ** (ATTEMPTS_MAX - 1) + 10 * (LONGEST_PAUSE / SECOND));
  stage.answer = 200;
  await stage.pass(LONGEST_PAUSE / SECOND);
  expect(stage.got).toEqual([1_000]);
});

test.each<[Answer, string]>([
  ['none', `no answer within ${WEBHOOK_TIMEOUT / SECOND} s`],
  [503, 'the answer is 503'],
  [429, 'the answer is 429'],
])('%s is tried again', async (answer, reason) => {
  const stage = new Stage();
  stage.answer = answer;
  stage.tell('MASTER');
  await stage.pass(WEBHOOK_TIMEOUT / SECOND);
  expect(stage.log).toEqual([`(VI_1) webhook http://192.0.2.9/hook (MASTER): ${reason}; it is tried again`]);
  stage.answer = 204;
  await stage.pass(2);
  expect(stage.got).toEqual([1]);
});

test.each([400, 401, 404, 302])('%i is final: the next one has its turn', async (status) => {
  const stage = new Stage();
  stage.answer = (sequence) => (sequence === 1 ? status : 200);
  stage.tell('MASTER');
  stage.tell('BACKUP');
  await settle();
  expect(stage.got).toEqual([2]);
  expect(stage.log[0]).toBe(
    `(VI_1) webhook http://192.0.2.9/hook (MASTER): the answer is ${status}; given up after 1 attempt`,
  );
});

test('an instance that is not taken does not hold up another', async () => {
  const stage = new Stage();
  stage.answer = (sequence) => (sequence === 1 ? 500 : 200);
  stage.tell('MASTER', 'VI_1');
  stage.tell('MASTER', 'VI_2');
  await settle();
  expect(stage.got).toEqual([2]);
});

test('a URL that a reload takes away is given up', async () => {
  const stage = new Stage();
  stage.answer = 'refused';
  stage.tell('MASTER');
  await settle();
  stage.webhooks.configure([]);
  await stage.pass(3);
  expect(stage.log.at(-1)).toMatch(/given up after 2 attempts$/);
});

describe('at the stop', () => {
  test('nobody waits for a pause: one more attempt each, and then the stop is told', async () => {
    const stage = new Stage();
    stage.answer = 'refused';
    stage.tell('MASTER');
    await stage.pass(10);
    stage.answer = 200;
    stage.tell('STOP');
    await stage.webhooks.stop();
    expect(stage.got).toEqual([1, 2]);
  });

  test.each<Answer>(['none', 'refused'])(
    'a receiver that is away (%s) costs no more than the limit',
    async (answer) => {
      const stage = new Stage();
      stage.answer = answer;
      stage.tell('MASTER');
      await settle();
      stage.tell('STOP');
      const stopped = stage.webhooks.stop();
      await settle();
      stage.clock.advance(WEBHOOK_STOP_LIMIT);
      await stopped;
      await settle();
      expect(stage.log.at(-1)).toMatch(
        answer === 'none'
          ? /^2 webhook documents were not delivered before the stop$/
          : /\(STOP\): .* given up after 1/,
      );
    },
  );
});

describe('a real request', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function receiver(status: number): Promise<{ url: string; requests: (IncomingMessage & { text: string })[] }> {
    const requests: (IncomingMessage & { text: string })[] = [];
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      request.on('end', () => {
        requests.push(Object.assign(request, { text }));
        response.writeHead(status, { location: '/elsewhere' }).end('a page that nobody reads');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, requests };
  }

  test.each([204, 302, 500])(
    'is a POST of JSON with the headers that are configured, and gives the status %i',
    async (status) => {
      const { url, requests } = await receiver(status);
      const headers = [{ name: 'Authorization', value: 'Bearer x' }];
      expect(await httpClient.post({ url, headers }, '{"a":1}', new AbortController().signal)).toBe(status);
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({
        method: 'POST',
        url: '/hook',
        text: '{"a":1}',
        headers: { authorization: 'Bearer x', 'content-type': 'application/json' },
      });
      expect(requests[0]?.headers['user-agent']).toMatch(/^vrrpd\/\d/);
    },
  );

  test('that nobody answers says why', async () => {
    const { url } = await receiver(200);
    server?.close();
    await once(server as Server, 'close');
    const sent = httpClient.post({ url, headers: [] }, '{}', new AbortController().signal);
    await expect(sent).rejects.toThrow('ECONNREFUSED');
  });
});
