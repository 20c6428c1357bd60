// A million and more damaged messages, frames and capture files: `npm run fuzz [-- CASES [SEED]]`. No decoder may throw,
// every issue must lie within what was given, and what is accepted as it should be must be written again byte for byte.
// Cases follow from their number and the seed, which is random unless given; a failure prints the command that repeats it.
import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import {
  AdvertisementView as view,
  decodeAdvertisement,
  decodeGratuitousArp,
  decodeIpv4Datagram,
  decodeIpv6Datagram,
  decodeNeighborAdvertisement,
  encodeAdvertisement,
  encodeGratuitousArp,
  encodeIpv4Header,
  encodeNeighborAdvertisement,
  formatAdvertisement,
  formatIp,
  formatIssue,
  ipBytes,
} from '@vrrp/wire';
import { createAnalysis, formatFinding } from '@vrrp/wire/analysis';
import { decodeAuthenticationHeader, decodeHmacTrailer } from '@vrrp/wire/auth';
import {
  decodeFrame,
  encodePcapHeader,
  encodePcapRecord,
  formatCaptureIssue,
  formatVrrpPacket,
  readCapture,
} from '@vrrp/wire/capture';

const CASES_DEFAULT = 1_200_000;
const RANDOM_BYTES_MAX = 96;
const ADDRESSES_MAX = 20;
const DAMAGED_BITS_MAX = 3;
const FILE_PACKETS = 3;
const LINK_HEADERS = [
  [1, '01005e000012 00005e000133 TYPE'],
  [1, '01005e000012 00005e000133 88a8 0064 8100 000a TYPE'],
  [113, '0004 0001 0006 00005e000133 0000 TYPE'],
  [276, 'TYPE 0000 00000002 0001 04 06 00005e000133 0000'],
  [101, ''],
  [0, 'FAMILY'],
];
const CHECKSUM_MODES = ['with-pseudo-header', 'payload-only', 'auto'];

const cases = Number(process.argv[2] ?? CASES_DEFAULT);
const seed = Number(process.argv[3] ?? randomInt(2 ** 31));

/** A small generator (xorshift, 32 bits) that starts anew for each case, so that a case needs no others before it. */
let state = 1;
function startCase(number) {
  state = (Math.imul(seed ^ Math.imul(number, 0x9e37_79b1), 0x85eb_ca6b) ^ number) | 1;
  for (let i = 0; i < 4; i += 1) below(2);
}

function below(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

function oneOf(list) {
  return list[below(list.length)];
}

function randomBytes(length) {
  return Uint8Array.from({ length }, () => below(256));
}

function randomAddress(family) {
  // Runs of zeros are what printing IPv6 addresses is about.
  return formatIp(randomBytes(family === 4 ? 4 : 16).map((byte) => (byte < 128 ? 0 : byte)));
}

function randomMessage() {
  const version = oneOf([2, 3]);
  const family = version === 2 ? 4 : oneOf([4, 6]);
  const shared = { version, family, vrid: 1 + below(255), priority: below(256) };
  const addresses = Array.from({ length: below(ADDRESSES_MAX + 1) }, () => randomAddress(family));
  const context = {
    source: randomAddress(family),
    destination: randomAddress(family),
    checksum: oneOf(CHECKSUM_MODES),
  };
  if (version === 3) return { value: { ...shared, maxAdvertiseInterval: below(4096), addresses }, context };
  const authType = below(3);
  const value = { ...shared, advertiseInterval: below(256), authType, addresses };
  return { value: authType === 1 ? { ...value, authData: randomBytes(8) } : value, context };
}

function damaged(bytes) {
  const copy = Uint8Array.from(bytes);
  for (let bits = below(DAMAGED_BITS_MAX + 1); bits > 0; bits -= 1) copy[below(copy.length)] ^= 1 << below(8);
  return below(4) === 0 ? copy.subarray(0, below(copy.length + 1)) : copy;
}

function require(condition, what) {
  if (!condition) throw new Error(what);
}

function checkIssue(issue, bytes) {
  require(issue.offset >= 0 && issue.offset + issue.length <= bytes.length, `issue outside: ${formatIssue(issue)}`);
  require(formatIssue(issue).length > 0, 'an issue has words');
}

function checkSame(written, read, what) {
  require(Buffer.compare(written, read) === 0, `${what} is not written as it was read: ${hex(written)}`);
}

function checkMessage(bytes, context) {
  const result = decodeAdvertisement(bytes, context);
  const form = view.checksumForm(bytes, ipBytes(context.source), ipBytes(context.destination), context.checksum);
  if (result.value) require(formatAdvertisement(result.value).startsWith('VRRPv'), 'a value has words');
  if (!result.ok) {
    checkIssue(result.issue, bytes);
    require(result.issue.kind !== 'bad-checksum' || form === undefined, 'view and value differ about the checksum');
    return;
  }
  require(form === result.checksum, 'view and value differ about the checksum');
  for (const remark of result.remarks) checkIssue(remark, bytes);
  // The group in a unicast pseudo header is read but never written, and reserved bits are ignored as the RFC asks.
  const ordinary = result.checksum !== 'multicast-pseudo-header' && !view.reservedBits(bytes);
  if (result.value.version === 3 && !ordinary) return;
  const written = encodeAdvertisement(result.value, { ...context, checksum: result.checksum });
  const zeros = (written[6] === 0 && written[7] === 0) || (bytes[6] === 0xff && bytes[7] === 0xff);
  if (!zeros) checkSame(written, bytes.subarray(0, result.length), 'a message');
}

/** A datagram around a message, not always a whole one. */
function randomDatagram() {
  const { value, context } = randomMessage();
  const message = encodeAdvertisement(value, context);
  if (value.family === 4) {
    const header = new Uint8Array(20);
    const protocol = below(8) === 0 ? 51 : 112;
    const fields = { ttl: 255, tos: 0xc0, identification: below(65_536), payloadLength: message.length, protocol };
    encodeIpv4Header(header, 0, { ...context, ...fields });
    return { family: 4, bytes: Buffer.concat([header, message]) };
  }
  const nextHeader = oneOf([112, 112, 112, 0, 43, 44, 51, 58, 60]);
  const start = Uint8Array.of(0x6c, 0, 0, 0, message.length >> 8, message.length & 0xff, nextHeader, 255);
  return { family: 6, bytes: Buffer.concat([start, ipBytes(context.source), ipBytes(context.destination), message]) };
}

function randomFrame() {
  const [linkType, header] = oneOf(LINK_HEADERS);
  const { family, bytes } = randomDatagram();
  const type = header
    .replace('TYPE', family === 4 ? '0800' : '86dd')
    .replace('FAMILY', family === 4 ? '02000000' : '1e000000');
  return { linkType, bytes: damaged(Buffer.concat([Buffer.from(type.replaceAll(' ', ''), 'hex'), bytes])) };
}

let analysis = createAnalysis();
function checkFrame(bytes, linkType, number) {
  const content = decodeFrame(bytes, linkType);
  if (content.kind === 'issue') checkIssue(content.issue, bytes);
  if (content.kind !== 'vrrp') return;
  require(formatVrrpPacket(content.packet).length > 0, 'a packet has words');
  for (const issue of content.packet.result.ok ? content.packet.result.remarks : [content.packet.result.issue]) {
    checkIssue(issue, bytes);
  }
  if (number % 10_000 === 0) analysis = createAnalysis();
  for (const finding of analysis.observe({ number, at: number * 1000, packet: content.packet })) {
    require(formatFinding(finding).length > 0, 'a finding has words');
  }
}

/** A capture file of a few frames, pcap or pcapng, damaged somewhere, in chunks of any size. */
function checkFile(number) {
  const linkType = oneOf(LINK_HEADERS)[0];
  const frames = Array.from({ length: FILE_PACKETS }, () => randomFrame().bytes);
  const file = damaged(below(2) === 0 ? pcap(linkType, frames) : pcapng(linkType, frames));
  const cut = below(file.length + 1);
  let packets = 0;
  for (const record of readCapture([file.subarray(0, cut), file.subarray(cut)])) {
    if (record.kind === 'packet') {
      packets += 1;
      require(record.number === packets, 'packets are numbered in order');
      checkFrame(record.bytes, record.linkType, number);
    } else {
      const { offset } = record.issue;
      require(offset <= file.length && formatCaptureIssue(record.issue).length > 0, 'an issue lies within the file');
    }
  }
}

function pcap(linkType, frames) {
  const records = frames.map((bytes) => encodePcapRecord({ timestamp: { seconds: 1, nanoseconds: 0 }, bytes }));
  return Buffer.concat([encodePcapHeader({ linkType }), ...records]);
}

function pcapng(linkType, frames) {
  const packets = frames.map((bytes) => block(6, words(0, 0, below(2 ** 31), bytes.length, bytes.length), bytes));
  return Buffer.concat([
    block(0x0a0d_0d0a, words(0x1a2b_3c4d, 1, 0xffff_ffff, 0xffff_ffff)),
    block(1, words(linkType, 0)),
    ...packets,
  ]);
}

function block(type, ...parts) {
  const body = Buffer.concat(parts);
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
  return Buffer.concat([words(type, padded.length + 12), padded, words(padded.length + 12)]);
}

function words(...values) {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, index * 4);
  return bytes;
}

function checkAnnouncement(bytes) {
  const arp = decodeGratuitousArp(bytes);
  if (!arp.ok) checkIssue(arp.issue, bytes);
  const neighbor = decodeNeighborAdvertisement(bytes);
  if (!neighbor.ok) checkIssue(neighbor.issue, bytes);
}

function checkHeaders(bytes) {
  for (const decode of [decodeIpv4Datagram, decodeIpv6Datagram, decodeAuthenticationHeader]) {
    const result = decode(bytes);
    if (!result.ok) checkIssue(result.issue, bytes);
  }
  decodeHmacTrailer(bytes);
}

/** The kinds of case, and what share of all each has. */
const KINDS = [
  [
    'random bytes',
    4,
    () => judge(randomBytes(below(RANDOM_BYTES_MAX)), (bytes) => checkMessage(bytes, randomMessage().context)),
  ],
  [
    'random bytes behind a plausible header',
    4,
    () =>
      judge(
        Uint8Array.of(oneOf([0x21, 0x31]), below(256), below(256), below(4), ...randomBytes(below(RANDOM_BYTES_MAX))),
        (bytes) => checkMessage(bytes, randomMessage().context),
      ),
  ],
  [
    'messages, some damaged or cut',
    8,
    () => {
      const { value, context } = randomMessage();
      judge(damaged(encodeAdvertisement(value, context)), (bytes) => checkMessage(bytes, context));
    },
  ],
  [
    'frames, some damaged or cut',
    6,
    (number) => {
      const { bytes, linkType } = randomFrame();
      judge(bytes, () => checkFrame(bytes, linkType, number));
    },
  ],
  ['headers around a message', 1, () => judge(damaged(randomDatagram().bytes), checkHeaders)],
  [
    'announcements',
    1,
    () => {
      const mac = randomBytes(6);
      const frame =
        below(2) === 0
          ? encodeGratuitousArp({ mac, address: randomAddress(4) })
          : encodeNeighborAdvertisement({ mac, address: randomAddress(6), router: below(2) === 0 });
      judge(damaged(frame), checkAnnouncement);
    },
  ],
  ['capture files', 1, checkFile],
];
const SHARES = KINDS.reduce((sum, [, share]) => sum + share, 0);

/** What the case in hand is about, for the report of a failure. */
let subject = new Uint8Array();
function judge(bytes, check) {
  subject = bytes;
  check(bytes);
}

function hex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

console.log(`seed ${seed}`);
console.log(`${'cases'.padStart(10)}   of`);
let done = 0;
const started = performance.now();
for (const [name, share, run] of KINDS) {
  const count = Math.ceil((cases * share) / SHARES);
  for (let i = 0; i < count; i += 1) {
    startCase(done);
    try {
      run(done);
    } catch (error) {
      console.error(`case ${done} (${name}): ${error.stack}\n${hex(subject)}\nagain: npm run fuzz -- ${cases} ${seed}`);
      process.exit(1);
    }
    done += 1;
  }
  console.log(`${String(count).padStart(10)}   ${name}`);
}
console.log(
  `${String(done).padStart(10)}   in ${((performance.now() - started) / 1000).toFixed(1)} s: nothing thrown, nothing outside, all written as read`,
);
