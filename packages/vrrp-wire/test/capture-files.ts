// Builds capture files byte by byte for the reader's tests, in any byte order, without the package's own writer.

export interface Written {
  readonly seconds: number;
  /** In units of the file. */
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
}

type Endian = 'big' | 'little';

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

export function words(endian: Endian, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, endian === 'little');
  return new Uint8Array(view.buffer);
}

export function halfWords(endian: Endian, ...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  for (const [index, value] of values.entries()) view.setUint16(index * 2, value, endian === 'little');
  return new Uint8Array(view.buffer);
}

export function pcapFile(endian: Endian, magic: number, linkType: number, packets: readonly Written[]): Uint8Array {
  const header = concat(words(endian, magic), halfWords(endian, 2, 4), words(endian, 0, 0, 65_535, linkType));
  const records = packets.map(({ seconds, fraction, bytes, originalLength }) =>
    concat(words(endian, seconds, fraction, bytes.length, originalLength ?? bytes.length), bytes),
  );
  return concat(header, ...records);
}

/** A pcapng block around a body, which is padded to 32 bits. */
export function block(endian: Endian, type: number, body: Uint8Array): Uint8Array {
  const padded = padTo4(body);
  const length = padded.length + 12;
  return concat(words(endian, type, length), padded, words(endian, length));
}

export function sectionHeader(endian: Endian): Uint8Array {
  const body = concat(words(endian, 0x1a2b3c4d), halfWords(endian, 1, 0), words(endian, 0xffffffff, 0xffffffff));
  return block(endian, 0x0a0d0d0a, body);
}

export function interfaceBlock(
  endian: Endian,
  linkType: number,
  snapLength: number,
  ...options: readonly Uint8Array[]
): Uint8Array {
  return block(endian, 1, concat(halfWords(endian, linkType, 0), words(endian, snapLength), ...options));
}

export function option(endian: Endian, code: number, value: Uint8Array): Uint8Array {
  return concat(halfWords(endian, code, value.length), padTo4(value));
}

/** An Enhanced Packet Block; `units` in the interface's resolution. */
export function enhancedPacket(
  endian: Endian,
  index: number,
  units: bigint,
  bytes: Uint8Array,
  originalLength = bytes.length,
): Uint8Array {
  const time = [Number(units >> 32n), Number(units & 0xffffffffn)];
  return block(endian, 6, concat(words(endian, index, ...time, bytes.length, originalLength), padTo4(bytes)));
}

export function simplePacket(endian: Endian, originalLength: number, bytes: Uint8Array): Uint8Array {
  return block(endian, 3, concat(words(endian, originalLength), bytes));
}

/** The obsolete Packet Block, with its 16-bit interface and drop count. */
export function oldPacket(endian: Endian, index: number, units: bigint, bytes: Uint8Array): Uint8Array {
  const time = [Number(units >> 32n), Number(units & 0xffffffffn)];
  const head = concat(halfWords(endian, index, 7), words(endian, ...time, bytes.length, bytes.length));
  return block(endian, 2, concat(head, padTo4(bytes)));
}

function padTo4(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}
