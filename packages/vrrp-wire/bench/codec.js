// Nanoseconds and heap bytes per operation of the two hot paths, and of decoding to a value: `npm run bench`.
// Run with --expose-gc; the heap counter is read before and after a run in which no collection can hide an allocation.
import { performance } from 'node:perf_hooks';
import {
  AdvertisementView as view,
  decodeAdvertisement,
  encodeAdvertisement,
  encodeAdvertisementInto,
  ipBytes,
} from '@vrrp/wire';

const WARM_UP = 300_000;
const ROUNDS = 3_000_000;
const MEASURED_HEAP_ROUNDS = 100_000;

const text = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'with-pseudo-header' };
const context = { ...text, source: ipBytes(text.source), destination: ipBytes(text.destination) };
const value = {
  version: 3,
  family: 4,
  vrid: 52,
  priority: 100,
  maxAdvertiseInterval: 100,
  addresses: ['10.9.0.102', '10.9.0.103', '10.9.0.104'],
};
const parsed = { ...value, addresses: value.addresses.map(ipBytes) };
const bytes = encodeAdvertisement(value, text);
const target = new Uint8Array(bytes.length);

const cases = {
  'view: every check of a received message': () =>
    view.lengthVerdict(bytes, 4) === 'exact' &&
    view.version(bytes) === 3 &&
    view.type(bytes) === 1 &&
    view.vrid(bytes) === 52 &&
    view.intervalCentiseconds(bytes) === 100 &&
    view.verifyChecksum(bytes, context.source, context.destination, 'with-pseudo-header') &&
    view.sameAddresses(bytes, parsed.addresses) &&
    view.priority(bytes) === 100,
  'encodeAdvertisementInto, addresses as bytes': () =>
    encodeAdvertisementInto(target, 0, parsed, context) === bytes.length,
  'decodeAdvertisement to a value': () => decodeAdvertisement(bytes, text).ok,
  'encodeAdvertisement from a value': () => encodeAdvertisement(value, text).length === bytes.length,
};

console.log('operation                                        ns/op   million/s   heap bytes/op');
for (const [name, operation] of Object.entries(cases)) {
  run(operation, WARM_UP);
  const started = performance.now();
  run(operation, ROUNDS);
  const nanoseconds = ((performance.now() - started) * 1e6) / ROUNDS;
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  run(operation, MEASURED_HEAP_ROUNDS);
  const heap = (process.memoryUsage().heapUsed - before) / MEASURED_HEAP_ROUNDS;
  const columns = [nanoseconds.toFixed(1), (1000 / nanoseconds).toFixed(2), heap.toFixed(2)];
  console.log(name.padEnd(44), ...columns.map((column) => column.padStart(10)));
}

function run(operation, rounds) {
  let failed = 0;
  for (let i = 0; i < rounds; i += 1) if (!operation()) failed += 1;
  if (failed > 0) throw new Error(`${failed} operations gave a wrong result`);
}
