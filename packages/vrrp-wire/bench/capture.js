// How fast a capture is read and decoded, and that its size does not matter for memory: `npm run bench`.
// The file is generated piece by piece and never stored. Megabytes to read: VRRPD_BENCH_MEGABYTES, 256 by default.
import { performance } from 'node:perf_hooks';
import { createCaptureReader, decodeFrame, encodePcapHeader, encodePcapRecord, LINKTYPE_RAW } from '@vrrp/wire/capture';
import { encodeAdvertisement, encodeIpv4Header } from '@vrrp/wire';

const MEGABYTE = 1024 * 1024;
const megabytes = Number(process.env.VRRPD_BENCH_MEGABYTES ?? 256);
const RECORDS_PER_CHUNK = 1000;

const context = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'with-pseudo-header' };
const message = encodeAdvertisement(
  { version: 3, family: 4, vrid: 52, priority: 100, maxAdvertiseInterval: 100, addresses: ['10.9.0.102'] },
  context,
);
const datagram = new Uint8Array(20 + message.length);
encodeIpv4Header(datagram, 0, {
  ...context,
  ttl: 255,
  tos: 0xc0,
  identification: 1,
  payloadLength: message.length,
  protocol: 112,
});
datagram.set(message, 20);
const record = encodePcapRecord({ timestamp: { seconds: 1, nanoseconds: 0 }, bytes: datagram });
const chunk = new Uint8Array(record.length * RECORDS_PER_CHUNK);
for (let i = 0; i < RECORDS_PER_CHUNK; i += 1) chunk.set(record, i * record.length);

console.log('MB read   packets   million/s   resident MB');
const reader = createCaptureReader();
reader.push(encodePcapHeader({ linkType: LINKTYPE_RAW }));
const started = performance.now();
let packets = 0;
let bytes = 0;
let reported = 0;
while (bytes < megabytes * MEGABYTE) {
  for (const item of reader.push(chunk)) {
    const content = item.kind === 'packet' ? decodeFrame(item.bytes, item.linkType) : item;
    if (content.kind !== 'vrrp' || !content.packet.result.ok) throw new Error(`unexpected ${content.kind}`);
    packets += 1;
  }
  bytes += chunk.length;
  if (bytes - reported >= (megabytes * MEGABYTE) / 4) {
    reported = bytes;
    const rate = packets / 1000 / (performance.now() - started);
    const resident = process.memoryUsage().rss / MEGABYTE;
    const columns = [(bytes / MEGABYTE).toFixed(0), String(packets), rate.toFixed(2), resident.toFixed(0)];
    console.log(columns.map((column, index) => column.padStart([7, 10, 12, 14][index] ?? 0)).join(''));
  }
}
