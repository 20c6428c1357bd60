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
import { deadlineTimerContract } from '../src/testing/index.js';

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

deadlineTimerContract('timerfd', async () => {
  const open: DeadlineTimer[] = [];
  return {
    now: monotonicMicros,
    open(listener) {
      const timer = openDeadlineTimer(listener);
      open.push(timer);
      return timer;
    },
    pass: () => new Promise((resolve) => void setImmediate(resolve)),
    busyUntil(time) {
      while (monotonicMicros() <= time);
    },
    async close() {
      for (const timer of open) timer.close();
    },
  };
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
