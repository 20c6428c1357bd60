// The numbers of VRRP as the RFCs and IANA name them: protocol, groups, versions, types, limits, virtual MAC prefixes.
// RFC 9568 §5 and §7.3, RFC 3768 §5, RFC 2338 §5.3.6. Byte positions are in fields.ts.

/** IP protocol number of VRRP (RFC 9568 §5.1.1.4). */
export const VRRP_PROTOCOL = 112;
/** IP protocol number of the Authentication Header (RFC 4302). */
export const AH_PROTOCOL = 51;
/** IPv4 group of all VRRP routers (RFC 9568 §5.1.1.2). */
export const VRRP_GROUP_IPV4 = '224.0.0.18';
/** IPv6 group of all VRRP routers (RFC 9568 §5.1.2.2). */
export const VRRP_GROUP_IPV6 = 'ff02::12';
/** TTL or hop limit every multicast advertisement carries (RFC 9568 §5.1.1.3, §5.1.2.3). */
export const VRRP_TTL = 255;

/** The only packet type there is (RFC 9568 §5.2.2). */
export const TYPE_ADVERTISEMENT = 1;

/** Lowest and highest virtual router identifier (RFC 9568 §5.2.3). */
export const VRID_MIN = 1;
export const VRID_MAX = 255;
/** The count field is one byte. */
export const ADDRESS_COUNT_MAX = 255;
/** Largest version 2 interval, seconds (one byte). */
export const ADVERTISE_INTERVAL_V2_MAX = 255;
/** Largest version 3 interval, centiseconds (12 bits, RFC 9568 §5.2.7). */
export const ADVERTISE_INTERVAL_V3_MAX = 4095;

/** Version 2 authentication types (RFC 2338 §5.3.6; RFC 3768 keeps 1 and 2 as reserved). */
export const AUTH_NONE = 0;
export const AUTH_SIMPLE_PASSWORD = 1;
export const AUTH_IP_AH = 2;
/** The version 2 message always ends in this many bytes of authentication data (RFC 3768 §5.3.10). */
export const AUTH_DATA_LENGTH = 8;

/** Payload of the smallest Ethernet frame: shorter datagrams arrive padded to it (IEEE 802.3 §3.2.8). */
export const ETHERNET_PAYLOAD_MIN = 46;

/** First five bytes of a virtual router's MAC address; the sixth is the VRID (RFC 9568 §7.3). */
const VIRTUAL_MAC_PREFIX_IPV4 = [0x00, 0x00, 0x5e, 0x00, 0x01] as const;
const VIRTUAL_MAC_PREFIX_IPV6 = [0x00, 0x00, 0x5e, 0x00, 0x02] as const;

/**
 * The virtual router MAC address: 00-00-5E-00-01-{VRID} for IPv4, 00-00-5E-00-02-{VRID} for IPv6 (RFC 9568 §7.3).
 * @throws RangeError when `vrid` is not 1..255.
 */
export function virtualMac(vrid: number, family: 4 | 6): Uint8Array {
  if (!Number.isInteger(vrid) || vrid < VRID_MIN || vrid > VRID_MAX) {
    throw new RangeError(`vrid must be ${VRID_MIN}..${VRID_MAX}, got ${vrid}`);
  }
  return Uint8Array.of(...(family === 4 ? VIRTUAL_MAC_PREFIX_IPV4 : VIRTUAL_MAC_PREFIX_IPV6), vrid);
}
