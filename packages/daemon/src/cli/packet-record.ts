// One captured VRRP packet as the record that `vrrpd decode --json` prints, one a line. Pure. Passwords are never shown.
// Field by field: a capture has millions of packets, and copying objects costs more than decoding them.
import { AdvertisementView as view, formatIp, formatIssue } from '@vrrp/wire';
import type { DecodeIssue } from '@vrrp/wire';
import type { CapturedPacket, VrrpPacket } from '@vrrp/wire/capture';

export const MICROS_PER_SECOND = 1_000_000;
const NANOS_PER_MICRO = 1_000;
const CENTISECONDS_PER_SECOND = 100;
/** As far as a message must reach for its priority to be read. */
const PRIORITY_END = 3;
/** Where the addresses start. */
const HEADER_LENGTH = 8;

/** Fields that the packet does not have (an authentication in version 3, a checksum in a cut message) are null. */
export interface PacketRecord {
  /** Number of the packet in the capture, from 1. */
  readonly number: number;
  /** Seconds since 1970 UTC, to the microsecond; null when the capture has none. */
  readonly timestamp: number | null;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly vlans: readonly number[];
  /** What it was wrapped in, outermost first: PBB, MPLS, PPPoE, SNAP, GRE, IPIP, SIT, VXLAN. */
  readonly encapsulation?: readonly string[];
  readonly version: number | null;
  readonly vrid: number | null;
  readonly priority: number | null;
  /** Seconds. */
  readonly advert_int: number | null;
  /** 0 none, 1 simple password, 2 authentication header, others no receiver knows; null in version 3. */
  readonly auth_type: number | null;
  readonly addresses: readonly string[];
  readonly checksum: { readonly ok: boolean; readonly mode: string | null } | null;
  /** With an Authentication Header only. */
  readonly authentication_header?: { readonly spi: string; readonly sequence: number };
  /** With keepalived's HMAC trailer only. */
  readonly hmac?: { readonly key_id: number };
  /** Why receivers discard it. */
  readonly issue?: string;
  /** What is odd about it, although receivers accept it. */
  readonly remarks?: readonly string[];
}

/** A frame that is or may be VRRP, but cannot be read down to the message. */
export interface ProblemRecord {
  readonly number: number;
  readonly timestamp: number | null;
  readonly issue: string;
}

export function packetRecord(record: CapturedPacket, packet: VrrpPacket): PacketRecord {
  const { result, source, destination, ttl, vlans, encapsulation, authenticationHeader } = packet;
  const { version, vrid, priority, advert_int, auth_type, addresses } = meaningOf(packet);
  return {
    number: record.number,
    timestamp: timestampOf(record),
    source,
    destination,
    ttl,
    vlans,
    ...(encapsulation && { encapsulation }),
    version,
    vrid,
    priority,
    advert_int,
    auth_type,
    addresses,
    checksum: checksumOf(packet),
    ...(authenticationHeader && { authentication_header: authenticationHeader }),
    ...(result.ok && result.trailer && { hmac: { key_id: result.trailer.keyId } }),
    ...(!result.ok && { issue: formatIssue(result.issue) }),
    ...(result.ok && result.remarks.length > 0 && { remarks: result.remarks.map(formatIssue) }),
  };
}

export function problemRecord(record: CapturedPacket, issue: DecodeIssue): ProblemRecord {
  return { number: record.number, timestamp: timestampOf(record), issue: formatIssue(issue) };
}

/** Microseconds since 1970 UTC; undefined when the capture has no times. */
export function microsOf({ timestamp }: CapturedPacket): number | undefined {
  if (timestamp === undefined) return undefined;
  return timestamp.seconds * MICROS_PER_SECOND + Math.floor(timestamp.nanoseconds / NANOS_PER_MICRO);
}

type Meaning = Pick<PacketRecord, 'version' | 'vrid' | 'priority' | 'advert_int' | 'auth_type' | 'addresses'>;

const NOTHING: Meaning = {
  version: null,
  vrid: null,
  priority: null,
  advert_int: null,
  auth_type: null,
  addresses: [],
};

function meaningOf({ result, message, family }: VrrpPacket): Meaning {
  const { value } = result;
  if (value === undefined) return partOf(message, family);
  const { version, vrid, priority, addresses } = value;
  if (version === 3) {
    const advert_int = value.maxAdvertiseInterval / CENTISECONDS_PER_SECOND;
    return { version, vrid, priority, advert_int, auth_type: null, addresses };
  }
  return { version, vrid, priority, advert_int: value.advertiseInterval, auth_type: value.authType, addresses };
}

/** What can be read of a message that is no advertisement as a whole: the numbers, and the addresses that are all there. */
function partOf(message: Uint8Array, family: 4 | 6): Meaning {
  const nothing: Meaning = { ...NOTHING, version: message.length === 0 ? null : view.version(message) };
  if (message.length < PRIORITY_END) return nothing;
  const first: Meaning = { ...nothing, vrid: view.vrid(message), priority: view.priority(message) };
  const { version } = first;
  if (message.length < HEADER_LENGTH || (version !== 2 && version !== 3)) return first;
  const advert_int =
    version === 2 ? view.intervalSeconds(message) : view.intervalCentiseconds(message) / CENTISECONDS_PER_SECOND;
  const addresses: string[] = [];
  for (let index = 0; index < view.count(message); index += 1) {
    if (view.addressOffset(index + 1, family) > message.length) break;
    addresses.push(formatIp(view.address(message, index, family)));
  }
  return { ...first, advert_int, auth_type: version === 2 ? view.authType(message) : null, addresses };
}

function checksumOf({ result }: VrrpPacket): PacketRecord['checksum'] {
  if (result.ok) return { ok: true, mode: result.checksum };
  return result.issue.kind === 'bad-checksum' ? { ok: false, mode: null } : null;
}

function timestampOf(record: CapturedPacket): number | null {
  const micros = microsOf(record);
  return micros === undefined ? null : micros / MICROS_PER_SECOND;
}
