// The few fields of a received IPv4 header that a raw socket's reader needs (RFC 791 §3.1). The kernel has verified the
// header; what does not fit the bytes is refused all the same. Building headers is @vrrp/wire's.

//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// |Version|  IHL  |Type of Service|          Total Length         |
// |         Identification        |Flags|      Fragment Offset    |
// |  Time to Live |    Protocol   |         Header Checksum       |
// |                       Source Address                          |
// |                    Destination Address                        |
const TOTAL_LENGTH = 2;
export const IPV4_TTL = 8;
export const IPV4_SOURCE = 12;
export const IPV4_DESTINATION = 16;
const MINIMUM_HEADER = 20;

export interface Ipv4Extent {
  /** Offset of the payload in the bytes, and where it ends. */
  start: number;
  end: number;
}

/** Where the payload of the datagram at `offset` lies, written to `extent`; false when these bytes are no whole datagram. */
export function readIpv4Extent(bytes: Uint8Array, offset: number, length: number, extent: Ipv4Extent): boolean {
  if (length < MINIMUM_HEADER) return false;
  const first = bytes[offset] ?? 0;
  const header = (first & 0x0f) * 4;
  const total = ((bytes[offset + TOTAL_LENGTH] ?? 0) << 8) | (bytes[offset + TOTAL_LENGTH + 1] ?? 0);
  if (first >> 4 !== 4 || header < MINIMUM_HEADER || total < header || total > length) return false;
  extent.start = offset + header;
  extent.end = offset + total;
  return true;
}
