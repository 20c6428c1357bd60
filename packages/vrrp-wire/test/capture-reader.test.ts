// Capture files: both formats, both byte orders, every resolution, any chunking; and files that are cut or damaged give
// every whole packet before the damage and one issue with its place.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  createCaptureReader,
  encodePcapHeader,
  encodePcapRecord,
  formatCaptureIssue,
  readCapture,
  readCaptureStream,
} from '../src/capture/index.js';
import type { CaptureRecord } from '../src/capture/index.js';
import {
  block,
  concat,
  enhancedPacket,
  halfWords,
  interfaceBlock,
  oldPacket,
  option,
  pcapFile,
  sectionHeader,
  simplePacket,
  words,
} from './capture-files.js';
import { toHex } from './vector-file.js';

const SEED = { seed: 2026 };
const A = Uint8Array.of(1, 2, 3);
const B = Uint8Array.of(4, 5, 6, 7, 8);
const ETHERNET = 1;

/** One line a record: `number seconds.nanoseconds linkType hex/originalLength`, or the issue. */
function lines(records: Iterable<CaptureRecord>): readonly string[] {
  return Array.from(records, (record) => {
    if (record.kind === 'issue') return formatCaptureIssue(record.issue);
    const { number, timestamp, linkType, bytes, originalLength } = record;
    const time = timestamp ? `${timestamp.seconds}.${String(timestamp.nanoseconds).padStart(9, '0')}` : '-';
    return `${number} ${time} ${linkType} ${toHex(bytes)}/${originalLength}`;
  });
}

function read(file: Uint8Array): readonly string[] {
  return lines(readCapture([file]));
}

describe('pcap', () => {
  const packets = [
    { seconds: 1_700_000_000, fraction: 42, bytes: A },
    { seconds: 1_700_000_001, fraction: 999_999, bytes: B, originalLength: 1500 },
    { seconds: 1_700_000_002, fraction: 0, bytes: new Uint8Array() },
  ];

  test.each([
    ['little', 0xa1b2c3d4, '000042000', '999999000'],
    ['big', 0xa1b2c3d4, '000042000', '999999000'],
    ['little', 0xa1b23c4d, '000000042', '000999999'],
    ['big', 0xa1b23c4d, '000000042', '000999999'],
  ] as const)('%s-endian, magic %i', (endian, magic, first, second) => {
    expect(read(pcapFile(endian, magic, 113, packets))).toEqual([
      `1 1700000000.${first} 113 010203/3`,
      `2 1700000001.${second} 113 0405060708/1500`,
      '3 1700000002.000000000 113 /0',
    ]);
  });

  test('the upper bits of the link type word say something else', () => {
    expect(read(pcapFile('big', 0xa1b2c3d4, 0xf000_0001, packets.slice(0, 1)))[0]).toContain(' 1 010203/3');
  });

  test('what the writer writes, the reader reads', () => {
    const timestamp = { seconds: 7, nanoseconds: 8 };
    const file = concat(
      encodePcapHeader({ linkType: ETHERNET }),
      encodePcapRecord({ timestamp, bytes: A }),
      encodePcapRecord({ timestamp, bytes: B, originalLength: 9 }),
    );
    expect(read(file)).toEqual(['1 7.000000008 1 010203/3', '2 7.000000008 1 0405060708/9']);
  });

  test('the writer refuses what does not fit', () => {
    const timestamp = { seconds: 1, nanoseconds: 0 };
    expect(() => encodePcapHeader({ linkType: -1 })).toThrow(RangeError);
    expect(() => encodePcapRecord({ timestamp: { seconds: 1, nanoseconds: 1e9 }, bytes: A })).toThrow(RangeError);
    expect(() => encodePcapRecord({ timestamp: { seconds: -1, nanoseconds: 0 }, bytes: A })).toThrow(RangeError);
    expect(() => encodePcapRecord({ timestamp, bytes: A, originalLength: 2 })).toThrow(RangeError);
  });
});

describe('pcapng', () => {
  const MICROS = 1_700_000_000_000_042n;

  test.each(['little', 'big'] as const)('%s-endian: every packet block, other blocks passed over', (endian) => {
    const file = concat(
      sectionHeader(endian),
      block(endian, 0x0bad, B),
      interfaceBlock(endian, ETHERNET, 4),
      interfaceBlock(endian, 276, 0),
      block(endian, 5, words(endian, 0, 0, 0)),
      enhancedPacket(endian, 0, MICROS, A),
      enhancedPacket(endian, 1, MICROS + 1n, B, 1500),
      simplePacket(endian, 3, A),
      simplePacket(endian, 5, B.subarray(0, 4)),
      oldPacket(endian, 1, MICROS, A),
      block(endian, 7, new Uint8Array()),
    );
    expect(read(file)).toEqual([
      '1 1700000000.000042000 1 010203/3',
      '2 1700000000.000043000 276 0405060708/1500',
      '3 - 1 010203/3',
      '4 - 1 04050607/5',
      '5 1700000000.000042000 276 010203/3',
    ]);
  });

  test('sections have their own byte order and interfaces', () => {
    const file = concat(
      sectionHeader('little'),
      interfaceBlock('little', ETHERNET, 0),
      enhancedPacket('little', 0, 1_000_000n, A),
      sectionHeader('big'),
      interfaceBlock('big', 101, 0),
      enhancedPacket('big', 0, 2_000_000n, B),
    );
    expect(read(file)).toEqual(['1 1.000000000 1 010203/3', '2 2.000000000 101 0405060708/5']);
  });

  test.each<[string, number, bigint, string]>([
    ['10^-6', 6, 1_700_000_000_123_456n, '1700000000.123456000'],
    ['10^-9', 9, 1_700_000_000_123_456_789n, '1700000000.123456789'],
    ['10^-3', 3, 1_700_000_000_123n, '1700000000.123000000'],
    ['10^-12', 12, 1_700_000_123_456_789_012n, '1700000.123456789'],
    ['whole seconds', 0, 1_700_000_000n, '1700000000.000000000'],
    ['2^-1', 0x81, 5n, '2.500000000'],
    ['2^-20', 0xa0 - 12, 3n << 19n, '1.500000000'],
  ])('resolution %s', (_, resolution, units, time) => {
    const resolutionOption = option('little', 9, Uint8Array.of(resolution));
    const end = halfWords('little', 0, 0);
    const file = concat(
      sectionHeader('little'),
      interfaceBlock('little', ETHERNET, 0, option('little', 2, B), resolutionOption, end, resolutionOption),
      enhancedPacket('little', 0, units, A),
    );
    expect(read(file)).toEqual([`1 ${time} 1 010203/3`]);
  });

  test('an interface may shift its time', () => {
    const shift = new DataView(new ArrayBuffer(8));
    shift.setBigInt64(0, -10n);
    const file = concat(
      sectionHeader('big'),
      interfaceBlock('big', ETHERNET, 0, option('big', 14, new Uint8Array(shift.buffer))),
      enhancedPacket('big', 0, 60_000_000n, A),
    );
    expect(read(file)).toEqual(['1 50.000000000 1 010203/3']);
  });
});

describe('any chunking gives the same', () => {
  const pcap = pcapFile('big', 0xa1b2c3d4, ETHERNET, [
    { seconds: 1, fraction: 0, bytes: A },
    { seconds: 2, fraction: 0, bytes: B },
  ]);
  const pcapng = concat(
    sectionHeader('little'),
    interfaceBlock('little', ETHERNET, 0),
    enhancedPacket('little', 0, 1n, A),
    enhancedPacket('little', 0, 2n, B),
  );

  test.each([
    ['pcap', pcap],
    ['pcapng', pcapng],
  ])('%s', (_, file) => {
    const cuts = fc
      .array(fc.nat(file.length), { maxLength: 20 })
      .map((list) => [0].concat(list.toSorted((a, b) => a - b)));
    fc.assert(
      fc.property(cuts, (starts) => {
        const chunks = starts.map((start, index) => file.subarray(start, starts[index + 1] ?? file.length));
        expect(lines(readCapture(chunks))).toEqual(read(file));
      }),
      { ...SEED, numRuns: 100 },
    );
  });

  test('chunks may arrive over time', async () => {
    async function* stream(): AsyncGenerator<Uint8Array> {
      for (const byte of pcap) yield Uint8Array.of(byte);
    }
    const records: CaptureRecord[] = [];
    for await (const record of readCaptureStream(stream())) records.push(record);
    expect(lines(records)).toEqual(read(pcap));
  });

  test('packets of a file larger than the slices it is read in', () => {
    const bytes = new Uint8Array(50_000).fill(7);
    const packets = Array.from({ length: 5 }, (_, second) => ({ seconds: second, fraction: 0, bytes }));
    const records = [...readCapture([pcapFile('big', 0xa1b2c3d4, ETHERNET, packets)])];
    expect(records.map((record) => record.kind === 'packet' && record.bytes.length)).toEqual(packets.map(() => 50_000));
  });
});

describe('files that make no sense', () => {
  const pcap = pcapFile('little', 0xa1b2c3d4, ETHERNET, [
    { seconds: 1, fraction: 0, bytes: A },
    { seconds: 2, fraction: 0, bytes: B },
  ]);
  const packet = '1 1.000000000 1 010203/3';
  const start = concat(
    sectionHeader('big'),
    interfaceBlock('big', ETHERNET, 0),
    enhancedPacket('big', 0, 1_000_000n, A),
  );

  test.each<[string, Uint8Array, readonly string[]]>([
    ['an empty file', new Uint8Array(), ['the file ends 4 bytes too early (byte 0, draft-ietf-opsawg-pcap §4)']],
    ['three bytes', pcap.subarray(0, 3), ['the file ends 1 bytes too early (byte 3, draft-ietf-opsawg-pcap §4)']],
    [
      'text',
      Uint8Array.from('hello', (letter) => letter.charCodeAt(0)),
      ['neither pcap nor pcapng: the file starts with 0x68656c6c (byte 0, draft-ietf-opsawg-pcap §4)'],
    ],
    [
      'half a pcap header',
      pcap.subarray(0, 23),
      ['the file ends 1 bytes too early (byte 23, draft-ietf-opsawg-pcap §5)'],
    ],
    ['a pcap header alone', pcap.subarray(0, 24), []],
    [
      'a cut record header',
      pcap.subarray(0, 50),
      [packet, 'the file ends 9 bytes too early (byte 50, draft-ietf-opsawg-pcap §5)'],
    ],
    [
      'no packet behind its header',
      pcap.subarray(0, 59),
      [packet, 'the file ends 5 bytes too early (byte 59, draft-ietf-opsawg-pcap §5)'],
    ],
    [
      'a cut packet',
      pcap.subarray(0, 63),
      [packet, 'the file ends 1 bytes too early (byte 63, draft-ietf-opsawg-pcap §5)'],
    ],
    [
      'an absurd packet length',
      concat(pcap.subarray(0, 43), words('little', 1, 2, 0x7fffffff, 3), A),
      [packet, 'damaged file: captured packet length is 2147483647 (byte 51, draft-ietf-opsawg-pcap §5)'],
    ],
    [
      'a pcapng without a byte order',
      words('big', 0x0a0d0d0a, 28, 0x11223344, 0, 0, 0, 28),
      ['damaged file: byte-order magic is 0x11223344 (byte 8, draft-ietf-opsawg-pcapng §4.1)'],
    ],
    [
      'a cut block',
      concat(start, enhancedPacket('big', 0, 2n, B).subarray(0, 30)),
      [packet, 'the file ends 10 bytes too early (byte 114, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'a block whose lengths differ',
      concat(start, words('big', 5, 16, 0, 20)),
      [packet, 'damaged file: second block total length is 20 (byte 96, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'a block length that is no multiple of 4',
      concat(start, words('big', 5, 17, 0, 0, 0)),
      [packet, 'damaged file: block total length is 17 (byte 88, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'a block shorter than its own frame',
      concat(start, words('big', 5, 8, 0)),
      [packet, 'damaged file: block total length is 8 (byte 88, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'a packet longer than its block',
      concat(start, block('big', 6, words('big', 0, 0, 0, 100, 100))),
      [packet, 'damaged file: captured packet length is 100 (byte 104, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'a packet block without room for its fields',
      concat(start, block('big', 6, words('big', 0, 0, 0))),
      [packet, 'damaged file: block total length is 24 (byte 88, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'an interface block without room for its fields',
      concat(start, block('big', 1, words('big', 0))),
      [packet, 'damaged file: block total length is 16 (byte 88, draft-ietf-opsawg-pcapng §3.1)'],
    ],
    [
      'an unknown interface',
      concat(start, enhancedPacket('big', 1, 2n, B), enhancedPacket('big', 0, 2n, B)),
      [packet, 'damaged file: packet of interface 1, which was not described (byte 92, draft-ietf-opsawg-pcapng §4.3)'],
    ],
  ])('%s', (_, file, expected) => {
    expect(read(file)).toEqual(expected);
  });

  test('nothing comes after the issue', () => {
    const reader = createCaptureReader();
    expect(lines(reader.push(words('big', 1)))).toHaveLength(1);
    expect(reader.push(pcap)).toEqual([]);
    expect(reader.end()).toEqual([]);
  });

  test('any bytes end in at most one issue, and it is the last', () => {
    const magic = fc.constantFrom(words('big', 0xa1b2c3d4), start, pcap, new Uint8Array());
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
        const kinds = Array.from(readCapture([head, rest]), ({ kind }) => kind);
        expect(kinds.slice(0, -1)).not.toContain('issue');
      }),
      { ...SEED, numRuns: 500 },
    );
  });
});
