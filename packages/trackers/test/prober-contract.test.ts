// The contract of probes: FakeProber, and the real one against servers on the loopback address.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BODY_LIMIT, createNodeClock, createNodeProber } from '../src/index.js';
import type { HttpResult } from '../src/index.js';
import { FakeClock, FakeProber, proberContract } from '../src/testing/index.js';
import type { ProberWorld } from '../src/testing/index.js';
import { selfSigned } from './self-signed-certificate.js';

// Real time on a machine that may be busy with other things.
jest.setTimeout(30_000);

describe('FakeProber', () => {
  const world: ProberWorld = {
    listening: { host: 'a', port: 1 },
    refusing: { host: 'a', port: 2 },
    broken: 'http://a/broken',
    long: 'http://a/long',
    silent: 'http://a/silent',
    file: '/a',
    missing: '/b',
  };
  const refused = { kind: 'failed', reason: 'refused', detail: 'a:2' } as const;

  test.each(proberContract)('$name', async ({ run }) => {
    const clock = new FakeClock();
    const prober = new FakeProber(clock);
    prober.results = {
      connect: { 'a:1': { kind: 'connected' }, 'a:2': refused },
      get: {
        'http://a/broken': { kind: 'response', status: 503, body: 'broken' },
        'http://a/long': { kind: 'response', status: 200, body: 'x'.repeat(BODY_LIMIT) },
        'http://a:2/': refused,
      },
      fileAge: { '/a': { kind: 'age', age: 10_000_000 }, '/b': { kind: 'missing' } },
    };
    const pass = (duration: number): Promise<void> => Promise.resolve(clock.advance(duration));
    await run({ prober, world, pass });
    expect(prober.open).toBe(0);
  });
});

describe('the real prober', () => {
  const server = createServer((request, response) => {
    if (request.url === '/broken') response.writeHead(503).end('broken');
    if (request.url === '/long') response.end('x'.repeat(BODY_LIMIT * 20));
    if (request.url === '/bad') request.socket.end('no HTTP at all\r\n\r\n');
    if (request.url === '/lost') request.socket.destroy();
  });
  const clock = createNodeClock();
  const pass = (duration: number): Promise<void> =>
    new Promise((resolve) => clock.schedule(clock.now() + duration, resolve));
  let folder = '';
  let port = 0;
  let free = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trackers-'));
    writeFileSync(join(folder, 'f'), '');
    const then = Date.now() / 1_000 - 10;
    utimesSync(join(folder, 'f'), then, then);
    port = await listen(server);
    const other = createServer();
    free = await listen(other);
    await new Promise((resolve) => other.close(resolve));
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test.each(proberContract)('$name', async ({ run }) => {
    const url = (path: string): string => `http://127.0.0.1:${port}/${path}`;
    const world: ProberWorld = {
      listening: { host: '127.0.0.1', port },
      refusing: { host: '127.0.0.1', port: free },
      broken: url('broken'),
      long: url('long'),
      silent: url('silent'),
      file: join(folder, 'f'),
      missing: join(folder, 'none'),
    };
    await run({ prober: createNodeProber(), world, pass });
  });

  test('a server that speaks no HTTP, one that hangs up, and a URL that is none', async () => {
    expect(await get(`http://127.0.0.1:${port}/bad`)).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await get(`http://127.0.0.1:${port}/lost`)).toMatchObject({ kind: 'failed', reason: 'connection-lost' });
    expect(await get('http://a:b:c/')).toMatchObject({ kind: 'cannot-run' });
  });

  test('a certificate that nobody vouches for fails, unless it is not verified', async () => {
    const tls = createTlsServer(selfSigned('localhost'), (_request, response) => {
      response.end();
    });
    const url = `https://127.0.0.1:${await listen(tls)}/`;
    expect(await get(url)).toMatchObject({ kind: 'failed', reason: 'tls-failure' });
    expect(await get(url, false)).toMatchObject({ kind: 'response', status: 200 });
    await new Promise((resolve) => tls.close(resolve));
  });

  test('two hundred probes at once leave no connection behind', async () => {
    const url = `http://127.0.0.1:${port}/broken`;
    const results = await Promise.all(Array.from({ length: 200 }, () => get(url)));
    expect(results.every((result) => result.kind === 'response' && result.status === 503)).toBe(true);
    for (let look = 0; look < 100 && (await connections()) > 0; look += 1) await pass(10_000);
    expect(await connections()).toBe(0);
  });

  const connections = (): Promise<number> =>
    new Promise((resolve) => {
      server.closeIdleConnections();
      server.getConnections((_error, count) => resolve(count));
    });
});

function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function get(url: string, verify = true): Promise<HttpResult> {
  return new Promise((resolve) => {
    createNodeProber().get({ url, verify, wantsBody: false }, resolve);
  });
}
