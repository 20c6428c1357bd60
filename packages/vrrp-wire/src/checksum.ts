// The Internet checksum (RFC 1071) and the pseudo headers it may start from: IPv4 (RFC 793 §3.1, as RFC 9568 §5.2.8
// asks for VRRP version 3) and IPv6 (RFC 8200 §8.1). Sums only: which form a message uses is decided by the callers.

/** How a VRRP version 3 over IPv4 checksum is to be made or judged. `auto` makes the standard form and accepts all. */
export type ChecksumMode = 'with-pseudo-header' | 'payload-only' | 'auto';

/**
 * The form a correct checksum turned out to have. `multicast-pseudo-header` is keepalived's old unicast form
 * (`old_unicast_checksum`): the pseudo header carries the multicast group instead of the peer.
 */
export type ChecksumForm = 'with-pseudo-header' | 'payload-only' | 'multicast-pseudo-header';

/** Larger input could overflow the 32-bit sum that the loop keeps; no IP payload reaches it. */
const SUM_BYTES_MAX = 65_536;

/**
 * Adds the big-endian 16-bit words of `bytes[start, end)` to `sum`, unfolded; an odd last byte counts as its high half.
 * @throws RangeError for more than 64 KiB.
 */
export function addWords(sum: number, bytes: Uint8Array, start: number, end: number): number {
  if (end - start > SUM_BYTES_MAX) throw new RangeError(`cannot sum ${end - start} bytes, at most ${SUM_BYTES_MAX}`);
  let total = sum;
  let i = start;
  for (; i + 1 < end; i += 2) total += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  if (i < end) total += (bytes[i] ?? 0) << 8;
  return total;
}

/** Folds the carries in: 0..0xffff. A message whose checksum field is right sums to 0xffff. */
export function foldSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded;
}

/** The value for the checksum field: the one's complement of the folded sum. */
export function checksumOf(sum: number): number {
  return ~foldSum(sum) & 0xffff;
}

/** The unfolded sum of the pseudo header for a payload of `length` bytes; IPv4 and IPv6 differ only in zero bytes. */
export function pseudoHeaderSum(source: Uint8Array, destination: Uint8Array, protocol: number, length: number): number {
  const addresses = addWords(addWords(0, source, 0, source.length), destination, 0, destination.length);
  return addresses + protocol + length;
}
