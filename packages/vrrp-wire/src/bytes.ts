// Big-endian numbers in byte arrays, and copying without an intermediate view. Reading behind the end gives 0, so that
// decoders stay total; writers check their room once, before they write.

export function readUint16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

export function readUint32(bytes: Uint8Array, offset: number): number {
  return readUint16(bytes, offset) * 0x1_0000 + readUint16(bytes, offset + 2);
}

/** As `readUint32`, signed: every value is a small integer to the engine, so a list of them stays compact. */
export function readInt32(bytes: Uint8Array | undefined, offset: number): number {
  return bytes === undefined ? 0 : (readUint16(bytes, offset) << 16) | readUint16(bytes, offset + 2);
}

/** As `readUint32`, in the byte order of a file; a DataView costs more to make than the number to read. */
export function readUint32In(bytes: Uint8Array, offset: number, littleEndian: boolean): number {
  if (!littleEndian) return readUint32(bytes, offset);
  const high = ((bytes[offset + 3] ?? 0) << 8) | (bytes[offset + 2] ?? 0);
  return high * 0x1_0000 + (((bytes[offset + 1] ?? 0) << 8) | (bytes[offset] ?? 0));
}

export function writeUint16(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value >> 8;
  target[offset + 1] = value & 0xff;
}

/** As `target.set(bytes, offset)`, which is slower for the few bytes of an address. */
export function copyBytes(target: Uint8Array, offset: number, bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i += 1) target[offset + i] = bytes[i] ?? 0;
}

/** @throws RangeError when `length` bytes at `offset` do not lie within `target`. */
export function requireRoom(target: Uint8Array, offset: number, length: number): void {
  if (!Number.isInteger(offset) || offset < 0 || offset + length > target.length) {
    throw new RangeError(`${length} bytes at ${offset} do not fit a target of ${target.length}`);
  }
}

/** @throws RangeError when `value` is not an integer in `min..max`. */
export function requireRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${name} must be an integer ${min}..${max}, got ${value}`);
  }
}
