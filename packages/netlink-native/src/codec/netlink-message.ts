// Netlink messages (netlink(7)): struct nlmsghdr and what follows it, several to a datagram, each aligned to 4 bytes.
// Reading is total: whatever the bytes, it neither throws nor loops, and says where they stopped making sense.
import { decodeAttributes, readText } from './attribute.js';
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

//  0       4    6      8          12        16
// | length |type| flags| sequence | port id | payload …
export const NETLINK_HEADER_BYTES = 16;
const ALIGNMENT = 4;

export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;

export const NLM_F_REQUEST = 0x0001;
export const NLM_F_ACK = 0x0004;
/** The table changed while it was being dumped: what was read is not of one moment. */
export const NLM_F_DUMP_INTR = 0x0010;
/** On requests for a table: all of it (NLM_F_ROOT | NLM_F_MATCH). */
export const NLM_F_DUMP = 0x0300;
/** On requests that make something: refuse when it is there; make it when it is not. */
export const NLM_F_EXCL = 0x0200;
export const NLM_F_CREATE = 0x0400;
/** On acknowledgements: the request is not repeated whole; attributes follow. */
const NLM_F_CAPPED = 0x0100;
const NLM_F_ACK_TLVS = 0x0200;

/** Attributes of an acknowledgement (enum nlmsgerr_attrs). */
const NLMSGERR_ATTR_MSG = 1;
const NLMSGERR_ATTR_OFFS = 2;

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** The netlink port of whoever asked, in an answer as in a notification; 0 is the kernel itself. */
  readonly port: number;
  /** A view into the datagram. */
  readonly payload: Uint8Array;
}

/** A message before the socket knows whose it is: in a request the port is left to the kernel. */
export type UnsentMessage = Omit<NetlinkMessage, 'port'>;

export interface DecodedMessages {
  readonly messages: readonly NetlinkMessage[];
  /** Set when the bytes stop making sense before their end: at this offset, for this reason. */
  readonly issue?: {
    readonly kind: 'truncated-header' | 'length-too-small' | 'length-too-large';
    readonly offset: number;
  };
}

/** All messages of one datagram up to its end or the first that makes no sense. */
export function decodeNetlinkMessages(bytes: Uint8Array): DecodedMessages {
  const messages: NetlinkMessage[] = [];
  const view = viewOf(bytes);
  let offset = 0;
  while (offset < bytes.length) {
    if (bytes.length - offset < NETLINK_HEADER_BYTES) return { messages, issue: { kind: 'truncated-header', offset } };
    const length = view.getUint32(offset, HOST_LITTLE_ENDIAN);
    if (length < NETLINK_HEADER_BYTES) return { messages, issue: { kind: 'length-too-small', offset } };
    if (length > bytes.length - offset) return { messages, issue: { kind: 'length-too-large', offset } };
    messages.push({
      type: view.getUint16(offset + 4, HOST_LITTLE_ENDIAN),
      flags: view.getUint16(offset + 6, HOST_LITTLE_ENDIAN),
      sequence: view.getUint32(offset + 8, HOST_LITTLE_ENDIAN),
      port: view.getUint32(offset + 12, HOST_LITTLE_ENDIAN),
      payload: bytes.subarray(offset + NETLINK_HEADER_BYTES, offset + length),
    });
    offset += alignNetlink(length);
  }
  return { messages };
}

/** One message, padded to its alignment, so that messages can be joined into one datagram. */
export function encodeNetlinkMessage(message: UnsentMessage, port = 0): Uint8Array {
  const length = NETLINK_HEADER_BYTES + message.payload.length;
  const bytes = new Uint8Array(alignNetlink(length));
  const view = viewOf(bytes);
  view.setUint32(0, length, HOST_LITTLE_ENDIAN);
  view.setUint16(4, message.type, HOST_LITTLE_ENDIAN);
  view.setUint16(6, message.flags, HOST_LITTLE_ENDIAN);
  view.setUint32(8, message.sequence, HOST_LITTLE_ENDIAN);
  view.setUint32(12, port, HOST_LITTLE_ENDIAN);
  bytes.set(message.payload, NETLINK_HEADER_BYTES);
  return bytes;
}

export interface Acknowledgement {
  /** 0, or the positive errno of the refusal. */
  readonly errno: number;
  /** The kernel's own words. */
  readonly message?: string;
  /** Where in the request the fault lies, in bytes. */
  readonly offset?: number;
}

/** The payload of NLMSG_ERROR or NLMSG_DONE; undefined when it is too short to hold even the error number. */
export function decodeAcknowledgement(message: NetlinkMessage): Acknowledgement | undefined {
  const { payload, flags, type } = message;
  if (payload.length < 4) return undefined;
  const view = viewOf(payload);
  const errno = 0 - view.getInt32(0, HOST_LITTLE_ENDIAN);
  if ((flags & NLM_F_ACK_TLVS) === 0) return { errno };
  let start = 4;
  if (type === NLMSG_ERROR) {
    if (payload.length < start + NETLINK_HEADER_BYTES) return { errno };
    const requestLength = view.getUint32(start, HOST_LITTLE_ENDIAN);
    start += (flags & NLM_F_CAPPED) === 0 ? alignNetlink(requestLength) : NETLINK_HEADER_BYTES;
  }
  const { attributes } = decodeAttributes(payload.subarray(Math.min(start, payload.length)));
  const text = attributes.get(NLMSGERR_ATTR_MSG);
  const offset = attributes.get(NLMSGERR_ATTR_OFFS);
  return {
    errno,
    ...(text === undefined ? {} : { message: readText(text) }),
    ...(offset === undefined || offset.length < 4 ? {} : { offset: viewOf(offset).getUint32(0, HOST_LITTLE_ENDIAN) }),
  };
}

export function alignNetlink(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
