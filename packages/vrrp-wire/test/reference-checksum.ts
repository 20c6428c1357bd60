// A second, deliberately dumb checksum to test the real one against: big integers, one 16-bit word at a time, the carry
// added back at once (RFC 1071 §1), over a pseudo header that is really laid out in memory.

export function referenceChecksum(...parts: readonly Uint8Array[]): number {
  const bytes = parts.flatMap((part) => Array.from(part));
  if (bytes.length % 2 === 1) bytes.push(0);
  let sum = 0n;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += BigInt(`0x${hexByte(bytes[i])}${hexByte(bytes[i + 1])}`);
    if (sum > 0xffffn) sum = sum - 0x1_0000n + 1n;
  }
  return Number(0xffffn - sum);
}

/** RFC 793 §3.1 for 4-byte addresses, RFC 8200 §8.1 for 16-byte ones. */
export function pseudoHeader(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const high = Math.floor(length / 256);
  const low = length % 256;
  return source.length === 4
    ? Uint8Array.of(...source, ...destination, 0, protocol, high, low)
    : Uint8Array.of(...source, ...destination, 0, 0, high, low, 0, 0, 0, protocol);
}

/** A copy of a VRRP message with the checksum field zeroed, as the sender sums it. */
export function withoutChecksum(message: Uint8Array, offset = 6): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[offset] = 0;
  copy[offset + 1] = 0;
  return copy;
}

function hexByte(value: number | undefined): string {
  return (value ?? 0).toString(16).padStart(2, '0');
}
