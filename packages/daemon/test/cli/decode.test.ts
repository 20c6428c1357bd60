// `vrrpd decode`: what each packet of a capture becomes in the record of design.md section 8, and what the program prints.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { encodeAdvertisement, encodeIpv4Header, VRRP_PROTOCOL, type Advertisement } from '@vrrp/wire';
import { decodeFrame, encodePcapHeader, encodePcapRecord, LINKTYPE_RAW, type CapturedPacket } from '@vrrp/wire/capture';
import { packetRecord, type PacketRecord } from '../../src/cli/packet-record.js';

const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const SOURCE = '192.0.2.1';
const GROUP = '224.0.0.18';
const HEADER = 20;
/** For a test that starts several programs, on a machine that is busy. */
const PROGRAMS_TIMEOUT_MS = 60_000;

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

const BACKUP: Advertisement = { ...V3, priority: 90 };

function datagram(value: Advertisement, source = SOURCE): Uint8Array {
  return around(encodeAdvertisement(value, { source, destination: GROUP, checksum: 'with-pseudo-header' }), source);
}

function around(message: Uint8Array, source: string): Uint8Array {
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

  test('of an authentication that nobody knows has all its fields', () => {
    const bytes = datagram(V2);
    bytes[HEADER + 4] = 254;
    expect(recordOf(bytes)).toMatchObject({
      advert_int: 1,
      auth_type: 254,
      addresses: V2.addresses,
      checksum: null,
      issue: expect.stringContaining('authentication type 254'),
    });
  });

  test('that is cut has the addresses that are all there', () => {
    const message = datagram(V2).slice(HEADER, HEADER + 15);
    const record = recordOf(around(message, SOURCE));
    expect(record).toMatchObject({ priority: 90, advert_int: 1, addresses: ['192.0.2.101'] });
    expect(record.issue).toContain('truncated');
    expect(recordOf(around(message.slice(0, 1), SOURCE))).toMatchObject({ version: 2, vrid: null, addresses: [] });
    expect(recordOf(around(message.slice(0, 0), SOURCE))).toMatchObject({ version: null, vrid: null });
  });

  test('with an Authentication Header has its index and sequence', () => {
    // Sent by keepalived 2.2.7 in our own namespaces.
    const hex =
      '45c0004000020000ff33d0ac0a090001e0000012700400000a090001000000022e2592ec3a8ad1928839e2812134c80102010a5a0a0900660000000000000000';
    expect(recordOf(new Uint8Array(Buffer.from(hex, 'hex')))).toMatchObject({
      auth_type: 2,
      authentication_header: { spi: '10.9.0.1', sequence: 2 },
    });
  });

  test('with an HMAC trailer has its key', () => {
    // keepalived 2.4, captured: the message ends behind 0a09004b, the trailer follows.
    const trailer = '010100006b02ed8171530000ecf094f93b40f657b53cec190dd6ca47';
    const message = new Uint8Array(Buffer.from(`314bc801006411620a09004b${trailer}`, 'hex'));
    const record = recordOf(around(message, '10.9.0.1'));
    expect(record).toMatchObject({ vrid: 75, checksum: { ok: true }, hmac: { key_id: 1 } });
    expect(record).not.toHaveProperty('remarks');
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

  test('answers a live pipe packet by packet', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'decode', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const whole = capture([datagram(V3), datagram(V2)]);
    const first = capture([datagram(V3)]);
    child.stdin.write(first);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(line.toString()).toMatch(/ vrid 51, .*\n$/);
    child.stdin.end(whole.subarray(first.length));
    const [next] = (await once(child.stdout, 'data')) as [Buffer];
    expect(next.toString()).toMatch(/ vrid 52, .*\n$/);
    await once(child, 'close');
    expect(child.exitCode).toBe(0);
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

  test('numbers and dates what it cannot read down to the message, and goes on', () => {
    const fragment = datagram(V2);
    fragment[6] = 0x20;
    const [first, second] = run(capture([fragment, datagram(V3)]), '--json');
    expect(JSON.parse(first ?? '')).toEqual({
      number: 1,
      timestamp: 1_700_000_000,
      issue: 'fragment at offset 0, more follow (bytes 6-7, RFC 791 §3.1)',
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ number: 2, vrid: 51 });
  });

  test(
    'prints what the README says',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'vrrpd-decode-'));
      const takeover = [datagram(V3), datagram(V3), datagram({ ...V3, priority: 0 }), datagram(BACKUP, '192.0.2.2')];
      writeFileSync(join(folder, 'lan.pcap'), capture(takeover));
      const blocks = README.split('```').filter((block) => block.includes('$ vrrpd decode lan.pcap'));
      const examples = blocks.join('').matchAll(/^\$ vrrpd (decode lan\.pcap.*)\n((?:[^$].*\n)*)/gm);
      const outputs = Array.from(examples, ([, command = '', expected = '']) => {
        const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } } as const;
        return { command, expected, output: execFileSync(process.execPath, [PROGRAM, ...command.split(' ')], options) };
      });
      rmSync(folder, { recursive: true });
      expect(outputs.map(({ command }) => command)).toHaveLength(4);
      for (const { expected, output } of outputs) expect(output).toBe(expected);
    },
    PROGRAMS_TIMEOUT_MS,
  );

  test('says which file it cannot read', () => {
    const missing = spawnSync(process.execPath, [PROGRAM, 'decode', '/nonexistent.pcap'], { encoding: 'utf8' });
    expect(missing.stderr).toContain('cannot read /nonexistent.pcap');
    expect(missing.status).toBe(1);
  });
});

function inTunnel(protocol: number, payload: Uint8Array): Uint8Array {
  const bytes = around(payload, SOURCE);
  bytes[9] = protocol;
  return bytes;
}

test('frames that cannot be looked into are counted at the end, and what is inside of others is shown', () => {
  const opaque = inTunnel(47, Uint8Array.of(0x30, 0x01, 0x88, 0x0b, 0, 0, 0, 0));
  const input = capture([inTunnel(4, datagram(V3)), opaque, opaque]);
  const { stdout, stderr, status } = spawnSync(process.execPath, [PROGRAM, 'decode', '-'], { input, encoding: 'utf8' });
  expect([status, stdout.trimEnd().split('\n').length]).toEqual([0, 1]);
  expect(stdout).toContain('IPIP, 192.0.2.1 > 224.0.0.18: VRRPv3');
  expect(stderr).toContain('2 frames of GRE could not be looked into: VRRP inside would not be shown');
});
