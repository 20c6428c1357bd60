// The gratuitous ARP a Master broadcasts for each IPv4 address it takes over, as a whole Ethernet frame.
// RFC 9568 §6.4.1 (305) asks for it; the bytes are keepalived's: an ARP request (RFC 826) that asks for the sender's own
// address, with the target hardware address all ones.
//
//   Ethernet: ff:ff:ff:ff:ff:ff <- mac, 0x0806
//  +---------------+---------------+-------+-------+---------------+
//  |  hardware 1   | protocol 0800 |   6   |   4   |  operation 1  |
//  +---------------+---------------+-------+-------+---------------+
//  | sender mac, sender address    | target ff:.., target address  |   6 + 4 bytes each
//  +-------------------------------+-------------------------------+
import { copyBytes, readUint16, writeUint16 } from '../bytes.js';
import {
  ETHERNET_HEADER_LENGTH,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_OFFSET,
  writeEthernetHeader,
} from '../ethernet.js';
import { formatIp, formatMac, ipBytes, macBytes } from '../ip.js';
import type { IpInput, MacInput } from '../ip.js';
import type { Decoded, DecodeIssue } from '../issue.js';

const ARP_LENGTH = 28;
const FRAME_LENGTH = ETHERNET_HEADER_LENGTH + ARP_LENGTH;

// Offsets within the frame.
const HARDWARE_TYPE_OFFSET = ETHERNET_HEADER_LENGTH;
const PROTOCOL_TYPE_OFFSET = ETHERNET_HEADER_LENGTH + 2;
const LENGTHS_OFFSET = ETHERNET_HEADER_LENGTH + 4;
const OPERATION_OFFSET = ETHERNET_HEADER_LENGTH + 6;
const SENDER_MAC_OFFSET = ETHERNET_HEADER_LENGTH + 8;
const SENDER_ADDRESS_OFFSET = ETHERNET_HEADER_LENGTH + 14;
const TARGET_MAC_OFFSET = ETHERNET_HEADER_LENGTH + 18;
const TARGET_ADDRESS_OFFSET = ETHERNET_HEADER_LENGTH + 24;

const HARDWARE_ETHERNET = 1;
/** Hardware address length 6, protocol address length 4. */
const ADDRESS_LENGTHS = 0x0604;
const OPERATION_REQUEST = 1;
const OPERATION_REPLY = 2;
const BROADCAST_MAC = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

export interface GratuitousArp {
  /** Who says it holds the address: the sender hardware address, lower-case colon form. */
  readonly mac: string;
  readonly address: string;
  /** keepalived sends requests; others announce with replies. */
  readonly operation: 'request' | 'reply';
}

/**
 * The 42 bytes of the frame; the driver pads it.
 * @throws TypeError when `mac` is no MAC address or `address` no IPv4 address.
 */
export function encodeGratuitousArp(announcement: { readonly mac: MacInput; readonly address: IpInput }): Uint8Array {
  const mac = macBytes(announcement.mac);
  const address = ipBytes(announcement.address);
  if (address.length !== 4) throw new TypeError(`not an IPv4 address: ${String(announcement.address)}`);
  const frame = new Uint8Array(FRAME_LENGTH);
  writeEthernetHeader(frame, { destination: BROADCAST_MAC, source: mac, type: ETHERTYPE_ARP });
  writeUint16(frame, HARDWARE_TYPE_OFFSET, HARDWARE_ETHERNET);
  writeUint16(frame, PROTOCOL_TYPE_OFFSET, ETHERTYPE_IPV4);
  writeUint16(frame, LENGTHS_OFFSET, ADDRESS_LENGTHS);
  writeUint16(frame, OPERATION_OFFSET, OPERATION_REQUEST);
  copyBytes(frame, SENDER_MAC_OFFSET, mac);
  copyBytes(frame, SENDER_ADDRESS_OFFSET, address);
  copyBytes(frame, TARGET_MAC_OFFSET, BROADCAST_MAC);
  copyBytes(frame, TARGET_ADDRESS_OFFSET, address);
  return frame;
}

/** Reads a frame that announces an address by ARP, padding allowed. Never throws. */
export function decodeGratuitousArp(frame: Uint8Array): Decoded<GratuitousArp> {
  const issue = arpIssue(frame);
  if (issue) return { ok: false, issue };
  return {
    ok: true,
    value: {
      mac: formatMac(frame.subarray(SENDER_MAC_OFFSET, SENDER_MAC_OFFSET + 6)),
      address: formatIp(frame.subarray(SENDER_ADDRESS_OFFSET, SENDER_ADDRESS_OFFSET + 4)),
      operation: readUint16(frame, OPERATION_OFFSET) === OPERATION_REQUEST ? 'request' : 'reply',
    },
  };
}

function arpIssue(frame: Uint8Array): DecodeIssue | undefined {
  const section = 'RFC 826';
  if (frame.length < FRAME_LENGTH) {
    const counts = { expected: FRAME_LENGTH, received: frame.length };
    return { kind: 'truncated', offset: frame.length, length: 0, section, ...counts };
  }
  const fixed: readonly (readonly [field: string, offset: number, expected: number])[] = [
    ['Ethernet type', ETHERTYPE_OFFSET, ETHERTYPE_ARP],
    ['ARP hardware type', HARDWARE_TYPE_OFFSET, HARDWARE_ETHERNET],
    ['ARP protocol type', PROTOCOL_TYPE_OFFSET, ETHERTYPE_IPV4],
    ['ARP address lengths', LENGTHS_OFFSET, ADDRESS_LENGTHS],
  ];
  for (const [field, offset, expected] of fixed) {
    const received = readUint16(frame, offset);
    if (received !== expected)
      return { kind: 'unexpected-value', offset, length: 2, section, field, expected, received };
  }
  const operation = readUint16(frame, OPERATION_OFFSET);
  if (operation !== OPERATION_REQUEST && operation !== OPERATION_REPLY) {
    const counts = { expected: OPERATION_REQUEST, received: operation };
    return {
      kind: 'unexpected-value',
      offset: OPERATION_OFFSET,
      length: 2,
      section,
      field: 'ARP operation',
      ...counts,
    };
  }
  const sender = formatIp(frame.subarray(SENDER_ADDRESS_OFFSET, SENDER_ADDRESS_OFFSET + 4));
  const target = formatIp(frame.subarray(TARGET_ADDRESS_OFFSET, TARGET_ADDRESS_OFFSET + 4));
  if (sender === target) return undefined;
  return { kind: 'not-gratuitous', offset: TARGET_ADDRESS_OFFSET, length: 4, section: 'RFC 5227 §1.1', sender, target };
}
