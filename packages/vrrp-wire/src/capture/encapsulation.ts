// What may stand between a captured frame and the VRRP message: provider bridges, MPLS, PPPoE and SNAP below IP, GRE, IPIP,
// SIT and VXLAN above it. Finds where the inner frame or datagram starts, and says the name of what it cannot look into.
import { readUint16 } from '../bytes.js';
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from '../ethernet.js';

/** Encapsulations within each other that are looked into. */
export const ENCAPSULATIONS_MAX = 4;

export type Encapsulated =
  /** A datagram of this EtherType starts at `offset`. */
  | { readonly kind: 'network'; readonly name: string; readonly etherType: number; readonly offset: number }
  /** An Ethernet frame starts at `offset`. */
  | { readonly kind: 'ethernet'; readonly name: string; readonly offset: number }
  /** What is inside is not known, or cut off. */
  | { readonly kind: 'opaque'; readonly name: string };

const ETHERTYPE_PBB = 0x88e7;
const ETHERTYPES_MPLS: ReadonlySet<number> = new Set([0x8847, 0x8848]);
const ETHERTYPE_PPPOE_SESSION = 0x8864;
/** IEEE 802.3 §3.2.6: up to here it is a length. */
const LENGTH_MAX = 1500;
/** IEEE 802.1ah: the service instance tag before the inner frame. */
const PBB_TAG_LENGTH = 4;
const MPLS_ENTRY_LENGTH = 4;
const MPLS_ENTRIES_MAX = 16;
const PPPOE_LENGTH = 6;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
const SNAP_LENGTH = 8;

/** What lies behind an EtherType that is none of ours; undefined: it wraps nothing that is known. */
export function behindEtherType(frame: Uint8Array, etherType: number, offset: number): Encapsulated | undefined {
  if (etherType === ETHERTYPE_PBB) return { kind: 'ethernet', name: 'PBB', offset: offset + PBB_TAG_LENGTH };
  if (ETHERTYPES_MPLS.has(etherType)) return behindMpls(frame, offset);
  if (etherType === ETHERTYPE_PPPOE_SESSION) return behindPppoe(frame, offset);
  return etherType > 0 && etherType <= LENGTH_MAX ? behindSnap(frame, offset) : undefined;
}

const PROTOCOL_IPIP = 4;
const PROTOCOL_UDP = 17;
const PROTOCOL_SIT = 41;
const PROTOCOL_GRE = 47;
const UDP_LENGTH = 8;
const VXLAN_PORT = 4789;
const VXLAN_LENGTH = 8;
/** RFC 7348 §5: the flag of a valid network identifier. */
const VXLAN_VALID = 0x08;
const GRE_LENGTH = 4;
const GRE_ETHERNET = 0x6558;

/** What lies behind an IP protocol that is none of ours, its header at `offset`. */
export function behindProtocol(frame: Uint8Array, protocol: number, offset: number): Encapsulated | undefined {
  switch (protocol) {
    case PROTOCOL_IPIP:
      return { kind: 'network', name: 'IPIP', etherType: ETHERTYPE_IPV4, offset };
    case PROTOCOL_SIT:
      return { kind: 'network', name: 'SIT', etherType: ETHERTYPE_IPV6, offset };
    case PROTOCOL_GRE:
      return behindGre(frame, offset);
    case PROTOCOL_UDP:
      return behindUdp(frame, offset);
    default:
      return undefined;
  }
}

/** RFC 3032 §2.1; what follows the last label is told by its first half byte (RFC 4928 §3). */
function behindMpls(frame: Uint8Array, start: number): Encapsulated {
  const name = 'MPLS';
  let offset = start;
  for (let entry = 0; entry < MPLS_ENTRIES_MAX; entry += 1) {
    const isBottom = ((frame[offset + 2] ?? 0) & 1) === 1;
    offset += MPLS_ENTRY_LENGTH;
    if (!isBottom) continue;
    const version = (frame[offset] ?? 0xff) >> 4;
    if (version === 4) return { kind: 'network', name, etherType: ETHERTYPE_IPV4, offset };
    if (version === 6) return { kind: 'network', name, etherType: ETHERTYPE_IPV6, offset };
    // RFC 4448 §4.6: a pseudowire with its control word carries an Ethernet frame.
    return version === 0 ? { kind: 'ethernet', name, offset: offset + MPLS_ENTRY_LENGTH } : { kind: 'opaque', name };
  }
  return { kind: 'opaque', name };
}

/** RFC 2516 §4. */
function behindPppoe(frame: Uint8Array, offset: number): Encapsulated {
  const name = 'PPPoE';
  const protocol = readUint16(frame, offset + PPPOE_LENGTH);
  const inner = offset + PPPOE_LENGTH + 2;
  if (protocol === PPP_IPV4) return { kind: 'network', name, etherType: ETHERTYPE_IPV4, offset: inner };
  if (protocol === PPP_IPV6) return { kind: 'network', name, etherType: ETHERTYPE_IPV6, offset: inner };
  return { kind: 'opaque', name };
}

/** RFC 1042: AA AA 03, the organisation 0, and an EtherType. Other LLC (spanning tree and the like) is no encapsulation. */
function behindSnap(frame: Uint8Array, offset: number): Encapsulated | undefined {
  const isSnap = frame[offset] === 0xaa && frame[offset + 1] === 0xaa && frame[offset + 2] === 0x03;
  if (!isSnap) return undefined;
  const organisation = readUint16(frame, offset + 3) * 0x100 + (frame[offset + 5] ?? 0);
  if (organisation !== 0) return undefined;
  const etherType = readUint16(frame, offset + SNAP_LENGTH - 2);
  return { kind: 'network', name: 'SNAP', etherType, offset: offset + SNAP_LENGTH };
}

/** RFC 2784 §2, RFC 2890 §2: checksum, key and sequence number are there when their bits are set. */
function behindGre(frame: Uint8Array, offset: number): Encapsulated {
  const name = 'GRE';
  const flags = readUint16(frame, offset);
  if ((flags & 0x0007) !== 0) return { kind: 'opaque', name };
  const options = [0x8000, 0x2000, 0x1000].filter((bit) => (flags & bit) !== 0).length;
  const inner = offset + GRE_LENGTH + 4 * options;
  const etherType = readUint16(frame, offset + 2);
  if (etherType === GRE_ETHERNET) return { kind: 'ethernet', name, offset: inner };
  const isIp = etherType === ETHERTYPE_IPV4 || etherType === ETHERTYPE_IPV6;
  return isIp ? { kind: 'network', name, etherType, offset: inner } : { kind: 'opaque', name };
}

/** RFC 7348 §5. Other datagrams of UDP wrap nothing. */
function behindUdp(frame: Uint8Array, offset: number): Encapsulated | undefined {
  if (readUint16(frame, offset + 2) !== VXLAN_PORT) return undefined;
  const header = offset + UDP_LENGTH;
  const isValid = ((frame[header] ?? 0) & VXLAN_VALID) !== 0;
  return isValid
    ? { kind: 'ethernet', name: 'VXLAN', offset: header + VXLAN_LENGTH }
    : { kind: 'opaque', name: 'VXLAN' };
}
