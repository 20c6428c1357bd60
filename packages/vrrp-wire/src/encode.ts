// Meaning to bytes: one VRRP message, version 2 (RFC 3768 §5) or 3 (RFC 9568 §5), checksum included. The IP header in
// front is ipv4.ts; for IPv6 the kernel writes it. Values out of range are the caller's mistake and throw.
import { advertisementLength } from './advertisement.js';
import type { Advertisement, EncodableAdvertisement, EncodeContext, PacketContext } from './advertisement.js';
import { copyBytes, requireRange, requireRoom, writeUint16 } from './bytes.js';
import { addWords, checksumOf, pseudoHeaderSum } from './checksum.js';
import {
  ADDRESS_COUNT_MAX,
  ADVERTISE_INTERVAL_V2_MAX,
  ADVERTISE_INTERVAL_V3_MAX,
  AUTH_DATA_LENGTH,
  TYPE_ADVERTISEMENT,
  VRID_MIN,
  VRRP_PROTOCOL,
} from './constants.js';
import {
  ADDRESSES_OFFSET,
  addressLength,
  AUTH_TYPE_OFFSET,
  CHECKSUM_OFFSET,
  COUNT_OFFSET,
  INTERVAL_CENTISECONDS_OFFSET,
  INTERVAL_SECONDS_OFFSET,
  PRIORITY_OFFSET,
  VERSION_TYPE_OFFSET,
  VRID_OFFSET,
} from './fields.js';
import { ipBytes } from './ip.js';
import type { IpInput } from './ip.js';

/**
 * The bytes of one message.
 * @throws RangeError when a number does not fit its field; TypeError for an address that is none or of another family.
 */
export function encodeAdvertisement(value: Advertisement, context: PacketContext): Uint8Array {
  const bytes = new Uint8Array(advertisementLength(value));
  encodeAdvertisementInto(bytes, 0, value, context);
  return bytes;
}

/**
 * Writes one message at `offset` and returns how many bytes it took. Allocates nothing when the addresses in `value` and
 * `context` are given as bytes. `checksum: 'auto'` writes the standard form.
 * @throws RangeError when `target` is too small or a number does not fit its field; TypeError for an address that is none
 *   or of another family. `target` may then hold a part of the message.
 */
export function encodeAdvertisementInto(
  target: Uint8Array,
  offset: number,
  value: EncodableAdvertisement,
  context: EncodeContext,
): number {
  const length = advertisementLength(value);
  requireRoom(target, offset, length);
  const count = value.addresses.length;
  requireRange('vrid', value.vrid, VRID_MIN, 255);
  requireRange('priority', value.priority, 0, 255);
  requireRange('number of addresses', count, 0, ADDRESS_COUNT_MAX);
  target[offset + VERSION_TYPE_OFFSET] = (value.version << 4) | TYPE_ADVERTISEMENT;
  target[offset + VRID_OFFSET] = value.vrid;
  target[offset + PRIORITY_OFFSET] = value.priority;
  target[offset + COUNT_OFFSET] = count;

  const addressBytes = addressLength(value.family);
  let position = offset + ADDRESSES_OFFSET;
  for (let i = 0; i < count; i += 1) {
    const address = value.addresses[i];
    if (address !== undefined) copyBytes(target, position, bytesOf(address, value.family));
    position += addressBytes;
  }
  if (value.version === 2) writeVersion2Fields(target, offset, position, value);
  else {
    requireRange('maxAdvertiseInterval', value.maxAdvertiseInterval, 0, ADVERTISE_INTERVAL_V3_MAX);
    writeUint16(target, offset + INTERVAL_CENTISECONDS_OFFSET, value.maxAdvertiseInterval);
  }
  writeChecksum(target, offset, length, value, context);
  return length;
}

function writeVersion2Fields(
  target: Uint8Array,
  offset: number,
  authDataOffset: number,
  value: EncodableAdvertisement & { readonly version: 2 },
): void {
  requireRange('authType', value.authType, 0, 2);
  requireRange('advertiseInterval', value.advertiseInterval, 0, ADVERTISE_INTERVAL_V2_MAX);
  target[offset + AUTH_TYPE_OFFSET] = value.authType;
  target[offset + INTERVAL_SECONDS_OFFSET] = value.advertiseInterval;
  const authData = value.authData;
  if (authData !== undefined && authData.length !== AUTH_DATA_LENGTH) {
    throw new RangeError(`authData must have ${AUTH_DATA_LENGTH} bytes, got ${authData.length}`);
  }
  for (let i = 0; i < AUTH_DATA_LENGTH; i += 1) target[authDataOffset + i] = authData?.[i] ?? 0;
}

/** RFC 3768 §5.3.8: the whole message. RFC 9568 §5.2.8: the same after a pseudo header. */
function writeChecksum(
  target: Uint8Array,
  offset: number,
  length: number,
  value: EncodableAdvertisement,
  context: EncodeContext,
): void {
  writeUint16(target, offset + CHECKSUM_OFFSET, 0);
  let sum = addWords(0, target, offset, offset + length);
  const plain = value.version === 2 || (value.family === 4 && context.checksum === 'payload-only');
  if (!plain) {
    const source = bytesOf(context.source, value.family);
    const destination = bytesOf(context.destination, value.family);
    sum += pseudoHeaderSum(source, destination, VRRP_PROTOCOL, length);
  }
  writeUint16(target, offset + CHECKSUM_OFFSET, checksumOf(sum));
}

function bytesOf(address: IpInput, family: 4 | 6): Uint8Array {
  const bytes = ipBytes(address);
  if (bytes.length !== addressLength(family)) throw new TypeError(`not an IPv${family} address: ${String(address)}`);
  return bytes;
}
