// Built-in checks: how they are written, what their results mean, and their life as trackers in virtual time.
import { describe, expect, test } from '@jest/globals';
import { createBuiltinTracker, formatEvidence, isBuiltinCheck, parseBuiltinCheck, SECOND } from '../src/index.js';
import type { BuiltinCheck, BuiltinTrackerOptions } from '../src/index.js';
import { FakeClock, FakeProber } from '../src/testing/index.js';
import type { FakeResults } from '../src/testing/index.js';

const http = (url: string, from = 200, to = 299): BuiltinCheck => ({
  kind: 'http',
  url,
  statuses: [{ from, to }],
  verify: true,
});

describe('how a check is written', () => {
  test.each<[string, BuiltinCheck]>([
    ['builtin:tcp 127.0.0.1:8080', { kind: 'tcp', host: '127.0.0.1', port: 8080 }],
    ['builtin:tcp [::1]:1', { kind: 'tcp', host: '::1', port: 1 }],
    ['builtin:tcp db.example:65535', { kind: 'tcp', host: 'db.example', port: 65_535 }],
    ['builtin:http http://localhost:8080/health', http('http://localhost:8080/health')],
    ['builtin:http https://[::1]/?a=b status=204', http('https://[::1]/?a=b', 204, 204)],
    [
      'builtin:http http://a/ status=200-299,304 contains=a=b verify=no',
      {
        kind: 'http',
        url: 'http://a/',
        statuses: [
          { from: 200, to: 299 },
          { from: 304, to: 304 },
        ],
        contains: 'a=b',
        verify: false,
      },
    ],
    ['builtin:ping 192.0.2.1', { kind: 'ping', address: '192.0.2.1' }],
    ['builtin:ping fe80::1', { kind: 'ping', address: 'fe80::1' }],
    ['builtin:systemd nginx', { kind: 'systemd', unit: 'nginx.service' }],
    ['builtin:systemd getty@tty1.service', { kind: 'systemd', unit: 'getty@tty1.service' }],
    ['builtin:file /run/ok', { kind: 'file', path: '/run/ok' }],
    ['builtin:file /run/ok max-age=30s', { kind: 'file', path: '/run/ok', maxAge: 30 * SECOND }],
    ['builtin:file /run/ok max-age=500ms', { kind: 'file', path: '/run/ok', maxAge: SECOND / 2 }],
    ['builtin:file /run/ok max-age=2h', { kind: 'file', path: '/run/ok', maxAge: 7_200 * SECOND }],
  ])('%s', (text, check) => {
    expect(parseBuiltinCheck(text.split(' '))).toEqual({ ok: true, check });
  });

  test.each([
    ['builtin:udp a:1', /udp is no built-in check; there are tcp, http, ping, file, systemd/],
    ['builtin:ping gateway', /^gateway is not understood; write builtin:ping ADDRESS/],
    ['builtin:systemd a*', /^a\* is not understood; write builtin:systemd UNIT/],
    ['builtin:systemd --all', /^--all is not understood/],
    ['builtin:tcp', /write builtin:tcp HOST:PORT/],
    ['builtin:tcp a', /^a is not understood/],
    ['builtin:tcp a:0', /^a:0 is not/],
    ['builtin:tcp a:65536', /^a:65536 is not/],
    ['builtin:tcp ::1:80', /^::1:80 is not/],
    ['builtin:tcp a:1 weight=2', /^weight=2 is not understood; write builtin:tcp/],
    ['builtin:http ftp://a/', /^ftp:\/\/a\/ is not/],
    ['builtin:http http:///', /is not understood/],
    ['builtin:http http://a/ status=299-200', /is not understood/],
    ['builtin:http http://a/ status=99', /is not understood/],
    ['builtin:http http://a/ verify=maybe', /is not understood/],
    ['builtin:http http://a/ verify', /^verify is not/],
    ['builtin:file /a max-age=1s max-age=2s', /^max-age=2s is not/],
    ['builtin:file /a max-age=30', /is not understood; write builtin:file/],
    ['/bin/true', /no built-in check/],
  ])('%s is refused with the right form', (text, problem) => {
    expect(parseBuiltinCheck(text.split(' '))).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });

  test('a command that begins with builtin: is meant to be one', () => {
    expect(isBuiltinCheck(['builtin:tpc', 'a:1'])).toBe(true);
    expect(isBuiltinCheck(['/bin/builtin:tcp'])).toBe(false);
    expect(isBuiltinCheck([])).toBe(false);
  });
});

const OPTIONS: Omit<BuiltinTrackerOptions, 'check'> = {
  name: 'check',
  interval: SECOND,
  timeout: 0,
  rise: 1,
  fall: 1,
  initFail: false,
};

function evidenceOf(text: string, results: FakeResults): string {
  const parsed = parseBuiltinCheck(text.split(' '));
  if (!parsed.ok) throw new Error(parsed.problem);
  const clock = new FakeClock();
  const prober = new FakeProber(clock);
  prober.results = results;
  const lines: string[] = [];
  createBuiltinTracker({ ...OPTIONS, check: parsed.check }, { clock, prober }).start(({ status, evidence }) =>
    lines.push(`${status} ${formatEvidence(evidence)}`),
  );
  clock.advance(SECOND);
  return lines.join();
}

function page(status: number, body: string): FakeResults {
  return { get: { 'http://a/': { kind: 'response', status, body } } };
}

describe('what a result means', () => {
  const refused = { kind: 'failed', reason: 'refused', detail: 'a:1' } as const;
  test.each<[string, FakeResults, string]>([
    ['builtin:tcp a:1', { connect: { 'a:1': { kind: 'connected' } } }, 'up passed: a:1'],
    ['builtin:tcp a:1', { connect: { 'a:1': refused } }, 'down refused: a:1'],
    ['builtin:tcp a:1', { connect: { 'a:1': { kind: 'cannot-run', message: 'EMFILE' } } }, 'down exec-error: EMFILE'],
    ['builtin:tcp a:1', {}, 'down timeout'],
    ['builtin:http http://a/', page(200, ''), 'up passed: 200'],
    ['builtin:http http://a/', page(301, ''), 'down http-status: 301'],
    ['builtin:http http://a/ status=300-399', page(301, ''), 'up passed: 301'],
    ['builtin:http http://a/ contains=ok', page(200, 'all ok'), 'up passed: 200'],
    ['builtin:http http://a/ contains=ok', page(200, 'all bad'), 'down http-content: no "ok" in the body'],
    ['builtin:http http://a/ contains=gr\u00fcn', page(200, 'gr\u00c3\u00bcn'), 'up passed: 200'],
    ['builtin:http http://a/', { get: { 'http://a/': refused } }, 'down refused: a:1'],
    ['builtin:ping 192.0.2.1', { ping: { '192.0.2.1': { kind: 'replied' } } }, 'up passed: 192.0.2.1'],
    ['builtin:ping 192.0.2.1', {}, 'down timeout'],
    ['builtin:file /a', { fileAge: { '/a': { kind: 'age', age: 9e15 } } }, 'up passed: /a'],
    ['builtin:file /a max-age=30s', { fileAge: { '/a': { kind: 'age', age: 30 * SECOND } } }, 'up passed: /a'],
    [
      'builtin:file /a max-age=30s',
      { fileAge: { '/a': { kind: 'age', age: 30 * SECOND + 1 } } },
      'down file-stale: /a',
    ],
    ['builtin:file /a', { fileAge: { '/a': { kind: 'missing' } } }, 'down file-missing: /a'],
    ['builtin:systemd a', { unit: { 'a.service': { kind: 'active' } } }, 'up passed: a.service'],
    ['builtin:systemd a', { unit: { 'a.service': { kind: 'inactive' } } }, 'down unit-inactive: a.service'],
    ['builtin:systemd a', { unit: { 'a.service': { kind: 'missing' } } }, 'down unit-missing: a.service'],
    ['builtin:systemd a', { unit: { 'a.service': { kind: 'cannot-run', message: 'x' } } }, 'down exec-error: x'],
  ])('%s with %j: %s', (text, results, line) => {
    expect(evidenceOf(text, results)).toBe(line);
  });
});

test('a probe that never ends is cancelled at its timeout and the next one begins on schedule', async () => {
  const clock = new FakeClock();
  const prober = new FakeProber(clock);
  const check: BuiltinCheck = { kind: 'tcp', host: 'a', port: 1 };
  const lines: string[] = [];
  const tracker = createBuiltinTracker({ ...OPTIONS, timeout: SECOND / 4, check }, { clock, prober });
  tracker.start(({ at, status, evidence }) => lines.push(`${at / SECOND} ${status} ${formatEvidence(evidence)}`));
  clock.advance(SECOND / 4 - 1);
  expect(prober.open).toBe(1);
  clock.advance(1);
  expect(prober.open).toBe(0);
  prober.results = { connect: { 'a:1': { kind: 'connected' } } };
  clock.advance(SECOND);
  expect(lines).toEqual(['0.25 down timeout', '1.001 up passed: a:1']);
  prober.results = {};
  clock.advance(SECOND);
  expect(prober.open).toBe(0);
  clock.advance(SECOND * 0.75);
  expect(prober.open).toBe(1);
  await tracker.close();
  expect(prober.open).toBe(0);
  expect(clock.untilNext).toBeUndefined();
});
