// Ancillary data of a received or sent datagram (cmsg(3), RFC 3542 §5-6): struct cmsghdr {length, level, type} and data,
// for 64-bit systems, where length has 8 bytes and everything is aligned to 8. Reading never throws and never loops.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

const HEADER_BYTES = 16;
const ALIGNMENT = 8;
const HIGH_WORD = 2 ** 32;
const MICROS_PER_SECOND = 1_000_000;
const NANOS_PER_MICRO = 1_000;

const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;
/** struct timespec: seconds and nanoseconds since the epoch (CLOCK_REALTIME), 8 bytes each. */
const TIMESPEC_BYTES = 16;
const IPPROTO_IPV6 = 41;
const IPV6_PKTINFO = 50;
const IPV6_HOPLIMIT = 52;
/** struct in6_pktinfo: 16 bytes of address, 4 of link index. */
const PKTINFO_BYTES = 20;

/** Room for what is asked of a received datagram: its time (socket(7), SO_TIMESTAMPNS); IPv6 also destination with link, and hop limit. */
export const IPV4_CONTROL_BYTES = align(HEADER_BYTES + TIMESPEC_BYTES);
export const IPV6_CONTROL_BYTES = IPV4_CONTROL_BYTES + align(HEADER_BYTES + PKTINFO_BYTES) + align(HEADER_BYTES + 4);

export interface PacketInformation {
  /** Microseconds since the epoch when the kernel took it from the link, -1 when the kernel did not say. */
  stamp: number;
  /** Offset of the 16 bytes of the destination, -1 when the kernel did not say. */
  destinationOffset: number;
  linkIndex: number;
  /** -1 when the kernel did not say. */
  hopLimit: number;
}

/** Reads `length` bytes of ancillary data at `offset` into `found`, so that the hot path allocates nothing. */
export function readControl(view: DataView, offset: number, length: number, found: PacketInformation): void {
  found.stamp = -1;
  found.destinationOffset = -1;
  found.linkIndex = 0;
  found.hopLimit = -1;
  const end = Math.min(offset + length, view.byteLength);
  let at = offset;
  while (at + HEADER_BYTES <= end) {
    const size = view.getUint32(HOST_LITTLE_ENDIAN ? at : at + 4, HOST_LITTLE_ENDIAN);
    if (size < HEADER_BYTES || at + size > end) return;
    const data = at + HEADER_BYTES;
    const level = view.getInt32(at + 8, HOST_LITTLE_ENDIAN);
    const type = view.getInt32(at + 12, HOST_LITTLE_ENDIAN);
    if (level === SOL_SOCKET) {
      if (type === SCM_TIMESTAMPNS && size >= HEADER_BYTES + TIMESPEC_BYTES) found.stamp = readTimespec(view, data);
    } else if (level === IPPROTO_IPV6) {
      if (type === IPV6_PKTINFO && size >= HEADER_BYTES + PKTINFO_BYTES) {
        found.destinationOffset = data;
        found.linkIndex = view.getUint32(data + 16, HOST_LITTLE_ENDIAN);
      } else if (type === IPV6_HOPLIMIT && size >= HEADER_BYTES + 4) {
        found.hopLimit = view.getInt32(data, HOST_LITTLE_ENDIAN);
      }
    }
    at += align(size);
  }
}

/** Whole microseconds; a double holds those of any year to come exactly. */
function readTimespec(view: DataView, at: number): number {
  return readLong(view, at) * MICROS_PER_SECOND + Math.floor(readLong(view, at + 8) / NANOS_PER_MICRO);
}

/** A C long without a BigInt: nothing is allocated. */
function readLong(view: DataView, at: number): number {
  const low = view.getUint32(HOST_LITTLE_ENDIAN ? at : at + 4, HOST_LITTLE_ENDIAN);
  const high = view.getInt32(HOST_LITTLE_ENDIAN ? at + 4 : at, HOST_LITTLE_ENDIAN);
  return high * HIGH_WORD + low;
}

/** The control message that makes one datagram leave from `source` on `linkIndex` (IPV6_PKTINFO). */
export function encodeIpv6Source(source: Uint8Array, linkIndex: number): Uint8Array {
  const bytes = new Uint8Array(align(HEADER_BYTES + PKTINFO_BYTES));
  const view = viewOf(bytes);
  view.setUint32(HOST_LITTLE_ENDIAN ? 0 : 4, HEADER_BYTES + PKTINFO_BYTES, HOST_LITTLE_ENDIAN);
  view.setInt32(8, IPPROTO_IPV6, HOST_LITTLE_ENDIAN);
  view.setInt32(12, IPV6_PKTINFO, HOST_LITTLE_ENDIAN);
  bytes.set(source, HEADER_BYTES);
  view.setUint32(HEADER_BYTES + 16, linkIndex, HOST_LITTLE_ENDIAN);
  return bytes;
}

function align(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
