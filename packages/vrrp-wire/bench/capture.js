// How fast a capture file is read, and that its size does not matter for memory: `npm run bench`. The files are generated
// in the temporary folder and removed. Megabytes of the large one: VRRPD_BENCH_MEGABYTES, 1024 by default. Beside it, on a
// smaller file, tshark and tcpdump where they are installed. Time is processor time, so that a busy machine does not count.
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAdvertisement, encodeIpv4Header, encodePassword } from '@vrrp/wire';
import {
  createCaptureReader,
  decodeFrame,
  encodePcapHeader,
  encodePcapRecord,
  formatVrrpPacket,
  LINKTYPE_ETHERNET,
} from '@vrrp/wire/capture';

const MEGABYTE = 1024 * 1024;
const LARGE_MEGABYTES = Number(process.env.VRRPD_BENCH_MEGABYTES ?? 1024);
const SMALL_MEGABYTES = 50;
/** What else may be written to the disk in the meantime. */
const SPARE_MEGABYTES = 512;
const RECORDS_PER_WRITE = 10_000;
/** As many as `vrrpd decode` finds in one piece of a file. */
const LINES_PER_WRITE = 800;
const REPORTS = 8;
const ETHERNET_HEADER = Buffer.from('01005e00001200005e0001340800', 'hex');
const CONTEXT = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'with-pseudo-header' };
const SHARED = { family: 4, vrid: 52, priority: 100, addresses: ['10.9.0.102', '10.9.0.103'] };
const MESSAGES = [
  { ...SHARED, version: 3, maxAdvertiseInterval: 100 },
  { ...SHARED, version: 2, advertiseInterval: 1, authType: 1, authData: encodePassword('Letmein1') },
];

/** One advertisement of each version in turn, a millisecond apart. */
function recordsOf(first, count) {
  return Buffer.concat(
    Array.from({ length: count }, (_, index) => {
      const number = first + index;
      const timestamp = {
        seconds: 1_700_000_000 + Math.floor(number / 1000),
        nanoseconds: (number % 1000) * 1_000_000,
      };
      return encodePcapRecord({ timestamp, bytes: FRAMES[number % FRAMES.length] });
    }),
  );
}

function frameOf(value) {
  const message = encodeAdvertisement(value, CONTEXT);
  const header = new Uint8Array(20);
  const fields = { ttl: 255, tos: 0xc0, identification: 1, payloadLength: message.length, protocol: 112 };
  encodeIpv4Header(header, 0, { ...CONTEXT, ...fields });
  return Buffer.concat([ETHERNET_HEADER, header, message]);
}

const FRAMES = MESSAGES.map(frameOf);

function writeCapture(path, megabytes) {
  const file = openSync(path, 'wx');
  let written = writeSync(file, encodePcapHeader({ linkType: LINKTYPE_ETHERNET }));
  let packets = 0;
  while (written < megabytes * MEGABYTE) {
    written += writeSync(file, recordsOf(packets, RECORDS_PER_WRITE));
    packets += RECORDS_PER_WRITE;
  }
  closeSync(file);
  return packets;
}

/** Decodes every packet of a stream, chunk by chunk as `vrrpd decode` does; `visit` gets each and its number. */
async function decodeFile(path, visit) {
  const reader = createCaptureReader();
  const take = (records) => {
    for (const record of records) {
      const content = record.kind === 'packet' ? decodeFrame(record.bytes, record.linkType) : record;
      if (content.kind !== 'vrrp' || !content.packet.result.ok) throw new Error(`unexpected ${content.kind}`);
      visit(content.packet, record.number);
    }
  };
  for await (const chunk of createReadStream(path)) take(reader.push(chunk));
  take(reader.end());
}

async function benchLarge(folder) {
  const path = join(folder, 'large.pcap');
  const packets = writeCapture(path, LARGE_MEGABYTES);
  console.log(`decoded values, a file of ${LARGE_MEGABYTES} MB as a stream`);
  console.log('   packets   million/s   resident MB');
  const step = Math.floor(packets / REPORTS);
  const before = process.cpuUsage();
  await decodeFile(path, (_, number) => {
    if (number % step !== 0) return;
    const { user, system } = process.cpuUsage(before);
    const rate = (number / (user + system)).toFixed(2);
    const resident = (process.memoryUsage().rss / MEGABYTE).toFixed(0);
    console.log(String(number).padStart(10) + rate.padStart(12) + resident.padStart(14));
  });
  rmSync(path);
}

async function benchBesideOthers(folder) {
  const path = join(folder, 'small.pcap');
  const packets = writeCapture(path, SMALL_MEGABYTES);
  const nothing = openSync('/dev/null', 'w');
  const rows = [
    ['@vrrp/wire, decoded values', await ownSeconds(path, () => undefined)],
    ['@vrrp/wire, a line of text each', await ownSeconds(path, textWriter(nothing))],
    [
      'tshark, two fields each',
      childSeconds('tshark', ['-n', '-r', path, '-T', 'fields', '-e', 'vrrp.prio', '-e', 'vrrp.ip_addr']),
    ],
    ['tcpdump, a line of text each', childSeconds('tcpdump', ['-n', '-r', path])],
  ];
  closeSync(nothing);
  const [[, reference]] = rows;
  console.log(`\nthe same file of ${SMALL_MEGABYTES} MB, ${packets} packets`);
  console.log('reader                               seconds   million/s   times as long');
  for (const [name, seconds] of rows) {
    const columns = [seconds, packets / 1e6 / seconds, seconds / reference];
    const texts = Number.isNaN(seconds) ? ['not here', '', ''] : columns.map((column) => column.toFixed(2));
    console.log(name.padEnd(34) + texts.map((text, index) => text.padStart([10, 12, 16][index])).join(''));
  }
}

/** Writes in portions, as a program would. */
function textWriter(file) {
  let lines = [];
  return (packet) => {
    lines.push(formatVrrpPacket(packet));
    if (lines.length < LINES_PER_WRITE) return;
    writeSync(file, `${lines.join('\n')}\n`);
    lines = [];
  };
}

async function ownSeconds(path, visit) {
  const before = process.cpuUsage();
  await decodeFile(path, visit);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Processor time of a program, as the shell counts it (POSIX times); NaN when it is not installed or fails. */
function childSeconds(program, argv) {
  const script = '"$@" >/dev/null 2>&1 || exit 1; times';
  const { status, stdout } = spawnSync('sh', ['-c', script, 'sh', program, ...argv], { encoding: 'utf8' });
  const [, ofChildren = ''] = stdout.split('\n');
  const parts = [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)];
  if (status !== 0 || parts.length !== 2) return Number.NaN;
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

const { bavail, bsize } = statfsSync(tmpdir());
const free = (bavail * bsize) / MEGABYTE;
if (free < LARGE_MEGABYTES + SPARE_MEGABYTES) {
  console.error(`${tmpdir()} has ${free.toFixed(0)} MB left, too few for a file of ${LARGE_MEGABYTES} MB`);
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'vrrp-wire-bench-'));
try {
  await benchLarge(folder);
  await benchBesideOthers(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
