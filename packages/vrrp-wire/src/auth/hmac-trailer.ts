// keepalived 2.4's authentication extension (auth_hmac): the 28 bytes behind the VRRP message, read and not judged.
//
//   0               1               2               3
//  +---------------+---------------+-------------------------------+
//  |    Type 1     |    Key id     |           Reserved            |
//  +---------------+---------------+-------------------------------+
//  |                  Seconds since 1970, UTC                      |
//  +-------------------------------+-------------------------------+
//  |      1/65536 of a second      |            Counter            |
//  +-------------------------------+-------------------------------+
//  |        First half of HMAC-SHA256 under the key, 16 bytes      |
//  +---------------------------------------------------------------+
import { readUint16, readUint32 } from '../bytes.js';

export const HMAC_TRAILER_LENGTH = 28;

export const TYPE_HMAC_SHA256_128 = 1;
export const KEY_ID_OFFSET = 1;
export const RESERVED_OFFSET = 2;
export const SECONDS_OFFSET = 4;
export const FRACTION_OFFSET = 8;
export const COUNTER_OFFSET = 10;
export const HASH_OFFSET = 12;

/** When a message was signed: a 64-bit sequence that must grow. */
export interface HmacTime {
  /** Whole seconds since 1970 UTC, 0..2^32-1. */
  readonly seconds: number;
  /** 1/65536 of a second, 0..65535. */
  readonly fraction: number;
  /** Tells messages of one instant apart, 0..65535. */
  readonly counter: number;
}

export interface HmacTrailer extends HmacTime {
  readonly type: number;
  readonly keyId: number;
  /** Must be 0. */
  readonly reserved: number;
  /** A view of the 16 bytes. */
  readonly hash: Uint8Array;
}

/** The last 28 bytes of a payload as a trailer, whatever they hold; undefined when there are fewer. */
export function decodeHmacTrailer(payload: Uint8Array): HmacTrailer | undefined {
  const start = payload.length - HMAC_TRAILER_LENGTH;
  if (start < 0) return undefined;
  return {
    type: payload[start] ?? 0,
    keyId: payload[start + KEY_ID_OFFSET] ?? 0,
    reserved: readUint16(payload, start + RESERVED_OFFSET),
    seconds: readUint32(payload, start + SECONDS_OFFSET),
    fraction: readUint16(payload, start + FRACTION_OFFSET),
    counter: readUint16(payload, start + COUNTER_OFFSET),
    hash: payload.subarray(start + HASH_OFFSET),
  };
}

/** Type and reserved bits are as this version of the extension has them. */
export function isWellFormed(trailer: HmacTrailer): boolean {
  return trailer.type === TYPE_HMAC_SHA256_128 && trailer.reserved === 0;
}
