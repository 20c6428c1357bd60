// The byte order of this host: netlink messages, socket options and socket addresses are C structures in it.
// What travels on the wire is big-endian and does not use this.

export const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
