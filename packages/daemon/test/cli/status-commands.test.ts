// `vrrpd status` and `vrrpd explain` as programs, against whatever answers at a socket: what they print, and what they end
// with. Against a daemon: test/netns/status.netns.test.ts.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import type { StatusDocument } from '../../src/control/status/document.js';
import { ObservedPair } from '../control/status/observed-pair.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));

let folder = '';
let socket = '';
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-status-'));
  socket = join(folder, 'vrrp.sock');
});

afterEach(async () => {
  await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** Paths that were asked for. */
async function serve(status: number, text: string): Promise<readonly string[]> {
  const asked: string[] = [];
  const made = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(status, { Connection: 'close' }).end(text);
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(socket, () => resolve()));
  return asked;
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

async function documentOf(change: (status: StatusDocument) => StatusDocument): Promise<string> {
  const pair = new ObservedPair();
  await pair.configure(100, { three: { does: 'exit 3', weight: -5 } });
  await pair.until(5);
  return JSON.stringify(change(await pair.document()));
}

test('a virtual router by name, with what it tracks and nothing else; as JSON the document', async () => {
  const text = await documentOf((status) => {
    const [router] = status.virtualRouters;
    const [tracker] = status.trackers;
    if (router === undefined || tracker === undefined) throw new Error('something is missing');
    const others = {
      virtualRouters: [router, { ...router, name: 'VI_2' }],
      trackers: [tracker, { ...tracker, name: 'x', usedBy: [] }],
    };
    return { ...status, ...others };
  });
  await serve(200, text);
  const { status, stdout, stderr } = await run(['status', 'VI_1', '--socket', socket]);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^VI_1 .* MASTER .* 95 = 100 - 5 three /m);
  expect(stdout).toMatch(/^three +script +down /m);
  expect(stdout).not.toMatch(/^(VI_2|x) /m);
  const json = await run(['status', '--json', '-r', join(folder, 'vrrp.pid')]);
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(text));
});

test('an engine that does not answer: what is known is printed, and the status is 1', async () => {
  await serve(
    200,
    await documentOf((status) => ({ ...status, engine: { answered: false, lateness: null }, virtualRouters: [] })),
  );
  const { status, stdout, stderr } = await run(['status', '--socket', socket]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^three +script +down /m);
  expect(stderr).toBe('the engine of vrrpd does not answer: what its virtual routers do is not known\n');
});

test('explain asks for the name as it is, and prints sentences without control characters', async () => {
  const asked = await serve(200, JSON.stringify({ sentences: ['a is Master.', 'b\u001b[2J.'] }));
  expect(await run(['explain', 'a b/ü', '--socket', socket])).toEqual({
    status: 0,
    stdout: 'a is Master.\nb\\x1b[2J.\n',
    stderr: '',
  });
  expect(asked).toEqual(['/explain/a%20b%2F%C3%BC']);
});

test.each([
  [
    'a virtual router that is not there',
    404,
    '{"error":"there is no virtual router VI_9"}',
    5,
    'there is no virtual router VI_9',
  ],
  ['a silent engine', 503, '{"error":"nothing is known"}', 1, 'nothing is known'],
  ['somebody else who answers', 200, '<html>', 1, 'no answer from '],
])('%s', async (_title, answer, text, status, stderr) => {
  await serve(answer, text);
  expect(await run(['explain', 'VI_9', '--socket', socket])).toMatchObject({
    status,
    stdout: '',
    stderr: expect.stringContaining(stderr),
  });
});

test.each([
  ['status', '{"status":"ok"}'],
  ['status', 'null'],
  ['explain', '[]'],
  ['explain', 'null'],
])('%s: JSON of somebody else, %s', async (command, text) => {
  await serve(200, text);
  expect(await run([command, 'VI_1', '--socket', socket])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'what answers there is no vrrpd, or one of another version\n',
  });
});

test.each([
  [['status', '--socket', '/nowhere/vrrp.sock'], 3, /^no vrrpd answers at \/nowhere\/vrrp\.sock/],
  [['explain'], 1, /Not enough non-option arguments/],
  [['status', '--sockt', 'x'], 1, /Unknown argument/],
])('%j ends with %d', async (words, status, stderr) => {
  expect(await run(words)).toMatchObject({ status, stderr: expect.stringMatching(stderr) });
});
