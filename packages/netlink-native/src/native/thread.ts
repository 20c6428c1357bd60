// What the calling thread, a worker included, is to the kernel: its network namespace (setns(2)) and its scheduling
// (sched_setscheduler(2)).
import { closeSync, openSync } from 'node:fs';

import { OperationError } from '../operation-error.js';
import type { OperationErrorCode } from '../operation-error.js';
import { nativeAddon } from './load.js';

/** Where ip-netns(8) keeps its names. */
const NAMESPACE_FOLDER = '/run/netns';
const OWN_NAMESPACE = '/proc/thread-self/ns/net';
const EPERM = 1;

/**
 * Moves the calling thread into a network namespace, by its ip-netns(8) name or by a path (anything with a slash).
 * Sockets opened before stay where they were opened.
 * @throws OperationError ERR_VRRP_NAMESPACE (ENOENT: no such namespace; EPERM without CAP_SYS_ADMIN).
 */
export function enterNetworkNamespace(nameOrPath: string): void {
  const path = nameOrPath.includes('/') ? nameOrPath : `${NAMESPACE_FOLDER}/${nameOrPath}`;
  const operation = `enter network namespace ${nameOrPath}`;
  const addon = nativeAddon();
  const fd = openNamespace(path, operation);
  const status = addon.enterNamespace(fd, addon.constants.CLONE_NEWNET);
  closeSync(fd);
  check(status, 'ERR_VRRP_NAMESPACE', operation, 'setns', 'run as root or give the program CAP_SYS_ADMIN');
}

/**
 * Runs a synchronous action inside a network namespace and comes back, whatever happens: sockets opened by it stay inside.
 * @throws as `enterNetworkNamespace`, and what the action throws.
 */
export function inNetworkNamespace<T>(nameOrPath: string, action: () => T): T {
  const addon = nativeAddon();
  const operation = 'return to the network namespace of before';
  const home = openNamespace(OWN_NAMESPACE, operation);
  try {
    enterNetworkNamespace(nameOrPath);
    try {
      return action();
    } finally {
      check(addon.enterNamespace(home, addon.constants.CLONE_NEWNET), 'ERR_VRRP_NAMESPACE', operation, 'setns');
    }
  } finally {
    closeSync(home);
  }
}

/**
 * Gives the calling thread a realtime priority, 1 (lowest) to 99. Processes it starts do not inherit it.
 * @throws OperationError ERR_VRRP_SCHEDULER (EPERM without CAP_SYS_NICE); RangeError for another priority.
 */
export function setRealtimePriority(priority: number, policy: 'fifo' | 'round-robin' = 'round-robin'): void {
  if (!Number.isInteger(priority) || priority < 1 || priority > 99) {
    throw new RangeError(`a realtime priority is 1 to 99, got ${priority}`);
  }
  const addon = nativeAddon();
  const { SCHED_FIFO, SCHED_RR, SCHED_RESET_ON_FORK } = addon.constants;
  const status = addon.setScheduler(0, (policy === 'fifo' ? SCHED_FIFO : SCHED_RR) | SCHED_RESET_ON_FORK, priority);
  const advice = 'run as root, give the program CAP_SYS_NICE, or raise its RLIMIT_RTPRIO';
  check(status, 'ERR_VRRP_SCHEDULER', `set realtime priority ${priority}`, 'sched_setscheduler', advice);
}

/** The kernel's number of the calling thread, by which another thread of this process can speak of it. */
export function threadId(): number {
  return nativeAddon().threadId();
}

/**
 * Takes a realtime priority away from a thread of this process; its nice value counts again.
 * @throws OperationError ERR_VRRP_SCHEDULER (ESRCH: no such thread).
 */
export function endRealtimePriority(thread: number): void {
  const addon = nativeAddon();
  const { SCHED_OTHER, SCHED_RESET_ON_FORK } = addon.constants;
  const status = addon.setScheduler(thread, SCHED_OTHER | SCHED_RESET_ON_FORK, 0);
  check(status, 'ERR_VRRP_SCHEDULER', 'end a realtime priority', 'sched_setscheduler');
}

/**
 * How long a thread of this process with a realtime priority may compute without sleeping, in microseconds: then the process
 * gets SIGXCPU (getrlimit(2), RLIMIT_RTTIME; the kernel looks at each tick, and sets the limit a second higher each time).
 * Programs started with `startProgram` do not inherit it.
 * @throws OperationError ERR_VRRP_SCHEDULER (EINVAL, EPERM: beyond the hard limit); RangeError when it is no positive integer.
 */
export function limitRealtimeRun(micros: number): void {
  if (!Number.isSafeInteger(micros) || micros < 1) throw new RangeError(`a limit is a positive integer, got ${micros}`);
  const addon = nativeAddon();
  const status = addon.setSoftLimit(addon.constants.RLIMIT_RTTIME, micros);
  check(status, 'ERR_VRRP_SCHEDULER', `limit realtime runs to ${micros} µs`, 'setrlimit RLIMIT_RTTIME');
}

function openNamespace(path: string, operation: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const errno = -Number(Reflect.get(Object(cause), 'errno'));
    const advice = '"ip netns list" shows the namespaces there are';
    throw new OperationError({ code: 'ERR_VRRP_NAMESPACE', operation, errno, syscall: 'open', advice, cause });
  }
}

function check(status: number, code: OperationErrorCode, operation: string, syscall: string, advice?: string): void {
  if (status >= 0) return;
  const helps = advice !== undefined && status === -EPERM;
  throw new OperationError({ code, operation, errno: -status, syscall, ...(helps ? { advice } : {}) });
}
