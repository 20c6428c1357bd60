// @vrrp/wire: bytes <-> meaning for VRRP versions 2 and 3, their checksums and authentication, the IPv4 header around a
// message and the announcements a Master emits. Pure: no node modules, runs in a browser. Addresses alone: '@vrrp/wire/ip'.
export type {
  Advertisement,
  AdvertisementV2,
  AdvertisementV3,
  DecodeResult,
  EncodableAdvertisement,
  EncodeContext,
  PacketContext,
} from './advertisement.js';
export { advertisementLength, messageLength } from './advertisement.js';
export { decodeGratuitousArp, encodeGratuitousArp } from './announce/gratuitous-arp.js';
export type { GratuitousArp } from './announce/gratuitous-arp.js';
export { decodeNeighborAdvertisement, encodeNeighborAdvertisement } from './announce/neighbor-advertisement.js';
export type { NeighborAdvertisement } from './announce/neighbor-advertisement.js';
export * as AdvertisementView from './advertisement-view.js';
export type { LengthVerdict } from './advertisement-view.js';
export { encodePassword, isPasswordTruncated, samePassword } from './auth/simple-password.js';
export type { ChecksumForm, ChecksumMode } from './checksum.js';
export * from './constants.js';
export { decodeAdvertisement } from './decode.js';
export { encodeAdvertisement, encodeAdvertisementInto } from './encode.js';
export { formatAdvertisement, formatIssue } from './format.js';
export type { IpInput, MacInput } from './ip.js';
export {
  compareIp,
  compareIpBytes,
  formatIp,
  formatMac,
  ipBytes,
  ipBytesFamily,
  ipFamily,
  isMulticastIp,
  isMulticastText,
  macBytes,
  normalizeIp,
  parseIp,
  parseMac,
} from './ip.js';
export { decodeIpv4Datagram, encodeIpv4Header, IPV4_HEADER_LENGTH } from './ipv4.js';
export type { Ipv4Datagram, Ipv4HeaderFields } from './ipv4.js';
export { decodeIpv6Datagram, IPV6_HEADER_LENGTH } from './ipv6.js';
export type { Ipv6Datagram } from './ipv6.js';
export type { Decoded, DecodeIssue, IssueBody, IssuePosition } from './issue.js';
