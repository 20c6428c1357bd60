// The Ethernet II header (IEEE 802.3 §3.1.1): destination, source, type. VLAN tags are the capture reader's business.
import { copyBytes, writeUint16 } from './bytes.js';

export const ETHERNET_HEADER_LENGTH = 14;
export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;

export const ETHERNET_SOURCE_OFFSET = 6;
export const ETHERTYPE_OFFSET = 12;

/** Writes the 14 header bytes at the start of `frame`. */
export function writeEthernetHeader(
  frame: Uint8Array,
  header: { readonly destination: Uint8Array; readonly source: Uint8Array; readonly type: number },
): void {
  copyBytes(frame, 0, header.destination);
  copyBytes(frame, ETHERNET_SOURCE_OFFSET, header.source);
  writeUint16(frame, ETHERTYPE_OFFSET, header.type);
}
