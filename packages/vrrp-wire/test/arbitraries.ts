// Valid advertisements and contexts for property tests, in their canonical form: what decoding gives back.
import * as fc from 'fast-check';
import { formatIp } from '../src/index.js';
import type { Advertisement, ChecksumMode, PacketContext } from '../src/index.js';

export interface Sent {
  readonly value: Advertisement;
  readonly context: PacketContext;
}

const byte = fc.integer({ min: 0, max: 255 });
const shared = { vrid: fc.integer({ min: 1, max: 255 }), priority: byte };
const maxAdvertiseInterval = fc.integer({ min: 0, max: 4095 });
const address4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatIp);
const address6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatIp);
const listOf = (address: fc.Arbitrary<string>): fc.Arbitrary<string[]> => fc.array(address, { maxLength: 20 });
const mode = fc.constantFrom<ChecksumMode>('with-pseudo-header', 'payload-only', 'auto');

const open2 = fc.record({
  version: fc.constant(2 as const),
  family: fc.constant(4 as const),
  ...shared,
  advertiseInterval: byte,
  authType: fc.constantFrom(0 as const, 2 as const),
  addresses: listOf(address4),
});
const password2 = fc.record({
  version: fc.constant(2 as const),
  family: fc.constant(4 as const),
  ...shared,
  advertiseInterval: byte,
  authType: fc.constant(1 as const),
  authData: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  addresses: listOf(address4),
});
const version3 = (family: 4 | 6): fc.Arbitrary<Advertisement> =>
  fc.record({
    version: fc.constant(3 as const),
    family: fc.constant(family),
    ...shared,
    maxAdvertiseInterval,
    addresses: listOf(family === 4 ? address4 : address6),
  });

const context4 = fc.record({ source: address4, destination: address4, checksum: mode });
const context6 = fc.record({ source: address6, destination: address6, checksum: mode });

export const sent: fc.Arbitrary<Sent> = fc.oneof(
  fc.record({ value: fc.oneof(open2, password2), context: context4 }),
  fc.record({ value: version3(4), context: context4 }),
  fc.record({ value: version3(6), context: context6 }),
);
