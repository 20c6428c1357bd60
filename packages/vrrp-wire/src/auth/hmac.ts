// keepalived 2.4's authentication extension (auth_hmac): what is authenticated, the sender's trailer, and the receiver's
// judgement as a pure step. The HMAC itself comes from the platform: pass a function. Works for every version and family;
// the VRRP checksum does not cover the trailer. The 28 bytes are drawn in hmac-trailer.ts.
import { copyBytes, requireRange, writeUint16 } from '../bytes.js';
import { CHECKSUM_OFFSET, HEADER_LENGTH, VERSION_TYPE_OFFSET, VRID_OFFSET } from '../fields.js';
import { ipBytes } from '../ip.js';
import type { IpInput } from '../ip.js';
import {
  COUNTER_OFFSET,
  decodeHmacTrailer,
  FRACTION_OFFSET,
  HASH_OFFSET,
  HMAC_TRAILER_LENGTH,
  isWellFormed,
  KEY_ID_OFFSET,
  SECONDS_OFFSET,
  TYPE_HMAC_SHA256_128,
} from './hmac-trailer.js';
import type { HmacTime } from './hmac-trailer.js';

/** Computes HMAC-SHA256 (32 bytes); `node:crypto`: `createHmac('sha256', key).update(input).digest()`. */
export type HmacSha256 = (key: Uint8Array, input: Uint8Array) => Uint8Array;

const HASH_LENGTH = 16;
const PSEUDO_HEADER_LENGTH = 20;
/** Half of the 64-bit sequence space: what lies behind by less is older (RFC 1982 §3.2). */
const SEQUENCE_HALF = 1n << 63n;
const SEQUENCE_SPACE_BITS = 64;

export interface HmacSigning extends HmacTime {
  /** 0..255 */
  readonly keyId: number;
  readonly key: Uint8Array;
  /** The address the message is sent from. */
  readonly source: IpInput;
  readonly hmacSha256: HmacSha256;
}

/**
 * The 28 bytes to put behind a message; one trailer serves every peer the message goes to.
 * @throws RangeError when a number does not fit its field.
 */
export function encodeHmacTrailer(message: Uint8Array, signing: HmacSigning): Uint8Array {
  requireRange('keyId', signing.keyId, 0, 0xff);
  requireRange('seconds', signing.seconds, 0, 0xffff_ffff);
  requireRange('fraction', signing.fraction, 0, 0xffff);
  requireRange('counter', signing.counter, 0, 0xffff);
  const trailer = new Uint8Array(HMAC_TRAILER_LENGTH);
  trailer[0] = TYPE_HMAC_SHA256_128;
  trailer[KEY_ID_OFFSET] = signing.keyId;
  writeUint16(trailer, SECONDS_OFFSET, Math.floor(signing.seconds / 0x1_0000));
  writeUint16(trailer, SECONDS_OFFSET + 2, signing.seconds % 0x1_0000);
  writeUint16(trailer, FRACTION_OFFSET, signing.fraction);
  writeUint16(trailer, COUNTER_OFFSET, signing.counter);
  const input = authenticatedBytes(message, trailer, ipBytes(signing.source));
  copyBytes(trailer, HASH_OFFSET, signing.hmacSha256(signing.key, input).subarray(0, HASH_LENGTH));
  return trailer;
}

/** keepalived's names for the outcomes; `accepted` and `missing` when not enforced let the message through. */
export type HmacOutcome = 'accepted' | 'missing' | 'malformed' | 'stale' | 'unknown_key' | 'invalid_hmac' | 'replay';

export interface HmacPolicy {
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Seconds the sender's clock may differ from ours; undefined does not look at the time. */
  readonly window: number | undefined;
  readonly hmacSha256: HmacSha256;
}

/**
 * Judges the trailer of a received message, in keepalived's order.
 * @param payload the VRRP message and what follows it
 * @param messageLength bytes of the message itself
 * @param arrival `seconds`: our clock, UTC; `last`: sequence of the last accepted message of this sender, if any
 * @returns the outcome, and the sequence to remember when it is `accepted`
 */
export function judgeHmac(
  payload: Uint8Array,
  messageLength: number,
  arrival: { readonly source: IpInput; readonly seconds: number; readonly last: bigint | undefined },
  policy: HmacPolicy,
): { readonly outcome: HmacOutcome; readonly sequence: bigint | undefined } {
  if (payload.length === messageLength) return { outcome: 'missing', sequence: undefined };
  const trailer = decodeHmacTrailer(payload.subarray(messageLength));
  if (!trailer || payload.length !== messageLength + HMAC_TRAILER_LENGTH || !isWellFormed(trailer)) {
    return { outcome: 'malformed', sequence: undefined };
  }
  if (policy.window !== undefined && Math.abs(arrival.seconds - trailer.seconds) > policy.window) {
    return { outcome: 'stale', sequence: undefined };
  }
  const key = policy.keys.get(trailer.keyId);
  if (!key) return { outcome: 'unknown_key', sequence: undefined };
  const message = payload.subarray(0, messageLength);
  const input = authenticatedBytes(message, payload.subarray(messageLength), ipBytes(arrival.source));
  if (!sameHash(trailer.hash, policy.hmacSha256(key, input))) return { outcome: 'invalid_hmac', sequence: undefined };
  const sequence = hmacSequence(trailer);
  if (arrival.last !== undefined && !isNewer(sequence, arrival.last)) return { outcome: 'replay', sequence: undefined };
  return { outcome: 'accepted', sequence };
}

/** Seconds, fraction and counter as one 64-bit number. */
export function hmacSequence({ seconds, fraction, counter }: HmacTime): bigint {
  return (BigInt(seconds) << 32n) | (BigInt(fraction) << 16n) | BigInt(counter);
}

/** RFC 1982 §3.2 over 64 bits. */
function isNewer(sequence: bigint, last: bigint): boolean {
  const ahead = BigInt.asUintN(SEQUENCE_SPACE_BITS, sequence - last);
  return ahead !== 0n && ahead < SEQUENCE_HALF;
}

/** Pseudo header, message with its checksum as zero, trailer with its hash as zero. */
function authenticatedBytes(message: Uint8Array, trailer: Uint8Array, source: Uint8Array): Uint8Array {
  if (message.length < HEADER_LENGTH) throw new RangeError(`a VRRP message has 8 bytes or more, got ${message.length}`);
  const bytes = new Uint8Array(PSEUDO_HEADER_LENGTH + message.length + HMAC_TRAILER_LENGTH);
  bytes[0] = source.length === 4 ? 4 : 6;
  bytes[1] = (message[VERSION_TYPE_OFFSET] ?? 0) >> 4;
  bytes[2] = message[VRID_OFFSET] ?? 0;
  copyBytes(bytes, 4, source);
  bytes.set(message, PSEUDO_HEADER_LENGTH);
  writeUint16(bytes, PSEUDO_HEADER_LENGTH + CHECKSUM_OFFSET, 0);
  bytes.set(trailer.subarray(0, HASH_OFFSET), PSEUDO_HEADER_LENGTH + message.length);
  return bytes;
}

/** Looks at all 16 bytes whatever they hold. */
function sameHash(received: Uint8Array, computed: Uint8Array): boolean {
  let difference = 0;
  for (let i = 0; i < HASH_LENGTH; i += 1) difference |= (received[i] ?? 0) ^ (computed[i] ?? 0);
  return difference === 0;
}
