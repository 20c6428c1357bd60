// Changes as requests of rtnetlink, and how many of them go out as one datagram.
import { impossibleChange } from './change-result.js';
import { NETLINK_HEADER_BYTES, NLM_F_ACK, NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from './codec/netlink-message.js';
import type { UnsentMessage } from './codec/netlink-message.js';
import type { NetworkChange } from './kernel.js';
import type { OperationError } from './operation-error.js';
import { kindOfSpec } from './rtnl/kinds.js';
import { DATAGRAM_BYTES_MAX } from './transport.js';

/** Changes in one datagram: few enough that their acknowledgements fit any receive buffer. */
export const CHANGES_PER_DATAGRAM = 64;

export type ChangeRequest =
  /** All but its number. */
  | { readonly change: NetworkChange; readonly message: Omit<UnsentMessage, 'sequence'>; readonly error?: undefined }
  /** Why there can be none. */
  | { readonly change: NetworkChange; readonly message?: undefined; readonly error: OperationError };

export function requestOf(change: NetworkChange): ChangeRequest {
  const { action, object } = change;
  const row = kindOfSpec(object);
  const flags = NLM_F_REQUEST | NLM_F_ACK | (action === 'add' ? NLM_F_CREATE | NLM_F_EXCL : 0);
  try {
    const payload = row.encode(object, action);
    if (sizeOf(payload) > DATAGRAM_BYTES_MAX) throw new RangeError(`the request has ${payload.length} bytes`);
    return { change, message: { type: action === 'add' ? row.create : row.remove, flags, payload } };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { change, error: impossibleChange(change, error) };
  }
}

/** In order, each batch of a size that one datagram holds. */
export function batchesOf(requests: readonly ChangeRequest[]): readonly (readonly ChangeRequest[])[] {
  const batches: ChangeRequest[][] = [];
  let bytes = 0;
  for (const request of requests) {
    const size = request.message === undefined ? 0 : sizeOf(request.message.payload);
    const last = batches.at(-1);
    if (last !== undefined && last.length < CHANGES_PER_DATAGRAM && bytes + size <= DATAGRAM_BYTES_MAX) {
      last.push(request);
      bytes += size;
    } else {
      batches.push([request]);
      bytes = size;
    }
  }
  return batches;
}

function sizeOf(payload: Uint8Array): number {
  return NETLINK_HEADER_BYTES + payload.length;
}
