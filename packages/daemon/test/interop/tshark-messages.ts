// The datagrams that tshark.test.ts lets tshark and `vrrpd decode` read: every version, family, authentication, checksum
// form and oddity, each with a name. Where a packet is wrong it is wrong on purpose. Link layers are tshark-captures.ts.
import { createHmac } from 'node:crypto';
import { encodeAdvertisement, encodeIpv4Header, encodePassword, ipBytes, VRRP_PROTOCOL } from '@vrrp/wire';
import type { Advertisement, ChecksumMode } from '@vrrp/wire';
import { AH_LENGTH, encodeHmacTrailer, signDatagram } from '@vrrp/wire/auth';

export interface Datagram {
  readonly title: string;
  readonly family: 4 | 6;
  readonly bytes: Uint8Array;
}

/** How a datagram differs from the usual one: multicast, without extras, nothing damaged. */
interface Variation {
  readonly destination?: string;
  readonly checksum?: ChecksumMode;
  readonly ttl?: number;
  /** A datagram whose pseudo header carries this address instead of its destination. */
  readonly checksumDestination?: string;
  readonly ah?: { readonly sequence: number };
  readonly hmac?: true;
  /** IPv4 options or IPv6 extension headers in front of the payload; multiples of 4 and 8 bytes. */
  readonly options?: Uint8Array;
  /** Byte of the message to invert a bit of, after its checksum was made. */
  readonly damage?: number;
  /** Bits to set in a byte of the message, whose checksum is made good again by what its 16-bit word grew. */
  readonly patch?: readonly [offset: number, bits: number, growth: number];
}

const SOURCE = { 4: '192.0.2.1', 6: 'fe80::a00:27ff:fe4e:66a1' } as const;
const GROUP = { 4: '224.0.0.18', 6: 'ff02::12' } as const;
const PEER = { 4: '192.0.2.2', 6: '2001:db8::2' } as const;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const IPV4_CHECKSUM = 10;
const VRRP_CHECKSUM = 6;
const AH_PROTOCOL = 51;
const DESTINATION_OPTIONS = 60;
const KEY = encodePassword('Letmein1');
const MANY = 20;

const V2: Advertisement = {
  version: 2,
  family: 4,
  vrid: 52,
  priority: 90,
  advertiseInterval: 1,
  authType: 0,
  addresses: ['198.51.100.1', '198.51.100.2'],
};
const V3: Advertisement = {
  version: 3,
  family: 4,
  vrid: 51,
  priority: 100,
  maxAdvertiseInterval: 100,
  addresses: ['198.51.100.1'],
};
const V6: Advertisement = { ...V3, family: 6, vrid: 61, addresses: ['fe80::100', '2001:db8::1:0:0:1'] };
const PASSWORD = { authType: 1, authData: KEY } as const;

function list(prefix: string): readonly string[] {
  return Array.from({ length: MANY }, (_, index) => `${prefix}${index + 1}`);
}

/** RFC 791 §3.1: three times No Operation and End of Options. RFC 8200 §4.6: next header VRRP, one unit, PadN. */
const IPV4_OPTIONS = Uint8Array.of(1, 1, 1, 0);
/** One more word of header length in its first 16 bits, and the options themselves. */
const IPV4_OPTIONS_GROWTH = 0x0100 + 0x0101 + 0x0100;
const IPV6_OPTIONS = Uint8Array.of(VRRP_PROTOCOL, 0, 1, 4, 0, 0, 0, 0);

const CASES: readonly (readonly [title: string, value: Advertisement, variation?: Variation])[] = [
  ['version 2', V2],
  ['version 2, priority 0', { ...V2, priority: 0 }],
  ['version 2, the longest interval, owner', { ...V2, priority: 255, vrid: 255, advertiseInterval: 255 }],
  ['version 2, no address', { ...V2, addresses: [] }],
  ['version 2, 20 addresses', { ...V2, addresses: list('203.0.113.') }],
  ['version 2, unicast', V2, { destination: PEER[4], ttl: 64 }],
  ['version 2, simple password', { ...V2, ...PASSWORD }],
  [
    'version 2, short password, 20 addresses',
    { ...V2, ...PASSWORD, authData: encodePassword('x'), addresses: list('203.0.113.') },
  ],
  ['version 2, Authentication Header', { ...V2, authType: 2 }, { ah: { sequence: 1 } }],
  [
    'version 2, Authentication Header, unicast',
    { ...V2, authType: 2 },
    { ah: { sequence: 4_000_000_000 }, destination: PEER[4] },
  ],
  ['version 2, wrong checksum', V2, { damage: 2 }],
  ['version 2, IPv4 options', V2, { options: IPV4_OPTIONS }],
  ['version 2, HMAC trailer', V2, { hmac: true }],
  ['version 3', V3],
  ['version 3, priority 0', { ...V3, priority: 0 }],
  ['version 3, the longest interval', { ...V3, vrid: 1, maxAdvertiseInterval: 4095 }],
  ['version 3, the shortest interval', { ...V3, maxAdvertiseInterval: 1 }],
  ['version 3, no address', { ...V3, addresses: [] }],
  ['version 3, 20 addresses', { ...V3, addresses: list('203.0.113.') }],
  ['version 3, unicast', V3, { destination: PEER[4] }],
  ['version 3, checksum of the payload', V3, { checksum: 'payload-only' }],
  ['version 3, checksum of the payload, unicast', V3, { checksum: 'payload-only', destination: PEER[4] }],
  [
    'version 3, unicast with the group in the pseudo header',
    V3,
    { destination: PEER[4], checksumDestination: GROUP[4] },
  ],
  ['version 3, reserved bits', V3, { patch: [4, 0xa0, 0xa000] }],
  ['version 3, wrong checksum', V3, { damage: 3 }],
  ['version 3, HMAC trailer', V3, { hmac: true }],
  ['version 3, IPv6', V6],
  ['version 3, IPv6, unicast', V6, { destination: PEER[6], ttl: 64 }],
  ['version 3, IPv6, 20 addresses', { ...V6, addresses: list('2001:db8::') }],
  ['version 3, IPv6, no address', { ...V6, addresses: [] }],
  ['version 3, IPv6, extension header', V6, { options: IPV6_OPTIONS }],
  ['version 3, IPv6, wrong checksum', V6, { damage: 9 }],
  ['version 3, IPv6, HMAC trailer', V6, { hmac: true }],
];

export const DATAGRAMS: readonly Datagram[] = CASES.map(([title, value, variation = {}], index) => ({
  title,
  family: value.family,
  bytes: value.family === 4 ? ipv4(value, variation, index) : ipv6(value, variation),
}));

function message(value: Advertisement, variation: Variation): Uint8Array {
  const source = SOURCE[value.family];
  const destination = variation.checksumDestination ?? variation.destination ?? GROUP[value.family];
  const bytes = encodeAdvertisement(value, { source, destination, checksum: variation.checksum ?? 'auto' });
  if (variation.damage !== undefined) bytes[variation.damage] = (bytes[variation.damage] ?? 0) ^ 1;
  if (variation.patch !== undefined) {
    const [offset, bits, growth] = variation.patch;
    bytes[offset] = (bytes[offset] ?? 0) | bits;
    followGrowth(bytes, VRRP_CHECKSUM, growth);
  }
  if (variation.hmac === undefined) return bytes;
  const time = { seconds: 1_700_000_000, fraction: 1, counter: 1 };
  return joined(bytes, encodeHmacTrailer(bytes, { ...time, keyId: 7, key: KEY, source, hmacSha256 }));
}

/** RFC 1624 §3: a checksum falls, in one's complement, by what the words it covers have grown. */
function followGrowth(bytes: Uint8Array, checksumOffset: number, growth: number): void {
  const view = new DataView(bytes.buffer);
  const sum = (~view.getUint16(checksumOffset) & 0xffff) + growth;
  view.setUint16(checksumOffset, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
}

function ipv4(value: Advertisement, variation: Variation, identification: number): Uint8Array {
  const { ah, options = new Uint8Array() } = variation;
  const payload = joined(new Uint8Array(ah === undefined ? 0 : AH_LENGTH), message(value, variation));
  const header = new Uint8Array(IPV4_HEADER);
  encodeIpv4Header(header, 0, {
    source: SOURCE[4],
    destination: variation.destination ?? GROUP[4],
    ttl: variation.ttl ?? 255,
    tos: 0xc0,
    identification,
    payloadLength: options.length + payload.length,
    protocol: ah === undefined ? VRRP_PROTOCOL : AH_PROTOCOL,
  });
  const datagram = joined(header, options, payload);
  if (options.length > 0) {
    datagram[0] = 0x40 | ((IPV4_HEADER + options.length) / 4);
    followGrowth(datagram, IPV4_CHECKSUM, IPV4_OPTIONS_GROWTH);
  }
  if (ah === undefined) return datagram;
  signDatagram(datagram, ah.sequence, { key: KEY, hmacMd5, unicast: variation.destination !== undefined });
  return datagram;
}

function ipv6(value: Advertisement, variation: Variation): Uint8Array {
  const { options = new Uint8Array() } = variation;
  const payload = joined(options, message(value, variation));
  const nextHeader = options.length === 0 ? VRRP_PROTOCOL : DESTINATION_OPTIONS;
  const start = Uint8Array.of(0x6c, 0, 0, 0, payload.length >> 8, payload.length & 0xff, nextHeader);
  const hopLimit = Uint8Array.of(variation.ttl ?? 255);
  const destination = ipBytes(variation.destination ?? GROUP[6]);
  const datagram = joined(start, hopLimit, ipBytes(SOURCE[6]), destination, payload);
  if (datagram.length !== IPV6_HEADER + payload.length) throw new Error('an IPv6 header has 40 bytes');
  return datagram;
}

function hmacMd5(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac('md5', key).update(input).digest();
}

function hmacSha256(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(input).digest();
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
