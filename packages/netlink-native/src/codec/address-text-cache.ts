// The text of addresses that keep coming back: a router hears the same few peers for months, and writing an IPv6 address
// as text costs more than all the rest of receiving it. A fixed table, each place holding the last address that fell there.
import { formatIp } from '@vrrp/wire/ip';

/** Places in the table, a power of two. */
const PLACES = 256;
const FNV_PRIME = 0x01000193;
const FNV_BASIS = 0x811c9dc5;

interface Entry {
  readonly bytes: Uint8Array;
  readonly text: string;
}

export class AddressTextCache {
  readonly #entries: (Entry | undefined)[] = Array.from({ length: PLACES }, () => undefined);

  /** The canonical text of the 4 or 16 bytes at `offset`. */
  textAt(source: Uint8Array, offset: number, length: 4 | 16): string {
    let hash = FNV_BASIS;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (source[offset + i] ?? 0), FNV_PRIME);
    const place = (hash ^ (hash >>> 16)) & (PLACES - 1);
    const entry = this.#entries[place];
    if (entry !== undefined && holds(entry.bytes, source, offset, length)) return entry.text;
    const bytes = source.slice(offset, offset + length);
    const text = formatIp(bytes);
    this.#entries[place] = { bytes, text };
    return text;
  }
}

function holds(bytes: Uint8Array, source: Uint8Array, offset: number, length: number): boolean {
  if (bytes.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[i] !== source[offset + i]) return false;
  return true;
}
