// The block-structured capture file (draft-ietf-opsawg-pcapng): sections, each with its byte order and interfaces, each
// interface with its link type and time resolution; Enhanced, Simple and the obsolete Packet Blocks. Other blocks (names,
// statistics, secrets, custom) are passed over. Reading only, as a step machine.
//
//   every block
//  +----------------+----------------+ ... +----------------+
//  |   block type   |  total length  |     |  total length  |   a multiple of 4, the same twice
//  +----------------+----------------+ ... +----------------+
import { BLOCK_LENGTH_MAX } from './record.js';
import type { CaptureIssue, CaptureTimestamp, FormatParser, ParsedPacket } from './record.js';

const SECTION_HEADER = 0x0a0d_0d0a;
const INTERFACE_DESCRIPTION = 1;
const PACKET_OBSOLETE = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
/** Type, length, and for a section header the byte-order magic: enough to know how to read the length. */
const PRELUDE_LENGTH = 12;
const BLOCK_LENGTH_MIN = 12;
const SECTION_LENGTH_MIN = 28;
const INTERFACE_OPTIONS_OFFSET = 16;
const OPTION_END = 0;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;
const NANOS_PER_SECOND = 1_000_000_000n;
const NANOS_PER_MICRO = 1000;
const MICROS_PER_SECOND = 1_000_000;
/** Finest decimal and binary resolution that is believed; finer ones are cut to it. */
const RESOLUTION_EXPONENT_MAX = 63;
const SECTION = 'draft-ietf-opsawg-pcapng';

interface Interface {
  readonly linkType: number;
  /** 0 means unlimited. */
  readonly snapLength: number;
  readonly unitsPerSecond: bigint;
  /** Added to every timestamp. */
  readonly offsetSeconds: number;
}

/** Whether the first four bytes of a file say pcapng. */
export function isPcapng(magic: Uint8Array): boolean {
  return magic[0] === 0x0a && magic[1] === 0x0d && magic[2] === 0x0d && magic[3] === 0x0a;
}

/** A parser for one file, from its first byte. */
export function createPcapngParser(): FormatParser {
  let littleEndian = false;
  let interfaces: Interface[] = [];
  let prelude: Uint8Array | undefined;
  let needed = PRELUDE_LENGTH;

  const takePrelude = (piece: Uint8Array, offset: number): CaptureIssue | ParsedPacket | undefined => {
    const view = viewOf(piece);
    const isSection = view.getUint32(0) === SECTION_HEADER;
    if (isSection) {
      const magic = view.getUint32(8);
      if (magic !== BYTE_ORDER_MAGIC && view.getUint32(8, true) !== BYTE_ORDER_MAGIC) {
        return { kind: 'bad-byte-order', offset: offset + 8, section: `${SECTION} §4.1`, magic };
      }
      littleEndian = magic !== BYTE_ORDER_MAGIC;
      interfaces = [];
    }
    const length = view.getUint32(4, littleEndian);
    const minimum = isSection ? SECTION_LENGTH_MIN : BLOCK_LENGTH_MIN;
    if (length < minimum || length > BLOCK_LENGTH_MAX || length % 4 !== 0) {
      return badLength(offset + 4, 'block total length', length);
    }
    // A block of 12 bytes has no body: the prelude was all of it.
    if (length === PRELUDE_LENGTH) return takeBlock(piece, offset);
    prelude = piece;
    needed = length - PRELUDE_LENGTH;
    return undefined;
  };

  const takeBlock = (block: Uint8Array, offset: number): CaptureIssue | ParsedPacket | undefined => {
    const view = viewOf(block);
    const trailing = view.getUint32(block.length - 4, littleEndian);
    if (trailing !== block.length) {
      return badLength(offset + block.length - 4, 'second block total length', trailing);
    }
    const type = view.getUint32(0, littleEndian);
    if (type === INTERFACE_DESCRIPTION) {
      if (block.length < INTERFACE_OPTIONS_OFFSET + 4) return badLength(offset + 4, 'block total length', block.length);
      interfaces.push(readInterface(block, view, littleEndian));
      return undefined;
    }
    if (type !== ENHANCED_PACKET && type !== SIMPLE_PACKET && type !== PACKET_OBSOLETE) return undefined;
    return readPacket(block, { offset, type, littleEndian, interfaces });
  };

  return {
    section: `${SECTION} §3.1`,
    get needed() {
      return needed;
    },
    get mayEnd() {
      return prelude === undefined;
    },
    take(piece, offset) {
      if (!prelude) return takePrelude(piece, offset);
      const block = new Uint8Array(PRELUDE_LENGTH + piece.length);
      block.set(prelude);
      block.set(piece, PRELUDE_LENGTH);
      prelude = undefined;
      needed = PRELUDE_LENGTH;
      return takeBlock(block, offset - PRELUDE_LENGTH);
    },
  };
}

interface PacketBlock {
  readonly offset: number;
  readonly type: number;
  readonly littleEndian: boolean;
  readonly interfaces: readonly Interface[];
}

/** Where a packet block has its fields; a Simple Packet Block has only its data and is of interface 0. */
function readPacket(
  block: Uint8Array,
  { offset, type, littleEndian, interfaces }: PacketBlock,
): ParsedPacket | CaptureIssue {
  const view = viewOf(block);
  const simple = type === SIMPLE_PACKET;
  const dataOffset = simple ? 12 : 28;
  const room = block.length - dataOffset - 4;
  if (room < 0) return badLength(offset + 4, 'block total length', block.length);
  const longInterface = type === ENHANCED_PACKET ? view.getUint32(8, littleEndian) : view.getUint16(8, littleEndian);
  const index = simple ? 0 : longInterface;
  const source = interfaces[index];
  if (!source) {
    return { kind: 'unknown-interface', offset: offset + 8, section: `${SECTION} §4.3`, interface: index };
  }
  if (simple) {
    const originalLength = view.getUint32(8, littleEndian);
    const limit = source.snapLength === 0 ? originalLength : Math.min(originalLength, source.snapLength);
    const bytes = block.subarray(dataOffset, dataOffset + Math.min(limit, room));
    return { timestamp: undefined, linkType: source.linkType, bytes, originalLength };
  }
  const captured = view.getUint32(20, littleEndian);
  if (captured > room) return badLength(offset + 20, 'captured packet length', captured);
  return {
    timestamp: readTimestamp(view.getUint32(12, littleEndian), view.getUint32(16, littleEndian), source),
    linkType: source.linkType,
    bytes: block.subarray(dataOffset, dataOffset + captured),
    originalLength: view.getUint32(24, littleEndian),
  };
}

/** §4.2, with the two options that timestamps depend on. */
function readInterface(block: Uint8Array, view: DataView, littleEndian: boolean): Interface {
  let unitsPerSecond = BigInt(MICROS_PER_SECOND);
  let offsetSeconds = 0;
  const end = block.length - 4;
  for (let position = INTERFACE_OPTIONS_OFFSET; position + 4 <= end;) {
    const code = view.getUint16(position, littleEndian);
    const length = view.getUint16(position + 2, littleEndian);
    const value = position + 4;
    if (code === OPTION_END || value + length > end) break;
    if (code === OPTION_TIME_RESOLUTION && length === 1) unitsPerSecond = unitsOf(view.getUint8(value));
    if (code === OPTION_TIME_OFFSET && length === 8) offsetSeconds = Number(view.getBigInt64(value, littleEndian));
    // Values are padded to 32 bits.
    position = value + Math.ceil(length / 4) * 4;
  }
  const linkType = view.getUint16(8, littleEndian);
  return { linkType, snapLength: view.getUint32(12, littleEndian), unitsPerSecond, offsetSeconds };
}

/** if_tsresol: the top bit says whether the rest is a power of 2 or of 10. */
function unitsOf(resolution: number): bigint {
  const exponent = BigInt(Math.min(resolution & 0x7f, RESOLUTION_EXPONENT_MAX));
  return (resolution & 0x80) === 0 ? 10n ** exponent : 1n << exponent;
}

function readTimestamp(high: number, low: number, { unitsPerSecond, offsetSeconds }: Interface): CaptureTimestamp {
  const units = high * 0x1_0000_0000 + low;
  // Microseconds until the year 2255 fit a double exactly; big integers would cost more than all the rest of a packet.
  if (unitsPerSecond === BigInt(MICROS_PER_SECOND) && Number.isSafeInteger(units)) {
    const seconds = Math.floor(units / MICROS_PER_SECOND);
    return { seconds: seconds + offsetSeconds, nanoseconds: (units % MICROS_PER_SECOND) * NANOS_PER_MICRO };
  }
  const exact = (BigInt(high) << 32n) | BigInt(low);
  return {
    seconds: Number(exact / unitsPerSecond) + offsetSeconds,
    nanoseconds: Number(((exact % unitsPerSecond) * NANOS_PER_SECOND) / unitsPerSecond),
  };
}

function badLength(offset: number, field: string, received: number): CaptureIssue {
  return { kind: 'bad-length', offset, section: `${SECTION} §3.1`, field, received };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
