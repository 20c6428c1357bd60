// `vrrpd status` for people: tables made of a document that came about in virtual time.
import { expect, test } from '@jest/globals';
import { encodePassword } from '@vrrp/wire';

import { printable } from '../../src/cli/printable.js';
import { statusText } from '../../src/cli/status-text.js';
import { formatDuration } from '../../src/control/status/duration.js';
import { desiredRouter } from '../engine/pair.js';
import { ObservedPair } from '../control/status/observed-pair.js';

/** Without what differs from machine to machine. */
function textOf(status: Parameters<typeof statusText>[0]): readonly string[] {
  const daemon = { ...status.daemon, version: '1.2.3', pid: 77 };
  return statusText({ ...status, daemon }).split('\n');
}

test('a Master whose checks fail: roles, the priority with its sum, the reasons', async () => {
  const pair = new ObservedPair();
  await pair.configure(100, {
    missing: { does: 'missing', weight: -10 },
    three: { does: 'exit 3', weight: -20 },
    good: { does: 'exit 0' },
  });
  await pair.until(9.5);
  expect(textOf(await pair.document())).toEqual([
    'vrrpd 1.2.3, pid 77, up 9.5 s, /etc/keepalived/keepalived.conf',
    '',
    'VIRTUAL ROUTER  INTERFACE  VRID     ROLE    FOR    PRIORITY                          MASTER  WHY',
    'VI_1            eth0       51/IPv4  MASTER  5.7 s  70 = 100 - 10 missing - 20 three  itself  master-down-timer',
    '',
    'VI_1: has 192.0.2.100',
    '',
    'TRACKER  KIND    STATUS  FOR    REASON      LAST RUN               USED BY',
    'missing  script  down    9.5 s  exec-error  exec-error, took 0 ms  VI_1 (weight -10)',
    'three    script  down    9.4 s  exit 3      exit 3, took 1 ms      VI_1 (weight -20)',
    'good     script  up      9.4 s  -           exit 0, took 1 ms      VI_1 (gate)',
  ]);
});

test('a Backup, and the reload that failed', async () => {
  const pair = new ObservedPair();
  await pair.other.configure(desiredRouter(200));
  await pair.configure(100);
  await pair.until(4.7);
  pair.heardLifecycle({ kind: 'reload-refused', reason: 'a.conf:3: there is no interface eth9' });
  const lines = textOf(await pair.document());
  expect(lines[1]).toBe(
    'THE RELOAD AT 2026-11-02T03:04:09.700Z FAILED (a.conf:3: there is no interface eth9): an older configuration runs',
  );
  expect(lines.at(-1)).toMatch(/^VI_1 .* BACKUP .* 192\.0\.2\.1 \(200, heard \d+ ms ago\) {2}startup$/);
});

const secured = (text: string) =>
  ({ version: 2, authentication: { kind: 'simple-password', password: encodePassword(text) } }) as const;

test('two Masters: who, why, since when, what mends it, and the table says so', async () => {
  const pair = new ObservedPair();
  await pair.other.configure(desiredRouter(200, secured('old')));
  await pair.node.configure(desiredRouter(100, secured('new')));
  await pair.until(9.5);
  const status = await pair.document();
  const [router] = status.virtualRouters;
  expect(router?.unheard).toEqual([
    {
      source: '192.0.2.1',
      reason: 'auth-failure',
      message: '192.0.2.1 also advertises VRID 51, its password differs: both hold the addresses',
      mend: 'give both the same auth_pass',
      since: expect.any(String),
      last: expect.any(Number),
      count: expect.any(Number),
    },
  ]);
  const text = textOf(status);
  expect(text[3]).toMatch(/master-down-timer, TWO MASTERS$/);
  expect(text).toContainEqual(
    expect.stringMatching(
      /^VI_1: 192\.0\.2\.1 also advertises VRID 51, its password differs: both hold the addresses, since \S+ \(to mend it, give both the same auth_pass\)$/,
    ),
  );
  const { sentences } = await pair.explain('VI_1');
  expect(sentences).toEqual(
    expect.arrayContaining([
      '192.0.2.1 also advertises VRID 51, its password differs: both hold the addresses.',
      expect.stringMatching(/^It has been so since 2026-\S+: \d+ advertisements, the last \d+ ms ago\.$/),
      'To mend it, give both the same auth_pass.',
    ]),
  );
  expect(await pair.metrics()).toContain(
    'vrrp_unheard_router{instance="VI_1",interface="eth0",vrid="51",family="ipv4",source="192.0.2.1",reason="auth-failure"} 1',
  );
  // The other one stops; a minute later it is forgotten.
  pair.other.crash();
  await pair.until(80);
  expect((await pair.document()).virtualRouters[0]?.unheard).toEqual([]);
});

test('a FIFO that nobody reads is said', async () => {
  const pair = new ObservedPair();
  await pair.configure(100);
  await pair.until(2);
  const status = await pair.document();
  expect(status.notifications).toEqual({ fifos: [{ path: '/run/notify', lost: 0 }] });
  expect(textOf(status).join()).not.toContain('FIFO');
  expect(textOf({ ...status, notifications: { fifos: [{ path: '/run/notify', lost: 3 }] } })).toContain(
    'notify FIFO /run/notify: 3 lost, because nobody read the lines before',
  );
});

test('a fault says what is wrong', async () => {
  const pair = new ObservedPair();
  await pair.configure(100, { three: { does: 'exit 3' } });
  await pair.until(2);
  expect(textOf(await pair.document())).toContain('VI_1: script three is bad (exit 3)');
});

test('what a check wrote does not move the cursor', () => {
  expect(printable('a\u001b[2Jb\nc\u009b')).toBe('a\\x1b[2Jb\\x0ac\\x9b');
});

test.each([
  [0, '0 ms'],
  [0.4811, '481 ms'],
  [59.96, '59.9 s'],
  [61, '1 m 1 s'],
  [3_599.9, '59 m 59 s'],
  [7_325, '2 h 2 m'],
  [90_061, '1 d 1 h'],
])('%d seconds read %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});
