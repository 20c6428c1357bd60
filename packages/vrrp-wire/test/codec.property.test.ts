// What must hold for every message: decoding is total, encoding and decoding are inverse, and no single damaged bit in a
// message goes unnoticed. Fixed seeds, so a failure repeats.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AdvertisementView,
  decodeAdvertisement,
  decodeGratuitousArp,
  decodeIpv4Datagram,
  decodeNeighborAdvertisement,
  encodeAdvertisement,
  formatAdvertisement,
  formatIssue,
  parseIp,
} from '../src/index.js';
import type { DecodeResult, PacketContext } from '../src/index.js';
import { sent } from './arbitraries.js';
import { pseudoHeader, referenceChecksum, withoutChecksum } from './reference-checksum.js';
import { toHex } from './vector-file.js';

const SEED = { seed: 20_26 };
const CONTEXTS: readonly PacketContext[] = [
  { source: '192.0.2.1', destination: '224.0.0.18', checksum: 'auto' },
  { source: '192.0.2.1', destination: '192.0.2.2', checksum: 'with-pseudo-header' },
  { source: 'fe80::1', destination: 'ff02::12', checksum: 'auto' },
];

/** Decodes and prints, which reads every field; and checks what every result promises. Plain ifs: `expect` is slow. */
function judge(bytes: Uint8Array, context: PacketContext): DecodeResult {
  const result = decodeAdvertisement(bytes, context);
  for (const issue of result.ok ? result.remarks : [result.issue]) {
    if (issue.offset + issue.length > bytes.length) throw new Error(`issue behind the end: ${formatIssue(issue)}`);
    if (!/\((?:behind )?bytes? [\d-]+, (?:RFC \d+|IEEE 802\.3) §[\d.]+\)$/.test(formatIssue(issue))) {
      throw new Error(`badly printed: ${formatIssue(issue)}`);
    }
  }
  if (result.value && !formatAdvertisement(result.value).startsWith(`VRRPv${result.value.version}, Advertisement, `)) {
    throw new Error(`badly printed: ${formatAdvertisement(result.value)}`);
  }
  return result;
}

/** What became of it in one word: `accepted`, or the kind of issue. */
function verdict(bytes: Uint8Array, context: PacketContext): string {
  const result = judge(bytes, context);
  return result.ok ? 'accepted' : result.issue.kind;
}

describe('decodeAdvertisement', () => {
  test('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...CONTEXTS), (bytes, context) => {
        judge(bytes, context);
      }),
      { ...SEED, numRuns: 10_000 },
    );
  });

  test('takes any bytes behind a plausible header', () => {
    const header = fc.tuple(fc.constantFrom(0x21, 0x31), fc.integer({ min: 0, max: 255 }), fc.nat(255), fc.nat(4));
    fc.assert(
      fc.property(header, fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...CONTEXTS), (start, rest, context) => {
        judge(Uint8Array.of(...start, ...rest), context);
      }),
      { ...SEED, numRuns: 10_000 },
    );
  });

  test('gives back what was encoded, and its bytes again', () => {
    fc.assert(
      fc.property(sent, ({ value, context }) => {
        const bytes = encodeAdvertisement(value, context);
        const result = judge(bytes, context);
        expect(result.value).toEqual(value);
        expect(result.ok && result.length).toBe(bytes.length);
        expect(result.ok && toHex(encodeAdvertisement(result.value, context))).toBe(toHex(bytes));
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  test('refuses every proper truncation of a message', () => {
    fc.assert(
      fc.property(sent, ({ value, context }) => {
        const bytes = encodeAdvertisement(value, context);
        const verdicts = Array.from(bytes, (_, length) => verdict(bytes.subarray(0, length), context));
        expect(new Set(verdicts)).toEqual(new Set(['truncated']));
      }),
      { ...SEED, numRuns: 40 },
    );
  });

  test('notices every single flipped bit, whatever form of checksum is asked for', () => {
    fc.assert(
      fc.property(sent, ({ value, context }) => {
        const checksum = context.checksum === 'auto' ? 'with-pseudo-header' : context.checksum;
        const bytes = encodeAdvertisement(value, { ...context, checksum });
        const verdicts = Array.from({ length: bytes.length * 8 }, (_, bit) => {
          const damaged = Uint8Array.from(bytes);
          damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
          return verdict(damaged, { ...context, checksum });
        });
        expect(verdicts).not.toContain('accepted');
      }),
      { ...SEED, numRuns: 30 },
    );
  });
});

test('the checksum is what a second implementation makes of it', () => {
  fc.assert(
    fc.property(sent, ({ value, context }) => {
      const bytes = encodeAdvertisement(value, context);
      const plain = value.version === 2 || (value.family === 4 && context.checksum === 'payload-only');
      const header = pseudoHeader(addressBytes(context.source), addressBytes(context.destination), 112, bytes.length);
      const expected = referenceChecksum(...(plain ? [] : [header]), withoutChecksum(bytes));
      expect(AdvertisementView.checksum(bytes)).toBe(expected);
    }),
    { ...SEED, numRuns: 300 },
  );
});

test.each([
  ['decodeIpv4Datagram', decodeIpv4Datagram],
  ['decodeGratuitousArp', decodeGratuitousArp],
  ['decodeNeighborAdvertisement', decodeNeighborAdvertisement],
])('%s takes any bytes', (_, decode) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const result = decode(bytes);
      if (!result.ok) expect(result.issue.offset + result.issue.length).toBeLessThanOrEqual(bytes.length);
    }),
    { ...SEED, numRuns: 1000 },
  );
});

function addressBytes(text: string): Uint8Array {
  return parseIp(text) ?? new Uint8Array();
}
