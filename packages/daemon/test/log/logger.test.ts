// The log beside a reader that does not read: the daemon goes on, what is missing is counted and said.
import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLogger } from '../../src/log/logger.js';

const PIPE_BYTES = 65_536;
let folder = '';
let reader = 0;
let writer = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vrrpd-log-'));
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  // As a shell gives it: writing to it waits.
  writer = openSync(path, constants.O_WRONLY);
});
afterEach(() => {
  for (const descriptor of [reader, writer]) closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

function readAll(): string {
  const buffer = Buffer.alloc(2 * PIPE_BYTES);
  let length = 0;
  try {
    for (let got = readSync(reader, buffer); got > 0; got = readSync(reader, buffer, length, PIPE_BYTES, null))
      length += got;
  } catch {
    // Empty.
  }
  return buffer.toString('utf8', 0, length);
}

test.each(['text', 'json'] as const)('a pipe that nobody reads stops nothing, and the gap is said: %s', (console) => {
  const logger = createLogger({ console, detail: false, descriptor: writer });
  const write = (message: string): void => logger.write({ level: 'info', message, fields: {} });
  for (let n = 0; n < 5_000; n += 1) write(`line ${n} ${'x'.repeat(100)}`);
  const before = readAll();
  const written = before.match(/line \d+ /g)?.length ?? 0;
  expect(written).toBeGreaterThan(100);
  expect(written).toBeLessThan(5_000);
  write('after');
  const after = readAll();
  expect(after).toContain(`${5_000 - written} lines of the log are missing here: nobody read the ones before`);
  expect(after.trimEnd().split('\n')).toHaveLength(2);
  write('again');
  expect(readAll().trimEnd().split('\n')).toHaveLength(1);
});

test('a line longer than the pipe takes at once is not cut in two by the next', () => {
  const logger = createLogger({ console: 'text', detail: false, descriptor: writer });
  const write = (message: string): void => logger.write({ level: 'info', message, fields: {} });
  write(`first ${'x'.repeat(PIPE_BYTES)} end of the first`);
  write('lost');
  const head = readAll();
  write('second');
  const lines = `${head}${readAll()}`.trimEnd().split('\n');
  expect(lines[0]).toMatch(/: first x+ end of the first$/);
  expect(lines[1]).toMatch(/: 1 line of the log is missing here/);
  expect(lines[2]).toMatch(/: second$/);
});

test('a syslog that takes nothing is told what it missed', () => {
  let takes = false;
  const sent: string[] = [];
  const send = (datagram: Uint8Array): boolean => {
    if (takes) sent.push(new TextDecoder().decode(datagram));
    return takes;
  };
  const logger = createLogger({ console: 'off', detail: false, syslog: { facility: 3, send } });
  for (const message of ['one', 'two']) logger.write({ level: 'info', message, fields: {} });
  takes = true;
  logger.write({ level: 'info', message: 'three', fields: {} });
  expect(sent.map((line) => line.replace(/^.*?: /, ''))).toEqual([
    '2 lines of the log are missing here: nobody read the ones before',
    'three',
  ]);
});
