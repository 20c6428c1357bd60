// The status socket over real unix sockets in an empty folder: its answers, its limits, and what it does with whatever is at
// its path already. What it answers about is made up; status-service.test.ts has the real thing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { StatusAnswer, StatusQuestion } from '../../../src/control/status/status-service.js';
import { CONNECTIONS_MAX, openStatusSocket, type Answerer } from '../../../src/control/status/status-socket.js';
import { Feed } from '../../rig/deadline.js';

let folder = '';
let path = '';
const closing: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-status-'));
  path = join(folder, 'vrrp.sock');
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

const answers: Answerer = (question) => Promise.resolve(answerTo(question));

function answerTo(question: StatusQuestion): StatusAnswer {
  if (question.kind === 'metrics') return { kind: 'metrics', text: 'a 1\n' };
  if (question.kind === 'status') return { kind: 'json', text: '{"time":"now"}\n' };
  if (question.name === 'silent') return { kind: 'silent', message: 'nothing is known' };
  if (question.name === 'broken') throw new Error('a bug');
  return { kind: 'unknown', message: `no ${question.name}` };
}

async function open(answerer: Answerer = answers, limit?: number): Promise<void> {
  const opened = await openStatusSocket(path, answerer, limit);
  if (opened.kind !== 'open') throw new Error(JSON.stringify(opened));
  closing.push(() => opened.socket.close());
}

interface Reply {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

function ask(target: string, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: path, path: target, method }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'], text }));
    });
    asked.on('error', reject).end();
  });
}

/** Sends bytes as they are; what came back until the other side ended. */
function send(bytes: string | Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection({ path }, () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
}

describe('what it answers', () => {
  const json = 'application/json';
  test.each([
    ['/status', 200, json, '{"time":"now"}\n'],
    ['/status?pretty', 200, json, '{"time":"now"}\n'],
    ['/metrics', 200, 'text/plain; version=0.0.4; charset=utf-8', 'a 1\n'],
    ['/explain/VI_9', 404, json, '{"error":"no VI_9"}\n'],
    ['/explain/a%20%2Fb', 404, json, '{"error":"no a /b"}\n'],
    ['/explain/%ff', 404, json, '{"error":"there are /status, /metrics and /explain/NAME"}\n'],
    ['/explain/silent', 503, json, '{"error":"nothing is known"}\n'],
    ['/explain/', 404, json, '{"error":"there are /status, /metrics and /explain/NAME"}\n'],
    ['/', 404, json, '{"error":"there are /status, /metrics and /explain/NAME"}\n'],
    ['/../etc/passwd', 404, json, '{"error":"there are /status, /metrics and /explain/NAME"}\n'],
  ])('GET %s: %d', async (target, status, type, text) => {
    await open();
    expect(await ask(target)).toEqual({ status, type, text });
  });

  test('HEAD has no body, other methods are refused', async () => {
    await open();
    expect(await ask('/status', 'HEAD')).toEqual({ status: 200, type: json, text: '' });
    expect(await ask('/status', 'POST')).toMatchObject({ status: 405, text: '{"error":"only GET is answered"}\n' });
  });

  test('a bug in the answer costs that answer', async () => {
    await open(async (question) => answerTo(question));
    expect(await ask('/explain/broken')).toMatchObject({ status: 500, text: '{"error":"a bug"}\n' });
    expect(await ask('/status')).toMatchObject({ status: 200 });
  });

  test('as many at once as there may be', async () => {
    await open();
    const replies = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, () => ask('/status')));
    expect(replies.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('what is no request', () => {
  test.each([
    ['words', 'hello\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['bytes', Uint8Array.from({ length: 4_096 }, (_, index) => (index * 167) % 256), /^HTTP\/1\.1 400 /],
    ['TLS', Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01), /^HTTP\/1\.1 400 /],
    ['headers without end', `GET /status HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, /^HTTP\/1\.1 431 /],
    ['a name without end', `GET /explain/${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['no host', 'GET /status HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['two bodies', 'GET /status HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', / 400 /],
  ])('%s: refused, and the next one is answered', async (_title, bytes, expected) => {
    await open();
    expect(await send(bytes)).toMatch(expected);
    expect(await ask('/status')).toMatchObject({ status: 200 });
  });

  test('CONNECT and an upgrade get no tunnel', async () => {
    await open();
    expect(await send('CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n')).not.toMatch(/ 200 /);
    expect(await send('GET /nothing HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n')).toMatch(
      / 404 /,
    );
    expect(await ask('/status')).toMatchObject({ status: 200 });
  });

  test.each([
    ['says nothing', ''],
    ['does not come to an end', 'GET /status HTTP/1.1\r\nHost: x\r\n'],
  ])('who %s is not waited for', async (_title, bytes) => {
    await open(answers, 100);
    // Whichever limit is first: it is told, or only cut off.
    expect(await send(bytes)).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
  });

  test('a request may be left before its answer is there', async () => {
    const asked = new Feed<() => void>();
    await open((question) => new Promise((resolve) => asked.push(() => resolve(answerTo(question)))));
    const socket = createConnection({ path }, () => socket.write('GET /status HTTP/1.1\r\nHost: x\r\n\r\n'));
    const answer = await asked.waitFor({ what: 'the question', satisfies: () => true });
    const gone = new Promise((resolve) => socket.on('close', resolve));
    socket.destroy();
    await gone;
    answer();
    const next = ask('/status');
    (await asked.waitFor({ what: 'the next question', satisfies: () => true, from: 1 }))();
    expect(await next).toMatchObject({ status: 200 });
  });
});

describe('its place', () => {
  test('is for root and its group, whatever the mask, and gone after the end', async () => {
    const before = process.umask(0);
    try {
      await open();
    } finally {
      process.umask(before);
    }
    expect(process.umask()).toBe(before);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    await closing.pop()?.();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  test("is its owner's alone while it is made, even with a mask of 0", async () => {
    const before = process.umask(0);
    try {
      const opening = open();
      let first: number | undefined;
      // What is bound is seen before the next tick, in which its mode is set.
      for (let turn = 0; turn < 50 && first === undefined; turn += 1) {
        await Promise.resolve();
        first = statSync(path, { throwIfNoEntry: false })?.mode;
      }
      expect((first ?? 0) & 0o777).toBe(0o600);
      await opening;
    } finally {
      process.umask(before);
    }
  });

  test('the end does not wait for who is connected', async () => {
    await open();
    const socket = createConnection({ path });
    // Cut off: an error to this side.
    const ended = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await closing.pop()?.();
    await ended;
  });

  test('what a dead daemon left there is replaced', async () => {
    const dying = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 9))`;
    expect(spawnSync(process.execPath, ['-e', dying]).signal).toBe('SIGKILL');
    expect(statSync(path).isSocket()).toBe(true);
    await open();
    expect(await ask('/status')).toMatchObject({ status: 200 });
  });

  test('one that answers is left alone', async () => {
    const other = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('other'),
    ).listen(path);
    await new Promise((resolve) => other.once('listening', resolve));
    closing.push(() => new Promise((resolve) => other.close(() => resolve())));
    expect(await openStatusSocket(path, answers)).toEqual({ kind: 'in-use' });
    expect(await send('x')).toBe('other');
  });

  test('a file that is no socket is left alone', async () => {
    writeFileSync(path, 'mine');
    expect(await openStatusSocket(path, answers)).toEqual({
      kind: 'failed',
      message: `${path} is there and is not a socket`,
    });
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('a folder that is not there, and a path that is too long, are said', async () => {
    path = join(folder, 'no', 'vrrp.sock');
    expect(await openStatusSocket(path, answers)).toEqual({
      kind: 'failed',
      message: `there is no folder ${join(folder, 'no')}`,
    });
    path = join(folder, 'x'.repeat(100));
    expect(await openStatusSocket(path, answers)).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^the path has \d+ bytes, a socket's may have 107$/),
    });
  });
});
