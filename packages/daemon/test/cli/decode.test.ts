// `vrrpd decode`: what each packet of a capture becomes in the record of design.md section 8, and what the program prints.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { encodeAdvertisement, encodeIpv4Header, VRRP_PROTOCOL, type Advertisement } from '@vrrp/wire';
import { decodeFrame, encodePcapHeader, encodePcapRecord, LINKTYPE_RAW, type CapturedPacket } from '@vrrp/wire/capture';
import { packetRecord, type PacketRecord } from '../../src/cli/packet-record.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const SOURCE = '192.0.2.1';
const GROUP = '224.0.0.18';
const HEADER = 20;

const V3: Advertisement = {
  version: 3,
  family: 4,
  vrid: 51,
  priority: 100,
  maxAdvertiseInterval: 25,
  addresses: ['192.0.2.100'],
};
const V2: Advertisement = {
  version: 2,
  family: 4,
  vrid: 52,
  priority: 90,
  advertiseInterval: 1,
  authType: 0,
  addresses: ['192.0.2.101', '192.0.2.102'],
};

function datagram(value: Advertisement, source = SOURCE): Uint8Array {
  const message = encodeAdvertisement(value, { source, destination: GROUP, checksum: 'with-pseudo-header' });
  const bytes = new Uint8Array(HEADER + message.length);
  const header = {
    source,
    destination: GROUP,
    ttl: 255,
    tos: 0xc0,
    identification: 1,
    payloadLength: message.length,
    protocol: VRRP_PROTOCOL,
  };
  encodeIpv4Header(bytes, 0, header);
  bytes.set(message, HEADER);
  return bytes;
}

function recordOf(bytes: Uint8Array): PacketRecord {
  const timestamp = { seconds: 1_700_000_000, nanoseconds: 1_234_567 };
  const captured: CapturedPacket = {
    kind: 'packet',
    number: 1,
    timestamp,
    linkType: LINKTYPE_RAW,
    bytes,
    originalLength: bytes.length,
  };
  const content = decodeFrame(bytes, LINKTYPE_RAW);
  if (content.kind !== 'vrrp') throw new Error(`the test made a frame that is ${content.kind}`);
  return packetRecord(captured, content.packet);
}

function damaged(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = bytes.slice();
  copy[offset] = (copy[offset] ?? 0) ^ 0xff;
  return copy;
}

function capture(datagrams: readonly Uint8Array[]): Buffer {
  const records = datagrams.map((bytes, index) =>
    encodePcapRecord({ bytes, timestamp: { seconds: 1_700_000_000, nanoseconds: index * 100_000_000 } }),
  );
  return Buffer.concat([encodePcapHeader({ linkType: LINKTYPE_RAW }), ...records]);
}

function run(input: Buffer, ...flags: readonly string[]): readonly string[] {
  const output = execFileSync(process.execPath, [PROGRAM, 'decode', '-', ...flags], { input, encoding: 'utf8' });
  return output.trimEnd().split('\n');
}

describe('the record of a packet', () => {
  test('of version 3 has its interval in seconds and no authentication', () => {
    expect(recordOf(datagram(V3))).toEqual({
      number: 1,
      timestamp: 1_700_000_000.001234,
      source: SOURCE,
      destination: GROUP,
      ttl: 255,
      vlans: [],
      version: 3,
      vrid: 51,
      priority: 100,
      advert_int: 0.25,
      auth_type: null,
      addresses: ['192.0.2.100'],
      checksum: { ok: true, mode: 'with-pseudo-header' },
    });
  });

  test('of version 2 has its authentication type', () => {
    expect(recordOf(datagram(V2))).toMatchObject({
      version: 2,
      advert_int: 1,
      auth_type: 0,
      addresses: ['192.0.2.101', '192.0.2.102'],
    });
  });

  test('with a wrong checksum has its fields and the issue', () => {
    const record = recordOf(damaged(datagram(V3), HEADER + 2));
    expect(record).toMatchObject({ vrid: 51, priority: 155, checksum: { ok: false, mode: null } });
    expect(record.issue).toContain('checksum');
  });

  test('of another version has what can be read', () => {
    const record = recordOf(damaged(datagram(V3), HEADER));
    expect(record).toMatchObject({
      version: 12,
      vrid: 51,
      priority: 100,
      advert_int: null,
      addresses: [],
      checksum: null,
    });
    expect(record.issue).toBeDefined();
  });
});

describe('the program', () => {
  test('reads a pipe and prints one line a packet, or one JSON object', () => {
    const input = capture([datagram(V3), datagram(V2)]);
    expect(run(input).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      '192.0.2.1 > 224.0.0.18: VRRPv3, Advertisement, vrid 51, prio 100, intvl 25cs, length 12, addrs: 192.0.2.100',
      '192.0.2.1 > 224.0.0.18: VRRPv2, Advertisement, vrid 52, prio 90, authtype none, intvl 1s, length 24, addrs: 192.0.2.101 192.0.2.102',
    ]);
    expect(run(input, '--json', '--vrid', '52').map((line) => (JSON.parse(line) as PacketRecord).vrid)).toEqual([52]);
  });

  test('finds two Masters, with the packet that showed them and what to check', () => {
    const other = { ...V3, priority: 90 };
    const turns = [1, 2, 3, 4].flatMap(() => [datagram(V3), datagram(other, '192.0.2.2')]);
    const lines = run(capture(turns), '--analyse');
    expect(lines.some((line) => /^packet \d+: vrid 51 \(IPv4\): .* are Master at the same time$/.test(line))).toBe(
      true,
    );
    expect(lines.some((line) => line.startsWith('    check: '))).toBe(true);
    expect(run(capture(turns), '--summary')[0]).toContain('vrid 51 (IPv4): Master');
  });

  test('prints every whole packet before the place where a file is cut, and says where that is', () => {
    const whole = capture([datagram(V3), datagram(V2)]);
    const cut = spawnSync(process.execPath, [PROGRAM, 'decode', '-'], {
      input: whole.subarray(0, -5),
      encoding: 'utf8',
    });
    expect(cut.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(cut.stderr).toContain('5 bytes too early');
    expect(cut.status).toBe(1);
  });

  test('says which file it cannot read', () => {
    const missing = spawnSync(process.execPath, [PROGRAM, 'decode', '/nonexistent.pcap'], { encoding: 'utf8' });
    expect(missing.stderr).toContain('cannot read /nonexistent.pcap');
    expect(missing.status).toBe(1);
  });
});
