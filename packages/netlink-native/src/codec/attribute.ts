// Netlink attributes: struct nlattr {length, type} and a value, each aligned to 4 bytes (netlink(7), rtnetlink(3)).
// Reading is total, as that of messages is.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

const HEADER_BYTES = 4;
const ALIGNMENT = 4;
/** The two upper bits say "nested" and "network byte order"; the type is what remains. */
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

export interface DecodedAttributes {
  /** Values by type, as views; of a type that comes twice, the last. */
  readonly attributes: ReadonlyMap<number, Uint8Array>;
  /** Where the bytes stop making sense before their end. */
  readonly issue?: { readonly offset: number };
}

export function decodeAttributes(bytes: Uint8Array): DecodedAttributes {
  const attributes = new Map<number, Uint8Array>();
  const view = viewOf(bytes);
  let offset = 0;
  while (bytes.length - offset >= HEADER_BYTES) {
    const length = view.getUint16(offset, HOST_LITTLE_ENDIAN);
    if (length < HEADER_BYTES || length > bytes.length - offset) return { attributes, issue: { offset } };
    const type = view.getUint16(offset + 2, HOST_LITTLE_ENDIAN) & TYPE_MASK;
    attributes.set(type, bytes.subarray(offset + HEADER_BYTES, offset + length));
    offset += align(length);
  }
  // Fewer bytes than a header at the end are padding.
  return { attributes };
}

export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export function encodeAttributes(attributes: readonly Attribute[]): Uint8Array {
  const total = attributes.reduce((sum, { value }) => sum + align(HEADER_BYTES + value.length), 0);
  const bytes = new Uint8Array(total);
  const view = viewOf(bytes);
  let offset = 0;
  for (const { type, value } of attributes) {
    const length = HEADER_BYTES + value.length;
    view.setUint16(offset, length, HOST_LITTLE_ENDIAN);
    view.setUint16(offset + 2, type, HOST_LITTLE_ENDIAN);
    bytes.set(value, offset + HEADER_BYTES);
    offset += align(length);
  }
  return bytes;
}

/** An attribute whose value is attributes. */
export function nested(type: number, attributes: readonly Attribute[]): Attribute {
  return { type: type | NESTED, value: encodeAttributes(attributes) };
}

/** The attributes inside an attribute; none when it is not there. */
export function readNested(value: Uint8Array | undefined): ReadonlyMap<number, Uint8Array> {
  return value === undefined ? new Map() : decodeAttributes(value).attributes;
}

/** Up to the first NUL, or all of it. */
export function readText(value: Uint8Array): string {
  const end = value.indexOf(0);
  return new TextDecoder().decode(end < 0 ? value : value.subarray(0, end));
}

/** With the NUL that the kernel expects. @throws RangeError when the text has one itself: the kernel would read no further */
export function textValue(text: string): Uint8Array {
  if (text.includes('\0')) throw new RangeError(`a text without NUL is wanted, got ${JSON.stringify(text)}`);
  return new TextEncoder().encode(`${text}\0`);
}

/** 32 bits, or undefined when the value is shorter. */
export function readUint32(value: Uint8Array | undefined, offset = 0): number | undefined {
  if (value === undefined || value.length < offset + 4) return undefined;
  return viewOf(value).getUint32(offset, HOST_LITTLE_ENDIAN);
}

/** 16 bits, or undefined when the value is shorter. */
export function readUint16(value: Uint8Array | undefined, offset = 0): number | undefined {
  if (value === undefined || value.length < offset + 2) return undefined;
  return viewOf(value).getUint16(offset, HOST_LITTLE_ENDIAN);
}

export function uint16Value(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(numbers).buffer);
}

export function uint32Value(...numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(numbers).buffer);
}

function align(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}
