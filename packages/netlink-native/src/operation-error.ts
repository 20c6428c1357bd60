// The one error class of this package: an operation of the kernel, or the addon that asks it, failed.
// Programs tell cases apart by `code` (and `errno`), never by message or `instanceof`. Wrong arguments are TypeError or RangeError.
import { getSystemErrorName } from 'node:util';

export type OperationErrorCode =
  /** The addon is not there or does not load. */
  | 'ERR_VRRP_NATIVE_MISSING'
  | 'ERR_VRRP_SOCKET'
  | 'ERR_VRRP_TIMER'
  | 'ERR_VRRP_NAMESPACE'
  | 'ERR_VRRP_SCHEDULER'
  | 'ERR_VRRP_MEMORY_LOCK'
  | 'ERR_VRRP_UNIX_DATAGRAM'
  | 'ERR_VRRP_FILE'
  /** A netlink socket failed, or was closed under a request. */
  | 'ERR_VRRP_NETLINK'
  /** A change cannot be put into a request: a label too long, an address that is none. */
  | 'ERR_VRRP_NETLINK_REQUEST'
  /** The kernel refused a request: `errno` and often `kernelMessage` say why. */
  | 'ERR_VRRP_NETLINK_ACK'
  /** The kernel's answer cannot be read. */
  | 'ERR_VRRP_NETLINK_PROTOCOL';

export interface OperationFailure {
  readonly code: OperationErrorCode;
  /** What was tried, as it would follow "cannot": 'open a raw socket on eth0'. */
  readonly operation: string;
  /** Positive error number. */
  readonly errno?: number;
  readonly syscall?: string;
  /** The kernel's own words (netlink extended acknowledgement). */
  readonly kernelMessage?: string;
  /** Why, when it was not the kernel that said no. */
  readonly reason?: string;
  /** Where in the request the kernel found the fault, in bytes. */
  readonly offset?: number;
  /** What the person at the keyboard can do about it. */
  readonly advice?: string;
  readonly cause?: unknown;
}

export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: OperationErrorCode;
  readonly operation: string;
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
  readonly kernelMessage: string | undefined;
  readonly offset: number | undefined;

  constructor(failure: OperationFailure) {
    super(sentence(failure), failure.cause === undefined ? {} : { cause: failure.cause });
    this.code = failure.code;
    this.operation = failure.operation;
    this.errno = failure.errno;
    this.syscall = failure.syscall;
    this.kernelMessage = failure.kernelMessage;
    this.offset = failure.offset;
  }
}

/** 'EPERM' for 1; 'errno 4711' for a number the system does not know. */
export function errnoName(errno: number): string {
  const name = getSystemErrorName(-errno);
  return name.startsWith('Unknown') ? `errno ${errno}` : name;
}

/** "cannot open a raw socket on eth0: socket: EPERM; run as root or with CAP_NET_RAW" */
function sentence(failure: OperationFailure): string {
  const reason = [
    failure.syscall,
    failure.errno === undefined ? undefined : errnoName(failure.errno),
    failure.kernelMessage,
    failure.reason,
  ].filter((part) => part !== undefined);
  const advice = failure.advice === undefined ? '' : `; ${failure.advice}`;
  return `${[`cannot ${failure.operation}`, ...reason].join(': ')}${advice}`;
}
