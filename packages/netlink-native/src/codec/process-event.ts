// Messages of the process connector (linux/connector.h, linux/cn_proc.h): struct cn_msg inside a netlink message, and inside
// it a struct proc_event, or the operation that turns events on and off. Reading is total.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';
import { encodeNetlinkMessage, NLMSG_DONE } from './netlink-message.js';
import type { ProcessEvent } from '../processes.js';

/** The multicast group of process events, and the connector's number for them. */
export const CN_IDX_PROC = 1;
const CN_VAL_PROC = 1;
const PROC_CN_MCAST_LISTEN = 1;
const PROC_CN_MCAST_IGNORE = 2;

// struct cn_msg: index 4, value 4, sequence 4, acknowledged 4, length 2, flags 2
const CONNECTOR_BYTES = 20;
// struct proc_event: what 4, processor 4, time 8, then by kind
const EVENT_BYTES = 16;
const DATA = CONNECTOR_BYTES + EVENT_BYTES;

const PROC_EVENT_NONE = 0x0000_0000;
const PROC_EVENT_FORK = 0x0000_0001;
const PROC_EVENT_EXEC = 0x0000_0002;
const PROC_EVENT_COMM = 0x0000_0200;
const PROC_EVENT_EXIT = 0x8000_0000;

/** The answer to turning events on: 0 or the positive errno of the refusal. */
export interface ListenAnswer {
  readonly kind: 'answer';
  readonly errno: number;
}

/** The netlink message that turns events on or off for the socket that sends it. */
export function encodeListen(listen: boolean): Uint8Array {
  const payload = new Uint8Array(CONNECTOR_BYTES + 4);
  const view = viewOf(payload);
  view.setUint32(0, CN_IDX_PROC, HOST_LITTLE_ENDIAN);
  view.setUint32(4, CN_VAL_PROC, HOST_LITTLE_ENDIAN);
  view.setUint16(16, 4, HOST_LITTLE_ENDIAN);
  view.setUint32(CONNECTOR_BYTES, listen ? PROC_CN_MCAST_LISTEN : PROC_CN_MCAST_IGNORE, HOST_LITTLE_ENDIAN);
  return encodeNetlinkMessage({ type: NLMSG_DONE, flags: 0, sequence: 0, payload });
}

/** The event in the payload of a netlink message; undefined for threads, for other kinds and for bytes that hold none. */
export function decodeProcessEvent(payload: Uint8Array): ProcessEvent | ListenAnswer | undefined {
  const view = viewOf(payload);
  const number = (index: number): number | undefined => {
    const offset = DATA + index * 4;
    return offset + 4 <= payload.length ? view.getUint32(offset, HOST_LITTLE_ENDIAN) : undefined;
  };
  if (payload.length < DATA || view.getUint32(0, HOST_LITTLE_ENDIAN) !== CN_IDX_PROC) return undefined;
  const what = view.getUint32(CONNECTOR_BYTES, HOST_LITTLE_ENDIAN);
  if (what === PROC_EVENT_NONE) {
    const errno = number(0);
    return errno === undefined ? undefined : { kind: 'answer', errno };
  }
  if (what === PROC_EVENT_FORK) {
    // parent's thread and process, child's thread and process
    const [parent, thread, pid] = [number(1), number(2), number(3)];
    return parent === undefined || pid === undefined || thread !== pid ? undefined : { kind: 'fork', pid, parent };
  }
  const kind = EVENT_KINDS.get(what);
  const [thread, pid] = [number(0), number(1)];
  if (kind === undefined || pid === undefined) return undefined;
  // A thread that runs another program becomes its process; names and ends of mere threads are of no concern.
  return kind === 'exec' || thread === pid ? { kind, pid } : undefined;
}

const EVENT_KINDS: ReadonlyMap<number, 'exec' | 'comm' | 'exit'> = new Map([
  [PROC_EVENT_EXEC, 'exec'],
  [PROC_EVENT_COMM, 'comm'],
  [PROC_EVENT_EXIT, 'exit'],
]);
