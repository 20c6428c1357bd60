// What needs the addon and no privileges: the clock and the timer, unix datagrams, and what is said when something fails.
import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  enterNetworkNamespace,
  errnoName,
  inNetworkNamespace,
  monotonicMicros,
  openDeadlineTimer,
  OperationError,
  sendUnixDatagram,
  setRealtimePriority,
} from '../src/index.js';
import type { DeadlineTimer } from '../src/index.js';

describe('the clock', () => {
  test('counts whole microseconds of CLOCK_MONOTONIC', () => {
    const before = process.hrtime.bigint() / 1000n;
    const now = monotonicMicros();
    const after = process.hrtime.bigint() / 1000n;
    expect(Number.isInteger(now)).toBe(true);
    expect(BigInt(now)).toBeGreaterThanOrEqual(before);
    expect(BigInt(now)).toBeLessThanOrEqual(after);
  });
});

describe('the deadline timer', () => {
  const open: DeadlineTimer[] = [];
  afterEach(() => {
    for (const timer of open.splice(0)) timer.close();
  });

  /** A timer and the times at which it fired. */
  function recordedTimer(): { timer: DeadlineTimer; fired: number[]; next: () => Promise<number> } {
    const fired: number[] = [];
    let wake: ((now: number) => void) | undefined;
    const timer = openDeadlineTimer((now) => {
      fired.push(now);
      wake?.(now);
    });
    open.push(timer);
    const next = (): Promise<number> =>
      new Promise((resolve) => {
        wake = resolve;
      });
    return { timer, fired, next };
  }

  test('fires once, never early', async () => {
    const { timer, fired, next } = recordedTimer();
    const deadline = monotonicMicros() + 2000;
    timer.set(deadline);
    expect(await next()).toBeGreaterThanOrEqual(deadline);
    const other = recordedTimer();
    other.timer.set(monotonicMicros() + 2000);
    await other.next();
    expect(fired).toHaveLength(1);
  });

  test.each([
    ['past', () => monotonicMicros() - 1_000_000],
    ['at the clock’s origin', () => 0],
    ['before the clock’s origin', () => -5],
  ])('a deadline %s fires at once', async (_, deadline) => {
    const { timer, next } = recordedTimer();
    timer.set(deadline());
    await next();
  });

  test('a later set replaces the deadline, undefined takes it away', async () => {
    const { timer, fired } = recordedTimer();
    const { timer: other, next } = recordedTimer();
    timer.set(monotonicMicros() + 500);
    timer.set(monotonicMicros() + 60_000_000);
    other.set(monotonicMicros() + 2000);
    await next();
    timer.set(monotonicMicros());
    timer.set(undefined);
    other.set(monotonicMicros() + 2000);
    await next();
    expect(fired).toEqual([]);
  });

  test('one that expired while the loop was busy and was disarmed then stays silent', async () => {
    const { timer, fired } = recordedTimer();
    const { timer: other, next } = recordedTimer();
    const deadline = monotonicMicros() + 300;
    timer.set(deadline);
    while (monotonicMicros() <= deadline);
    timer.set(undefined);
    other.set(0);
    await next();
    expect(fired).toEqual([]);
  });

  test('may be closed from its own listener and again', async () => {
    let timer: DeadlineTimer | undefined;
    await new Promise<void>((resolve) => {
      timer = openDeadlineTimer(() => {
        timer?.close();
        resolve();
      });
      timer.set(0);
    });
    timer?.close();
    expect(() => timer?.set(1)).toThrow(expect.objectContaining({ code: 'ERR_VRRP_TIMER', errno: 9 }));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is a RangeError', (deadline) => {
    const { timer } = recordedTimer();
    expect(() => timer.set(deadline)).toThrow(RangeError);
  });
});

describe('unix datagrams', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vrrp-unix-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    [
      'a path nobody listens at',
      join(folder, 'absent'),
      { errno: 2, message: /cannot send a datagram to .*absent.*ENOENT/ },
    ],
    ['an abstract name nobody has', '@vrrp-nobody-has-this', { errno: 111, message: /ECONNREFUSED/ }],
  ])('%s is an OperationError', (_, path, { errno, message }) => {
    expect(() => sendUnixDatagram(path, new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'ERR_VRRP_UNIX_DATAGRAM', errno, message: expect.stringMatching(message) }),
    );
  });

  test('too long a path or datagram is a RangeError', () => {
    expect(() => sendUnixDatagram('x'.repeat(108), new Uint8Array(1))).toThrow(RangeError);
    expect(() => sendUnixDatagram('/x', new Uint8Array(65_537))).toThrow(RangeError);
  });
});

describe('threads and namespaces', () => {
  test('a namespace that is not there is named', () => {
    expect(() => enterNetworkNamespace('vrrp-absent')).toThrow(
      expect.objectContaining({
        code: 'ERR_VRRP_NAMESPACE',
        errno: 2,
        syscall: 'open',
        operation: 'enter network namespace vrrp-absent',
      }),
    );
  });

  test('a file that is no namespace is refused, and the action does not run', () => {
    let ran = false;
    const action = (): void => {
      ran = true;
    };
    expect(() => inNetworkNamespace('/proc/self/status', action)).toThrow(
      expect.objectContaining({ errno: 22, syscall: 'setns' }),
    );
    expect(ran).toBe(false);
  });

  test.each([0, 100, 1.5])('realtime priority %d is a RangeError', (priority) => {
    expect(() => setRealtimePriority(priority)).toThrow(RangeError);
  });
});

describe('errors', () => {
  test('say what failed, how, and what to do', () => {
    const error = new OperationError({
      code: 'ERR_VRRP_SOCKET',
      operation: 'open a raw socket on eth0',
      errno: 1,
      syscall: 'socket',
      advice: 'run as root or give the program CAP_NET_RAW',
    });
    expect(error.message).toBe(
      'cannot open a raw socket on eth0: socket: EPERM; run as root or give the program CAP_NET_RAW',
    );
    expect([error.name, error.code, error.kernelMessage, error.cause]).toEqual([
      'OperationError',
      'ERR_VRRP_SOCKET',
      undefined,
      undefined,
    ]);
  });

  test('numbers without a name stay numbers', () => {
    expect([errnoName(105), errnoName(9999)]).toEqual(['ENOBUFS', 'errno 9999']);
  });
});
