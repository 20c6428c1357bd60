// One captured VRRP packet as the record that `vrrpd decode --json` prints, one a line. Pure.
import { AdvertisementView as view, formatIssue } from '@vrrp/wire';
import type { CapturedPacket, VrrpPacket } from '@vrrp/wire/capture';

const CENTISECONDS_PER_SECOND = 100;
/** As far as a message must reach for its priority to be read. */
const PRIORITY_END = 3;

/** Fields that the packet does not have (a password in version 3, a checksum in a cut message) are null. */
export interface PacketRecord {
  /** Number of the packet in the capture, from 1. */
  readonly number: number;
  /** Seconds since 1970 UTC, to the microsecond; null when the capture has none. */
  readonly timestamp: number | null;
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly vlans: readonly number[];
  readonly version: number | null;
  readonly vrid: number | null;
  readonly priority: number | null;
  /** Seconds. */
  readonly advert_int: number | null;
  /** 0 none, 1 simple password, 2 authentication header; null in version 3. */
  readonly auth_type: number | null;
  readonly addresses: readonly string[];
  readonly checksum: { readonly ok: boolean; readonly mode: string | null } | null;
  readonly issue?: string;
  readonly remarks?: readonly string[];
}

export function packetRecord(record: CapturedPacket, packet: VrrpPacket): PacketRecord {
  const { result, source, destination, ttl, vlans } = packet;
  const remarks = result.ok ? result.remarks.map(formatIssue) : [];
  return {
    number: record.number,
    timestamp: timestampOf(record),
    source,
    destination,
    ttl,
    vlans,
    ...meaningOf(packet),
    checksum: checksumOf(packet),
    ...(result.ok ? {} : { issue: formatIssue(result.issue) }),
    ...(remarks.length === 0 ? {} : { remarks }),
  };
}

type Meaning = Pick<PacketRecord, 'version' | 'vrid' | 'priority' | 'advert_int' | 'auth_type' | 'addresses'>;

function meaningOf({ result, message }: VrrpPacket): Meaning {
  const { value } = result;
  if (value === undefined) return firstFields(message);
  const { version, vrid, priority, addresses } = value;
  const common = { version, vrid, priority, addresses };
  if (value.version === 3) {
    return { ...common, advert_int: value.maxAdvertiseInterval / CENTISECONDS_PER_SECOND, auth_type: null };
  }
  return { ...common, advert_int: value.advertiseInterval, auth_type: value.authType };
}

/** What can be read of a message that is no advertisement as a whole. */
function firstFields(message: Uint8Array): Meaning {
  const nothing = { version: null, vrid: null, priority: null, advert_int: null, auth_type: null, addresses: [] };
  if (message.length < PRIORITY_END) return nothing;
  return { ...nothing, version: view.version(message), vrid: view.vrid(message), priority: view.priority(message) };
}

function checksumOf({ result }: VrrpPacket): PacketRecord['checksum'] {
  if (result.ok) return { ok: true, mode: result.checksum };
  return result.issue.kind === 'bad-checksum' ? { ok: false, mode: null } : null;
}

function timestampOf({ timestamp }: CapturedPacket): number | null {
  if (timestamp === undefined) return null;
  return Number(`${timestamp.seconds}.${String(Math.floor(timestamp.nanoseconds / 1_000)).padStart(6, '0')}`);
}
