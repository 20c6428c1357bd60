// Values of rtnetlink's attributes that several kinds share: addresses, prefixes, families, names of links; and what they may be.
import { formatIp, parseIp } from '@vrrp/wire/ip';

import { textValue } from '../codec/attribute.js';

export type Family = 4 | 6;

const AF_INET = 2;
const AF_INET6 = 10;
const LINK_NAME_BYTES_MAX = 15;

export function addressFamily(family: Family): number {
  return family === 4 ? AF_INET : AF_INET6;
}

/** Undefined for families that are neither. */
export function familyOf(number: number | undefined): Family | undefined {
  return number === AF_INET ? 4 : number === AF_INET6 ? 6 : undefined;
}

/** @throws RangeError when it is no address of the family */
export function ipValue(text: string, family: Family): Uint8Array {
  const bytes = parseIp(text);
  if (bytes?.length !== ipBytes(family)) throw new RangeError(`not an IPv${family} address: ${text}`);
  return bytes;
}

/** Undefined when it is not there, or has not the length of the family. */
export function readIp(value: Uint8Array | undefined, family: Family): string | undefined {
  return value?.length === ipBytes(family) ? formatIp(value) : undefined;
}

/** @throws RangeError */
export function assertPrefixLength(address: string, prefixLength: number, family: Family): void {
  const bits = ipBytes(family) * 8;
  if (Number.isInteger(prefixLength) && prefixLength >= 0 && prefixLength <= bits) return;
  throw new RangeError(`${address}/${prefixLength}: the prefix length is 0 to ${bits}`);
}

/** A whole number from 0 to `max`. @throws RangeError */
export function checked(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw new RangeError(`${name} is a whole number from 0 to ${max}, got ${value}`);
}

/** @throws RangeError when it does not fit the kernel's field for names */
export function linkName(name: string): Uint8Array {
  const value = textValue(name);
  if (value.length - 1 <= LINK_NAME_BYTES_MAX) return value;
  throw new RangeError(`link ${name}: a name has at most ${LINK_NAME_BYTES_MAX} bytes`);
}

export function unspecified(family: Family): string {
  return family === 4 ? '0.0.0.0' : '::';
}

function ipBytes(family: Family): number {
  return family === 4 ? 4 : 16;
}
