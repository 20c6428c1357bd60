// ICMP echo request and reply (RFC 792, RFC 4443 section 4), after the IP header. Pure.
//
//   0        1        2                 4                 6
//   +--------+--------+-----------------+-----------------+-----------------+------
//   | type   | code 0 |    checksum     |   identifier    | sequence number | data
//   +--------+--------+-----------------+-----------------+-----------------+------

export interface Echo {
  readonly identifier: number;
  readonly sequence: number;
}

const REQUEST = { 4: 8, 6: 128 } as const;
const REPLY = { 4: 0, 6: 129 } as const;
const HEADER_LENGTH = 8;
/** As much as ping(8) sends, all zero. */
const DATA_LENGTH = 56;

/** IPv6: the checksum stays zero, the kernel fills it in (RFC 3542 section 3.1). */
export function encodeEchoRequest(family: 4 | 6, { identifier, sequence }: Echo): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH + DATA_LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, REQUEST[family]);
  view.setUint16(4, identifier);
  view.setUint16(6, sequence);
  if (family === 4) view.setUint16(2, checksum(view));
  return bytes;
}

/** Undefined for any other message, and over IPv4 for one with a wrong checksum. */
export function decodeEchoReply(family: 4 | 6, bytes: Uint8Array): Echo | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < HEADER_LENGTH || view.getUint8(0) !== REPLY[family] || view.getUint8(1) !== 0) return undefined;
  // The sum over a message with a right checksum is 0; over IPv6 the kernel has verified it.
  if (family === 4 && checksum(view) !== 0) return undefined;
  return { identifier: view.getUint16(4), sequence: view.getUint16(6) };
}

/** RFC 1071. */
function checksum(view: DataView): number {
  let sum = 0;
  for (let offset = 0; offset + 1 < view.byteLength; offset += 2) sum += view.getUint16(offset);
  if (view.byteLength % 2 === 1) sum += view.getUint8(view.byteLength - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
