// The classic capture file: one header, then a record a packet (draft-ietf-opsawg-pcap). Both byte orders, micro- and
// nanoseconds; reading as a step machine, writing as functions that give bytes.
//
//   file header, 24 bytes                                    record header, 16 bytes
//  +----------------+-------+-------+                       +----------------+----------------+
//  |     magic      | major | minor |                       |    seconds     | micro- or nano |
//  +----------------+-------+-------+----------------+      +----------------+----------------+
//  |   reserved, reserved           |   snap length  |      | captured bytes | original bytes |
//  +----------------+---------------+----------------+      +----------------+----------------+
//  | link type (low 28 bits; above: FCS length)      |        then the captured bytes
//  +----------------+--------------------------------+
import { readUint32In, requireRange } from '../bytes.js';
import { BLOCK_LENGTH_MAX } from './record.js';
import type { CaptureIssue, CaptureTimestamp, FormatParser, ParsedPacket } from './record.js';

const FILE_HEADER_LENGTH = 24;
const RECORD_HEADER_LENGTH = 16;
const MAGIC_MICROSECONDS = 0xa1b2_c3d4;
const MAGIC_NANOSECONDS = 0xa1b2_3c4d;
const LINK_TYPE_OFFSET = 20;
const LINK_TYPE_MASK = 0x0fff_ffff;
const UINT32_MAX = 0xffff_ffff;
const SNAP_LENGTH_DEFAULT = 262_144;

/** Whether the first four bytes of a file say pcap. */
export function isPcap(magic: Uint8Array): boolean {
  return byteOrder(magic) !== undefined;
}

/** A parser for one file, from its first byte. */
export function createPcapParser(): FormatParser {
  let littleEndian = false;
  let nanosPerUnit = 1;
  let linkType = 0;
  let record: { readonly timestamp: CaptureTimestamp; readonly originalLength: number } | undefined;
  let needed = FILE_HEADER_LENGTH;

  const takeFileHeader = (header: Uint8Array): undefined => {
    littleEndian = byteOrder(header) === 'little';
    nanosPerUnit = readUint32In(header, 0, littleEndian) === MAGIC_NANOSECONDS ? 1 : 1000;
    linkType = readUint32In(header, LINK_TYPE_OFFSET, littleEndian) & LINK_TYPE_MASK;
    needed = RECORD_HEADER_LENGTH;
  };
  const takeRecordHeader = (header: Uint8Array, offset: number): ParsedPacket | CaptureIssue | undefined => {
    const captured = readUint32In(header, 8, littleEndian);
    if (captured > BLOCK_LENGTH_MAX) {
      const place = { offset: offset + 8, section: 'draft-ietf-opsawg-pcap §5' };
      return { kind: 'bad-length', ...place, field: 'captured packet length', received: captured };
    }
    const timestamp = {
      seconds: readUint32In(header, 0, littleEndian),
      nanoseconds: readUint32In(header, 4, littleEndian) * nanosPerUnit,
    };
    const originalLength = readUint32In(header, 12, littleEndian);
    if (captured === 0) return { timestamp, linkType, bytes: new Uint8Array(), originalLength };
    record = { timestamp, originalLength };
    needed = captured;
    return undefined;
  };

  return {
    section: 'draft-ietf-opsawg-pcap §5',
    get needed() {
      return needed;
    },
    get mayEnd() {
      return needed === RECORD_HEADER_LENGTH && record === undefined;
    },
    take(piece, offset) {
      if (record) {
        const packet = { timestamp: record.timestamp, linkType, bytes: piece, originalLength: record.originalLength };
        record = undefined;
        needed = RECORD_HEADER_LENGTH;
        return packet;
      }
      return offset === 0 ? takeFileHeader(piece) : takeRecordHeader(piece, offset);
    },
  };
}

/**
 * The 24 bytes that start a file, little-endian with nanoseconds.
 * @throws RangeError when a number does not fit.
 */
export function encodePcapHeader(options: { readonly linkType: number; readonly snapLength?: number }): Uint8Array {
  const snapLength = options.snapLength ?? SNAP_LENGTH_DEFAULT;
  requireRange('linkType', options.linkType, 0, LINK_TYPE_MASK);
  requireRange('snapLength', snapLength, 1, UINT32_MAX);
  const header = new Uint8Array(FILE_HEADER_LENGTH);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC_NANOSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(LINK_TYPE_OFFSET, options.linkType, true);
  return header;
}

/**
 * One record: its header and its bytes.
 * @param packet `originalLength` is the length of `bytes` when left out
 * @throws RangeError when a number does not fit.
 */
export function encodePcapRecord(packet: {
  readonly timestamp: CaptureTimestamp;
  readonly bytes: Uint8Array;
  readonly originalLength?: number;
}): Uint8Array {
  const { timestamp, bytes } = packet;
  const originalLength = packet.originalLength ?? bytes.length;
  requireRange('seconds', timestamp.seconds, 0, UINT32_MAX);
  requireRange('nanoseconds', timestamp.nanoseconds, 0, 999_999_999);
  requireRange('captured length', bytes.length, 0, BLOCK_LENGTH_MAX);
  requireRange('originalLength', originalLength, bytes.length, UINT32_MAX);
  const record = new Uint8Array(RECORD_HEADER_LENGTH + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, timestamp.seconds, true);
  view.setUint32(4, timestamp.nanoseconds, true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, originalLength, true);
  record.set(bytes, RECORD_HEADER_LENGTH);
  return record;
}

function byteOrder(magic: Uint8Array): 'big' | 'little' | undefined {
  if (magic.length < 4) return undefined;
  if (isMagic(readUint32In(magic, 0, false))) return 'big';
  return isMagic(readUint32In(magic, 0, true)) ? 'little' : undefined;
}

function isMagic(value: number): boolean {
  return value === MAGIC_MICROSECONDS || value === MAGIC_NANOSECONDS;
}
