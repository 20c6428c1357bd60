// What one core does in a second, and the heap bytes an operation takes: the two hot paths, which must take none, and the
// decoded values. `npm run bench`, with --expose-gc. Time is processor time of the whole process, collections included, so
// that a busy machine does not count.
import {
  AdvertisementView as view,
  decodeAdvertisement,
  encodeAdvertisement,
  encodeAdvertisementInto,
  encodePassword,
  ipBytes,
} from '@vrrp/wire';

const WARM_UP = 300_000;
const ROUNDS = 3_000_000;
/** Few enough that no collection comes in between and hides what was allocated. */
const HEAP_ROUNDS = 500;

const IPV4 = { source: '10.9.0.2', destination: '224.0.0.18', checksum: 'with-pseudo-header' };
const IPV6 = { source: 'fe80::a00:27ff:fe4e:66a1', destination: 'ff02::12', checksum: 'with-pseudo-header' };
const V3 = { version: 3, family: 4, vrid: 52, priority: 100, maxAdvertiseInterval: 100, addresses: ['10.9.0.102'] };
const THREE = { ...V3, addresses: ['10.9.0.102', '10.9.0.103', '10.9.0.104'] };
const V6 = { ...V3, family: 6, addresses: ['fe80::52'] };
const V2 = {
  version: 2,
  family: 4,
  vrid: 52,
  priority: 100,
  advertiseInterval: 1,
  authType: 1,
  authData: encodePassword('Letmein1'),
  addresses: ['10.9.0.102'],
};

const target = new Uint8Array(256);

/** Every check that a receiver makes of a message, in the order of RFC 9568 §7.1. */
function viewCase(value, context) {
  const bytes = encodeAdvertisement(value, context);
  const [source, destination] = [ipBytes(context.source), ipBytes(context.destination)];
  const addresses = view.addressWords(value.addresses.map(ipBytes), value.family);
  return () =>
    view.lengthVerdict(bytes, value.family) === 'exact' &&
    view.version(bytes) === 3 &&
    view.type(bytes) === 1 &&
    view.verifyChecksum(bytes, source, destination, 'with-pseudo-header') &&
    view.vrid(bytes) === 52 &&
    view.intervalCentiseconds(bytes) === 100 &&
    view.sameAddresses(bytes, addresses) &&
    view.priority(bytes) === 100;
}

function encodeIntoCase(value, context) {
  const parsed = { ...value, addresses: value.addresses.map(ipBytes) };
  const inBytes = { ...context, source: ipBytes(context.source), destination: ipBytes(context.destination) };
  const { length } = encodeAdvertisement(value, context);
  return () => encodeAdvertisementInto(target, 0, parsed, inBytes) === length;
}

function decodeCase(value, context) {
  const bytes = encodeAdvertisement(value, context);
  return () => decodeAdvertisement(bytes, context).ok;
}

function encodeCase(value, context) {
  const { length } = encodeAdvertisement(value, context);
  return () => encodeAdvertisement(value, context).length === length;
}

/** Name, the goal in million a second if there is one, the rounds over which the heap is looked at, the operation. */
const CASES = [
  ['view, every check, v3 IPv4', 3, ROUNDS, viewCase(V3, IPV4)],
  ['view, every check, v3 IPv4, 3 addresses', undefined, ROUNDS, viewCase(THREE, IPV4)],
  ['view, every check, v3 IPv6', undefined, ROUNDS, viewCase(V6, IPV6)],
  ['encodeAdvertisementInto, v3 IPv4', 3, ROUNDS, encodeIntoCase(V3, IPV4)],
  ['encodeAdvertisementInto, v3 IPv4, 3 addresses', undefined, ROUNDS, encodeIntoCase(THREE, IPV4)],
  ['encodeAdvertisementInto, v3 IPv6', undefined, ROUNDS, encodeIntoCase(V6, IPV6)],
  ['decodeAdvertisement, v3 IPv4', 1, HEAP_ROUNDS, decodeCase(V3, IPV4)],
  ['decodeAdvertisement, v3 IPv4, 3 addresses', undefined, HEAP_ROUNDS, decodeCase(THREE, IPV4)],
  ['decodeAdvertisement, v2 PASS', undefined, HEAP_ROUNDS, decodeCase(V2, IPV4)],
  ['decodeAdvertisement, v3 IPv6', undefined, HEAP_ROUNDS, decodeCase(V6, IPV6)],
  ['encodeAdvertisement, v3 IPv4', undefined, HEAP_ROUNDS, encodeCase(V3, IPV4)],
];

console.log('operation                                        ns   million/s   goal   heap bytes each');
for (const [name, , , operation] of CASES) run(name, operation, WARM_UP);
for (const [name, goal, heapRounds, operation] of CASES) {
  const nanoseconds = processorTime(() => run(name, operation, ROUNDS)) / ROUNDS;
  const heap = heapGrowth(() => run(name, operation, heapRounds)) / heapRounds;
  const rate = (1000 / nanoseconds).toFixed(2);
  const columns = [nanoseconds.toFixed(0).padStart(5), rate.padStart(12), (goal ?? '').toString().padStart(7)];
  console.log(name.padEnd(45) + columns.join('') + heap.toFixed(1).padStart(18));
}

function run(name, operation, rounds) {
  let failed = 0;
  for (let i = 0; i < rounds; i += 1) if (!operation()) failed += 1;
  if (failed > 0) throw new Error(`${name}: ${failed} wrong results`);
}

function processorTime(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

function heapGrowth(work) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  work();
  return process.memoryUsage().heapUsed - before;
}
