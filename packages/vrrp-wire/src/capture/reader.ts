// Reads a capture file as it comes, chunk by chunk: pcap or pcapng by its first bytes, packets in file order, and one issue
// where the file stops making sense. Holds one block at a time, so the size of the file does not matter. No files, no
// streams: the caller brings the bytes.
import { createPcapParser, isPcap } from './pcap.js';
import { createPcapngParser, isPcapng } from './pcapng.js';
import type { CaptureIssue, CaptureRecord, FormatParser } from './record.js';

const MAGIC_LENGTH = 4;
/** What is cut off at a time from a chunk that is larger, so that its records need not all be held at once. */
const SLICE_LENGTH = 64 * 1024;
const UNKNOWN_SECTION = 'draft-ietf-opsawg-pcap §4';

export interface CaptureReader {
  /** Takes the next bytes of the file and gives the packets that became whole. After an issue: nothing. */
  push(chunk: Uint8Array): readonly CaptureRecord[];
  /** Says that the file is over; gives the issue when it ended too early. */
  end(): readonly CaptureRecord[];
}

/** A reader at the start of a file. */
export function createCaptureReader(): CaptureReader {
  const queue = createByteQueue();
  let parser: FormatParser | undefined;
  let packets = 0;
  let ended = false;

  const stop = (issue: CaptureIssue): CaptureRecord => {
    ended = true;
    return { kind: 'issue', issue };
  };
  const next = (): CaptureRecord | 'more' | 'starved' => {
    if (ended) return 'starved';
    if (!parser) {
      const magic = queue.peek(MAGIC_LENGTH);
      if (!magic) return 'starved';
      if (isPcap(magic)) parser = createPcapParser();
      else if (isPcapng(magic)) parser = createPcapngParser();
      else
        return stop({ kind: 'unknown-format', offset: 0, section: 'draft-ietf-opsawg-pcap §4', magic: wordOf(magic) });
    }
    const offset = queue.taken();
    const piece = queue.take(parser.needed);
    if (!piece) return 'starved';
    const parsed = parser.take(piece, offset);
    if (!parsed) return 'more';
    if ('kind' in parsed) return stop(parsed);
    packets += 1;
    const { timestamp, linkType, bytes, originalLength } = parsed;
    return { kind: 'packet', number: packets, timestamp, linkType, bytes, originalLength };
  };

  return {
    push(chunk) {
      const records: CaptureRecord[] = [];
      if (!ended) queue.push(chunk);
      for (let record = next(); record !== 'starved'; record = next()) if (record !== 'more') records.push(record);
      return records;
    },
    end() {
      const left = queue.length();
      if (ended || (left === 0 && (parser?.mayEnd ?? false))) return [];
      const missing = (parser?.needed ?? MAGIC_LENGTH) - left;
      const place = { offset: queue.taken() + left, section: parser?.section ?? UNKNOWN_SECTION };
      return [stop({ kind: 'file-truncated', ...place, missing })];
    },
  };
}

/** Every record of a file that is already in memory, or comes as a sequence of chunks. */
export function* readCapture(chunks: Iterable<Uint8Array>): Generator<CaptureRecord, void, undefined> {
  const reader = createCaptureReader();
  for (const chunk of chunks) for (const slice of slices(chunk)) yield* reader.push(slice);
  yield* reader.end();
}

/** As `readCapture`, for chunks that arrive over time: a Node or web stream. */
export async function* readCaptureStream(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<CaptureRecord, void, undefined> {
  const reader = createCaptureReader();
  // One by one: `yield*` would wrap every record in two more promises.
  for await (const chunk of chunks) {
    for (const slice of slices(chunk)) for (const record of reader.push(slice)) yield record;
  }
  for (const record of reader.end()) yield record;
}

function* slices(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start < chunk.length; start += SLICE_LENGTH) yield chunk.subarray(start, start + SLICE_LENGTH);
}

/** Bytes in, pieces of exact length out; copies only the pieces that span chunks. */
function createByteQueue() {
  let chunks: Uint8Array[] = [];
  let position = 0;
  let length = 0;
  let taken = 0;

  /** Makes the first chunk hold all that is left, so that a piece can be cut from it. */
  const join = (): Uint8Array => {
    const [first] = chunks;
    if (chunks.length === 1 && first) return first;
    const joined = new Uint8Array(length);
    let written = 0;
    for (const [index, chunk] of chunks.entries()) {
      const rest = index === 0 ? chunk.subarray(position) : chunk;
      joined.set(rest, written);
      written += rest.length;
    }
    chunks = [joined];
    position = 0;
    return joined;
  };
  return {
    push(chunk: Uint8Array): void {
      if (chunk.length === 0) return;
      if (length === 0) {
        chunks = [];
        position = 0;
      }
      chunks.push(chunk);
      length += chunk.length;
    },
    peek(count: number): Uint8Array | undefined {
      return count > length ? undefined : join().subarray(position, position + count);
    },
    take(count: number): Uint8Array | undefined {
      if (count > length) return undefined;
      const piece = join().subarray(position, position + count);
      position += count;
      length -= count;
      taken += count;
      return piece;
    },
    length: (): number => length,
    taken: (): number => taken,
  };
}

function wordOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}
