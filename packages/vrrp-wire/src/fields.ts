// Where each field of a VRRP message lies, under the header art of each version. Offsets only: no reading, no rules.
//
// Version 2, RFC 3768 §5.1 (always IPv4)             Version 3, RFC 9568 §5.2 (IPv4 and IPv6)
//
//   0               1               2               3
//   0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
//  +-------+-------+---------------+---------------+---------------+
//  |Version| Type  |     VRID      |   Priority    | Address count |   both
//  +-------+-------+---------------+---------------+---------------+
//  |   Auth type   | Interval (s)  |           Checksum            |   version 2
//  +---------------+---------------+-------------------------------+
//  | Rsvd  |  Max interval (cs)    |           Checksum            |   version 3
//  +-------+-----------------------+-------------------------------+
//  |          Addresses, count times 4 or 16 bytes                 |   both
//  +---------------------------------------------------------------+
//  |          Authentication data, 8 bytes                         |   version 2
//  +---------------------------------------------------------------+

export const VERSION_TYPE_OFFSET = 0;
export const VRID_OFFSET = 1;
export const PRIORITY_OFFSET = 2;
export const COUNT_OFFSET = 3;
/** Version 2. */
export const AUTH_TYPE_OFFSET = 4;
/** Version 2, seconds. */
export const INTERVAL_SECONDS_OFFSET = 5;
/** Version 3: 4 reserved bits, then 12 bits of centiseconds. */
export const INTERVAL_CENTISECONDS_OFFSET = 4;
export const CHECKSUM_OFFSET = 6;
export const ADDRESSES_OFFSET = 8;

export const HEADER_LENGTH = 8;
export const IPV4_ADDRESS_LENGTH = 4;
export const IPV6_ADDRESS_LENGTH = 16;

/** Bytes of one address: 4 or 16. */
export function addressLength(family: 4 | 6): number {
  return family === 4 ? IPV4_ADDRESS_LENGTH : IPV6_ADDRESS_LENGTH;
}
