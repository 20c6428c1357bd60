// What an answer of the kernel means for the change that was asked for; shared by rtnetlink and by MemoryKernel, so that
// both tell the same refusal in the same words.
import type { Acknowledgement } from './codec/netlink-message.js';
import type { ChangeResult, NetworkChange } from './kernel.js';
import { OperationError } from './operation-error.js';
import { kindOfSpec } from './rtnl/kinds.js';

const EPERM = 1;

export function changeResult({ action, object }: NetworkChange, acknowledgement: Acknowledgement): ChangeResult {
  const row = kindOfSpec(object);
  if (acknowledgement.errno === 0) return { ok: true, changed: true };
  if (row.alreadyDone(action, acknowledgement.errno)) return { ok: true, changed: false };
  return { ok: false, error: refusal(`${action} ${row.describe(object)}`, acknowledgement) };
}

export function refusal(operation: string, { errno, message, offset }: Acknowledgement): OperationError {
  return new OperationError({
    code: 'ERR_VRRP_NETLINK_ACK',
    operation,
    errno,
    ...(message === undefined ? {} : { kernelMessage: message }),
    ...(offset === undefined ? {} : { offset }),
    ...(errno === EPERM ? { advice: 'run as root or give the program CAP_NET_ADMIN' } : {}),
  });
}

/** A change that cannot be asked for at all; `cause` says which field is why. */
export function impossibleChange({ action, object }: NetworkChange, cause: RangeError): OperationError {
  const operation = `${action} ${kindOfSpec(object).describe(object)}`;
  return new OperationError({ code: 'ERR_VRRP_NETLINK_REQUEST', operation, reason: cause.message, cause });
}
