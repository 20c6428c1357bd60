// `vrrpd decode --json` beside tshark 4, field by field: every version, authentication, checksum form and link layer, in
// pcap with nanoseconds and microseconds and in pcapng. What tshark cannot know is named here, not left out in silence.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import type { PacketRecord } from '../../src/cli/packet-record.js';
import { LINKS, mergeIntoPcapng, rewriteAsMicroseconds, writePcapFiles } from './tshark-captures.js';
import type { CaptureFile } from './tshark-captures.js';

const suite = requires('tshark');
const PROGRAM = fileURLToPath(new URL('../../dist/bin.js', import.meta.url));
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** As tshark names them, in the order in which it is asked for them. */
const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'ieee8021ad.id',
  'vlan.id',
  'vrrp.version',
  'vrrp.virt_rtr_id',
  'vrrp.prio',
  'vrrp.adver_int',
  'vrrp.short_adver_int',
  'vrrp.auth_type',
  'vrrp.ip_addr',
  'vrrp.ipv6_addr',
  'vrrp.checksum.status',
  'ah.spi',
  'ah.sequence',
] as const;
type Field = (typeof FIELDS)[number];
type Row = Readonly<Record<Field, string>>;

const CENTISECONDS_PER_SECOND = 100;
const GOOD = '1';

/** tshark judges the checksum with the pseudo header in version 3; with this preference without it. */
const CHECKSUM_AS_IN_V2 = ['-o', 'vrrp.v3_checksum_as_in_v2:TRUE'];

/** What tshark finds bad because it does not know it: keepalived's own unicast checksum, and its HMAC trailer. */
const BEYOND_TSHARK: readonly (readonly [titleEnd: string, checksum: PacketRecord['checksum']])[] = [
  ['version 3, unicast with the group in the pseudo header', { ok: true, mode: 'multicast-pseudo-header' }],
  ['version 2, HMAC trailer', { ok: true, mode: 'payload-only' }],
  ['version 3, HMAC trailer', { ok: true, mode: 'with-pseudo-header' }],
  ['version 3, IPv6, HMAC trailer', { ok: true, mode: 'with-pseudo-header' }],
];

/** A record without what tshark has no field for: the key of the trailer, and sentences. */
type Comparable = Omit<PacketRecord, 'hmac' | 'issue' | 'remarks'> & { readonly title: string };

function tsharkRows(file: CaptureFile, ...preferences: readonly string[]): readonly Row[] {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const argv = ['-n', ...preferences, '-r', file.path, '-T', 'fields', ...fields, '-E', 'separator=/t'];
  const output = execFileSync('tshark', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return lines(output).map(
    (line) => Object.fromEntries(line.split('\t').map((value, index) => [FIELDS[index], value])) as Row,
  );
}

/** What our records should be, from the fields of tshark alone. */
function expectedRecords(file: CaptureFile): readonly Comparable[] {
  const asInV2 = tsharkRows(file, ...CHECKSUM_AS_IN_V2);
  return tsharkRows(file).map((row, index) => {
    const goodAsInV2 = asInV2[index]?.['vrrp.checksum.status'] === GOOD;
    return expectedRecord(file.titles[index] ?? 'one packet too many', row, goodAsInV2);
  });
}

function expectedRecord(title: string, row: Row, goodAsInV2: boolean): Comparable {
  const beyond = BEYOND_TSHARK.find(([titleEnd]) => title.endsWith(titleEnd))?.[1];
  const seconds = row['vrrp.adver_int'] || Number(row['vrrp.short_adver_int']) / CENTISECONDS_PER_SECOND;
  const record: Comparable = {
    title,
    number: Number(row['frame.number']),
    // tshark gives nanoseconds, we microseconds.
    timestamp: Number(row['frame.time_epoch'].slice(0, -3)),
    source: row['ip.src'] || row['ipv6.src'],
    destination: row['ip.dst'] || row['ipv6.dst'],
    ttl: Number(row['ip.ttl'] || row['ipv6.hlim']),
    vlans: [...numbers(row['ieee8021ad.id']), ...numbers(row['vlan.id'])],
    version: Number(row['vrrp.version']),
    vrid: Number(row['vrrp.virt_rtr_id']),
    priority: Number(row['vrrp.prio']),
    advert_int: Number(seconds),
    auth_type: row['vrrp.auth_type'] === '' ? null : Number(row['vrrp.auth_type']),
    addresses: words(row['vrrp.ip_addr'] || row['vrrp.ipv6_addr']),
    checksum: beyond ?? checksumOf(row, goodAsInV2),
  };
  if (row['ah.spi'] === '') return record;
  const authentication = { spi: dottedQuad(row['ah.spi']), sequence: Number(row['ah.sequence']) };
  return { ...record, authentication_header: authentication };
}

function checksumOf(row: Row, goodAsInV2: boolean): PacketRecord['checksum'] {
  if (row['vrrp.version'] === '3' && row['vrrp.checksum.status'] === GOOD) {
    return { ok: true, mode: 'with-pseudo-header' };
  }
  return goodAsInV2 ? { ok: true, mode: 'payload-only' } : { ok: false, mode: null };
}

function ourRecords(file: CaptureFile): readonly PacketRecord[] {
  const output = execFileSync(process.execPath, [PROGRAM, 'decode', file.path, '--json'], {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  return lines(output).map((line) => JSON.parse(line) as PacketRecord);
}

function comparable(record: PacketRecord, title: string | undefined): Comparable {
  const { hmac: _hmac, issue: _issue, remarks: _remarks, ...rest } = record;
  return { title: title ?? 'one packet too many', ...rest };
}

/** The lines of an output, whose last fields may be empty. */
function lines(output: string): readonly string[] {
  return output.replace(/\n$/, '').split('\n');
}

function words(text: string): readonly string[] {
  return text === '' ? [] : text.split(',');
}

function numbers(text: string): readonly number[] {
  return words(text).map(Number);
}

/** `0xc0000201` as `192.0.2.1`. */
function dottedQuad(hex: string): string {
  return [...Buffer.from(hex.slice(2), 'hex')].join('.');
}

suite('vrrpd decode beside tshark', () => {
  let folder = '';
  let files: ReadonlyMap<string, CaptureFile> = new Map();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vrrpd-tshark-'));
    const pcaps = writePcapFiles(folder);
    const [ethernet] = pcaps;
    if (ethernet === undefined) throw new Error('there are no captures');
    const all = [...pcaps, mergeIntoPcapng(pcaps, folder), rewriteAsMicroseconds(ethernet, folder)];
    files = new Map(all.map((file) => [file.title, file]));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([...LINKS.map(({ title }) => title), 'pcapng of every link layer', 'Ethernet, microseconds'])(
    '%s: every field of every packet is the same',
    (title) => {
      const file = files.get(title);
      if (file === undefined) throw new Error(`there is no capture "${title}"`);
      const ours = ourRecords(file);
      expect(ours.map((record, index) => comparable(record, file.titles[index]))).toEqual(expectedRecords(file));
      expect(ours).toHaveLength(file.titles.length);
      // Whatever both find bad has a sentence that says why; nothing else has one.
      for (const { checksum, issue } of ours) expect(issue === undefined).toBe(checksum?.ok === true);
    },
  );
});
