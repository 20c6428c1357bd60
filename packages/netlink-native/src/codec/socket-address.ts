// The socket addresses of C as bytes: sockaddr_in (ip(7)), sockaddr_in6 (ipv6(7)), sockaddr_ll (packet(7)),
// sockaddr_nl (netlink(7)), sockaddr_un (unix(7)), group_req around the first two, and ip_mreqn. The family numbers are Linux's.
import { HOST_LITTLE_ENDIAN, viewOf } from './byte-order.js';

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
const AF_PACKET = 17;

/** Longest path of a unix socket: struct sockaddr_un holds 108 bytes, one of them the final NUL. */
export const UNIX_PATH_MAX = 107;

/** Room enough for every address here but that of a unix socket. */
export const SOCKET_ADDRESS_BYTES = 32;

/** 4 or 16 bytes; raw sockets have no port. `scopeId` is the link of an IPv6 link-local address. */
export function encodeInetAddress(ip: Uint8Array, scopeId = 0): Uint8Array {
  if (ip.length === 4) {
    // sockaddr_in: family, port, address, 8 bytes of padding
    const bytes = new Uint8Array(16);
    viewOf(bytes).setUint16(0, AF_INET, HOST_LITTLE_ENDIAN);
    bytes.set(ip, 4);
    return bytes;
  }
  if (ip.length !== 16) throw new RangeError('an IP address has 4 or 16 bytes');
  // sockaddr_in6: family, port, flow information, address, scope id
  const bytes = new Uint8Array(28);
  const view = viewOf(bytes);
  view.setUint16(0, AF_INET6, HOST_LITTLE_ENDIAN);
  bytes.set(ip, 8);
  view.setUint32(24, scopeId, HOST_LITTLE_ENDIAN);
  return bytes;
}

/** sockaddr_ll without a protocol: a packet socket bound to it sends on the link and receives nothing. */
export function encodeLinkAddress(linkIndex: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = viewOf(bytes);
  view.setUint16(0, AF_PACKET, HOST_LITTLE_ENDIAN);
  view.setInt32(4, linkIndex, HOST_LITTLE_ENDIAN);
  return bytes;
}

/** sockaddr_nl; port 0 is the kernel as a destination, and "any" when bound to. */
export function encodeNetlinkAddress(port = 0): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = viewOf(bytes);
  view.setUint16(0, AF_NETLINK, HOST_LITTLE_ENDIAN);
  view.setUint32(4, port, HOST_LITTLE_ENDIAN);
  return bytes;
}

/** sockaddr_un; a leading '@' stands for the NUL of the abstract namespace. @throws RangeError when it is too long or empty. */
export function encodeUnixAddress(path: string): Uint8Array {
  const name = new TextEncoder().encode(path);
  if (name.length === 0 || name.length > UNIX_PATH_MAX) {
    throw new RangeError(`a unix socket path has 1..${UNIX_PATH_MAX} bytes, got ${name.length}`);
  }
  const abstract = path.startsWith('@');
  if (abstract) name[0] = 0;
  // The length of an abstract name is exact; that of a path includes its NUL.
  const bytes = new Uint8Array(2 + name.length + (abstract ? 0 : 1));
  viewOf(bytes).setUint16(0, AF_UNIX, HOST_LITTLE_ENDIAN);
  bytes.set(name, 2);
  return bytes;
}

/** struct group_req of a 64-bit system: the link, padding to the alignment of sockaddr_storage, the group in 128 bytes. */
export function encodeGroupRequest(linkIndex: number, group: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 128);
  viewOf(bytes).setUint32(0, linkIndex, HOST_LITTLE_ENDIAN);
  bytes.set(encodeInetAddress(group), 8);
  return bytes;
}

/** struct ip_mreqn with nothing but the link: group and local address stay empty. */
export function encodeMulticastLink(linkIndex: number): Uint8Array {
  const bytes = new Uint8Array(12);
  viewOf(bytes).setInt32(8, linkIndex, HOST_LITTLE_ENDIAN);
  return bytes;
}
