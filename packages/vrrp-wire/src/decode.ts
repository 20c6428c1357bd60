// Bytes to meaning: one VRRP message, version 2 (RFC 3768 §5) or 3 (RFC 9568 §5), with the checks that need no local
// configuration. Total: any bytes give a value or an issue. TTL, VRID, interval and address list are judged elsewhere.
import * as view from './advertisement-view.js';
import type { Advertisement, AdvertisementV2, DecodeResult, EncodeContext } from './advertisement.js';
import { copyBytes } from './bytes.js';
import { decodeHmacTrailer, HMAC_TRAILER_LENGTH, isWellFormed } from './auth/hmac-trailer.js';
import type { HmacTrailer } from './auth/hmac-trailer.js';
import { AUTH_DATA_LENGTH, AUTH_IP_AH, AUTH_NONE, AUTH_SIMPLE_PASSWORD, TYPE_ADVERTISEMENT } from './constants.js';
import {
  AUTH_TYPE_OFFSET,
  CHECKSUM_OFFSET,
  COUNT_OFFSET,
  HEADER_LENGTH,
  INTERVAL_CENTISECONDS_OFFSET,
  INTERVAL_SECONDS_OFFSET,
  VERSION_TYPE_OFFSET,
  VRID_OFFSET,
} from './fields.js';
import { formatIpAt, ipBytes } from './ip.js';
import type { DecodeIssue } from './issue.js';

/**
 * Reads the VRRP message that an IP payload holds.
 * @param payload what follows the IP header
 * @param context the addresses of that header, and which checksum to ask of version 3 over IPv4
 * @throws TypeError when the context's addresses are none, or of different families; never because of the payload.
 */
export function decodeAdvertisement(payload: Uint8Array, context: EncodeContext): DecodeResult {
  const source = ipBytes(context.source);
  const destination = ipBytes(context.destination);
  if (source.length !== destination.length) throw new TypeError('source and destination differ in family');
  const family = source.length === 4 ? 4 : 6;

  const issue = structureIssue(payload, family);
  if (issue) return { ok: false, issue };
  const value = readFields(payload, family);
  const form = view.checksumForm(payload, source, destination, context.checksum);
  if (!form) {
    const expected = view.expectedChecksum(payload, source, destination, context.checksum);
    return { ok: false, issue: checksumIssue(payload, expected), value };
  }
  const length = view.expectedLength(payload, family);
  const trailer = hmacTrailer(payload, length);
  const remarks = remarksOn(trailer ? payload.subarray(0, length) : payload, length);
  const result: DecodeResult = { ok: true, value, length, checksum: form, remarks };
  return trailer ? { ...result, trailer } : result;
}

/** keepalived's authentication extension behind the message, when that is what is there. Its hash is not judged here. */
function hmacTrailer(bytes: Uint8Array, messageLength: number): HmacTrailer | undefined {
  if (bytes.length !== messageLength + HMAC_TRAILER_LENGTH) return undefined;
  const trailer = decodeHmacTrailer(bytes);
  return trailer && isWellFormed(trailer) ? trailer : undefined;
}

/** The first thing that keeps the fields from being read, in the order of the bytes. */
function structureIssue(bytes: Uint8Array, family: 4 | 6): DecodeIssue | undefined {
  const received = bytes.length;
  if (received < HEADER_LENGTH) {
    return { kind: 'truncated', ...behind(bytes), section: 'RFC 9568 §5.2', expected: HEADER_LENGTH, received };
  }
  const version = view.version(bytes);
  const first = { offset: VERSION_TYPE_OFFSET, length: 1 };
  if (version !== 2 && version !== 3) {
    return { kind: 'unsupported-version', ...first, section: 'RFC 9568 §5.2.1', version };
  }
  const type = view.type(bytes);
  if (type !== TYPE_ADVERTISEMENT) return { kind: 'unsupported-type', ...first, section: 'RFC 9568 §5.2.2', type };
  if (version === 2 && family === 6) {
    return { kind: 'version-family', ...first, section: 'RFC 3768 §5.1', version, family };
  }
  if (view.vrid(bytes) === 0) return { kind: 'vrid-zero', offset: VRID_OFFSET, length: 1, section: 'RFC 9568 §5.2.3' };
  const authType = view.authType(bytes);
  if (version === 2 && !isAuthType(authType)) {
    return { kind: 'unknown-auth-type', offset: AUTH_TYPE_OFFSET, length: 1, section: 'RFC 3768 §5.3.6', authType };
  }
  return lengthIssue(bytes, family);
}

function lengthIssue(bytes: Uint8Array, family: 4 | 6): DecodeIssue | undefined {
  const verdict = view.lengthVerdict(bytes, family);
  const expected = view.expectedLength(bytes, family);
  const section = view.version(bytes) === 2 ? 'RFC 3768 §7.1' : 'RFC 9568 §7.1';
  const received = bytes.length;
  if (verdict === 'short') return { kind: 'truncated', ...behind(bytes), section, expected, received };
  if (verdict !== 'long' || hmacTrailer(bytes, expected)) return undefined;
  return { kind: 'trailing-bytes', offset: expected, length: received - expected, section, expected, received };
}

function checksumIssue(bytes: Uint8Array, expected: number): DecodeIssue {
  const section = view.version(bytes) === 2 ? 'RFC 3768 §5.3.8' : 'RFC 9568 §5.2.8';
  const received = view.checksum(bytes);
  return { kind: 'bad-checksum', offset: CHECKSUM_OFFSET, length: 2, section, received, expected };
}

/** What is odd about a message that is nevertheless accepted. */
function remarksOn(bytes: Uint8Array, expected: number): readonly DecodeIssue[] {
  const remarks: DecodeIssue[] = [];
  const version2 = view.version(bytes) === 2;
  if (view.count(bytes) === 0) {
    const section = version2 ? 'RFC 3768 §5.3.5' : 'RFC 9568 §5.2.5';
    remarks.push({ kind: 'no-addresses', offset: COUNT_OFFSET, length: 1, section });
  }
  if (!version2 && view.reservedBits(bytes) !== 0) {
    const place = { offset: INTERVAL_CENTISECONDS_OFFSET, length: 1, section: 'RFC 9568 §5.2.6' };
    remarks.push({ kind: 'reserved-bits', ...place, value: view.reservedBits(bytes) });
  }
  if (version2 && view.intervalSeconds(bytes) === 0) {
    remarks.push({ kind: 'interval-zero', offset: INTERVAL_SECONDS_OFFSET, length: 1, section: 'RFC 3768 §5.3.7' });
  }
  if (!version2 && view.intervalCentiseconds(bytes) === 0) {
    const place = { offset: INTERVAL_CENTISECONDS_OFFSET, length: 2, section: 'RFC 9568 §5.2.7' };
    remarks.push({ kind: 'interval-zero', ...place });
  }
  const received = bytes.length;
  if (received > expected) {
    const place = { offset: expected, length: received - expected, section: 'IEEE 802.3 §3.2.8' };
    remarks.push({ kind: 'padding', ...place, expected, received });
  }
  return remarks;
}

function readFields(bytes: Uint8Array, family: 4 | 6): Advertisement {
  // Field by field: copying a part that both versions share costs more than reading it.
  const vrid = view.vrid(bytes);
  const priority = view.priority(bytes);
  const addresses: string[] = [];
  for (let i = 0; i < view.count(bytes); i += 1) {
    addresses.push(formatIpAt(bytes, view.addressOffset(i, family), family));
  }
  if (view.version(bytes) === 3) {
    return { version: 3, family, vrid, priority, maxAdvertiseInterval: view.intervalCentiseconds(bytes), addresses };
  }
  const authType = view.authType(bytes);
  const value: { -readonly [Field in keyof AdvertisementV2]: AdvertisementV2[Field] } = {
    version: 2,
    family: 4,
    vrid,
    priority,
    advertiseInterval: view.intervalSeconds(bytes),
    authType: isAuthType(authType) ? authType : AUTH_NONE,
    addresses,
  };
  const authData = readAuthData(bytes);
  if (authType === AUTH_SIMPLE_PASSWORD || authData.some((byte) => byte !== 0)) value.authData = authData;
  return value;
}

function readAuthData(bytes: Uint8Array): Uint8Array {
  const start = view.authDataOffset(bytes);
  const data = new Uint8Array(AUTH_DATA_LENGTH);
  copyBytes(data, 0, bytes.subarray(start, start + AUTH_DATA_LENGTH));
  return data;
}

function isAuthType(value: number): value is 0 | 1 | 2 {
  return value === AUTH_NONE || value === AUTH_SIMPLE_PASSWORD || value === AUTH_IP_AH;
}

function behind(bytes: Uint8Array): { readonly offset: number; readonly length: number } {
  return { offset: bytes.length, length: 0 };
}
