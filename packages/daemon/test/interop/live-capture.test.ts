// What real keepalived 2.2.7 puts on the wire, captured live: every frame is read without an issue or a remark, says what
// the configuration says, and is written again to the same bytes, from the IP header to the authentication.
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createNamespaceLab, requires } from '@vrrp/netlink-native/testing';
import {
  decodeIpv4Datagram,
  decodeIpv6Datagram,
  encodeAdvertisement,
  encodeGratuitousArp,
  encodeIpv4Header,
  encodeNeighborAdvertisement,
  encodePassword,
  IPV4_HEADER_LENGTH,
  IPV6_HEADER_LENGTH,
} from '@vrrp/wire';
import { AH_LENGTH, signDatagram } from '@vrrp/wire/auth';
import { decodeFrame, readCapture } from '@vrrp/wire/capture';
import type { CapturedPacket, FrameContent, VrrpPacket } from '@vrrp/wire/capture';
import { packetRecord } from '../../src/cli/packet-record.js';
import type { PacketRecord } from '../../src/cli/packet-record.js';
import { instanceConfig } from '../rig/instance-config.js';
import type { InstanceOptions } from '../rig/instance-config.js';
import { startKeepalived } from '../rig/keepalived-peer.js';

const suite = requires('root', 'keepalived', 'tcpdump');

const INTERFACE = 'eth0';
const OWN = '192.0.2.1';
const PEER = '192.0.2.2';
const VRID = 77;
const PRIORITY = 150;
const PASSWORD = 'Letmein1';
/** VRRP, the Authentication Header, and what announces addresses. */
const FILTER = 'ip proto 112 or ip proto 51 or ip6 proto 112 or arp or icmp6';
const ETHERNET_HEADER_LENGTH = 14;
const TRAFFIC_CLASS = 0xc0;
const AH_LINES = ['authentication {', 'auth_type AH', `auth_pass ${PASSWORD}`, '}'];
const UNICAST = { source: OWN, peers: [PEER] };

type Case = Pick<InstanceOptions, 'version' | 'interval' | 'addresses' | 'password' | 'unicast' | 'lines'>;

function twenty(prefix: string, length: number): readonly string[] {
  return Array.from({ length: 20 }, (_, index) => `${prefix}${index + 1}/${length}`);
}

const V2: Case = { version: 2, interval: 1, addresses: ['198.51.100.10/24', '198.51.100.11/24'] };
const V3: Case = { version: 3, interval: 0.25, addresses: ['198.51.100.10/24'] };
const CASES: readonly (readonly [title: string, one: Case])[] = [
  ['version 2, no authentication', V2],
  ['version 2, PASS', { ...V2, password: PASSWORD }],
  ['version 2, PASS, 20 addresses', { ...V2, password: 'x', addresses: twenty('198.51.100.', 24) }],
  ['version 2, AH', { ...V2, lines: AH_LINES }],
  ['version 2, unicast', { ...V2, unicast: UNICAST }],
  ['version 2, AH, unicast', { ...V2, lines: AH_LINES, unicast: UNICAST }],
  ['version 3, IPv4', V3],
  ['version 3, IPv4, unicast', { ...V3, unicast: UNICAST }],
  ['version 3, IPv4, 20 addresses', { ...V3, addresses: twenty('198.51.100.', 24) }],
  ['version 3, IPv6', { ...V3, addresses: ['fe80::100/64', '2001:db8:1::10/64'] }],
  ['version 3, IPv6, 20 addresses', { ...V3, addresses: ['fe80::100/64', ...twenty('2001:db8:1::', 64).slice(1)] }],
];

interface Frame {
  readonly record: CapturedPacket;
  readonly content: FrameContent;
}

/** Everything keepalived sends from its election to its end, as the other router's interface receives it. */
async function framesOf(one: Case): Promise<readonly Frame[]> {
  const lab = createNamespaceLab();
  const folder = await mkdtemp(join(tmpdir(), 'vrrpd-live-'));
  try {
    const [own, other] = [await lab.addNamespace('keepalived'), await lab.addNamespace('listener')];
    await lab.addBridgeLan('lan', [
      { namespace: own, interface: INTERFACE, addresses: [`${OWN}/24`] },
      { namespace: other, interface: INTERFACE, addresses: [`${PEER}/24`] },
    ]);
    const capture = await lab.capture(other, INTERFACE, [FILTER]);
    const config = instanceConfig({ ...one, vrid: VRID, priority: PRIORITY, interface: INTERFACE });
    const keepalived = await startKeepalived({ lab, namespace: own, config, folder });
    await keepalived.waitForLog(/Entering MASTER STATE/);
    await keepalived.stop();
    return Array.from(readCapture([await capture.stop()]), (record) => {
      if (record.kind === 'issue') throw new Error(`the capture is damaged: ${record.issue.kind}`);
      return { record, content: decodeFrame(record.bytes, record.linkType) };
    });
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The frame that our encoders make of what the decoders read; undefined when it is none of keepalived's. */
function written({ record, content }: Frame, one: Case): Uint8Array | undefined {
  switch (content.kind) {
    case 'vrrp':
      return datagramOf(record.bytes.subarray(ETHERNET_HEADER_LENGTH), content.packet, one);
    case 'gratuitous-arp':
      return encodeGratuitousArp(content.announcement);
    case 'neighbor-advertisement':
      return encodeNeighborAdvertisement(content.announcement);
    default:
      return undefined;
  }
}

function datagramOf(captured: Uint8Array, packet: VrrpPacket, one: Case): Uint8Array {
  if (!packet.result.ok) throw new Error(`not readable: ${packet.result.issue.kind}`);
  const { source, destination } = packet;
  const message = encodeAdvertisement(packet.result.value, { source, destination, checksum: 'auto' });
  if (packet.family === 6) {
    // The kernel writes this header; what keepalived asks of it is in the fields that are compared.
    const datagram = decodeIpv6Datagram(captured);
    expect(datagram.ok && datagram.value).toMatchObject({ trafficClass: TRAFFIC_CLASS, hopLimit: 255 });
    return concat(captured.subarray(0, IPV6_HEADER_LENGTH), message);
  }
  const header = decodeIpv4Datagram(captured);
  if (!header.ok) throw new Error(`not readable: ${header.issue.kind}`);
  const sequence = packet.authenticationHeader?.sequence;
  const payload = concat(new Uint8Array(sequence === undefined ? 0 : AH_LENGTH), message);
  const datagram = concat(new Uint8Array(IPV4_HEADER_LENGTH), payload);
  encodeIpv4Header(datagram, 0, { ...header.value, payloadLength: payload.length });
  if (sequence !== undefined) {
    signDatagram(datagram, sequence, { key: encodePassword(PASSWORD), hmacMd5, unicast: one.unicast !== undefined });
  }
  return datagram;
}

function hmacMd5(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac('md5', key).update(input).digest();
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What the configuration makes of a packet: no issue, no remark. Only what differs between packets is taken from it. */
function expectedRecord(received: PacketRecord, one: Case): PacketRecord {
  const { number, timestamp, priority } = received;
  const ipv6 = one.addresses.some((address) => address.includes(':'));
  const group = ipv6 ? 'ff02::12' : '224.0.0.18';
  const record: PacketRecord = {
    number,
    timestamp,
    // The link-local address comes from the MAC address, which the lab does not choose.
    source: ipv6 ? received.source : OWN,
    destination: one.unicast === undefined ? group : PEER,
    ttl: 255,
    vlans: [],
    version: one.version,
    vrid: VRID,
    priority,
    advert_int: one.interval,
    auth_type: authTypeOf(one),
    addresses: one.addresses.map((address) => address.replace(/\/.*/, '')),
    checksum: { ok: true, mode: one.version === 2 ? 'payload-only' : 'with-pseudo-header' },
  };
  if (one.lines !== AH_LINES) return record;
  return { ...record, authentication_header: { spi: OWN, sequence: received.authentication_header?.sequence ?? 0 } };
}

function authTypeOf(one: Case): number | null {
  if (one.version === 3) return null;
  if (one.lines === AH_LINES) return 2;
  return one.password === undefined ? 0 : 1;
}

suite('live captures of keepalived', () => {
  test.concurrent.each(CASES)('%s: read without an issue, and written again byte for byte', async (_title, one) => {
    const frames = await framesOf(one);
    const kinds = frames.map(({ content }) => content.kind);
    expect(kinds).not.toContain('issue');
    expect(kinds).toContain(one.addresses.join(' ').includes(':') ? 'neighbor-advertisement' : 'gratuitous-arp');

    const records = frames.flatMap(({ record, content }) =>
      content.kind === 'vrrp' ? [packetRecord(record, content.packet)] : [],
    );
    expect(records).toEqual(records.map((record) => expectedRecord(record, one)));
    expect(new Set(records.map(({ priority }) => priority))).toEqual(new Set([PRIORITY, 0]));
    const sequences = records.flatMap(({ authentication_header: header }) => header?.sequence ?? []);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));

    for (const frame of frames) {
      const again = written(frame, one);
      const start = frame.content.kind === 'vrrp' ? ETHERNET_HEADER_LENGTH : 0;
      if (again !== undefined) expect(hexOf(again)).toBe(hexOf(frame.record.bytes.subarray(start)));
    }
  });
});
