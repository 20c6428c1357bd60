// What every VrrpSocket does, as a suite (assertions are Node's own): raw sockets pass it between two network namespaces,
// those of simulated hosts without privileges. Between two ends of one network, with an address of each family each.
import assert from 'node:assert/strict';
import type { ReceivedDatagram, VrrpSocket, VrrpSocketOptions } from '../sockets.js';
import { declareSuite, type Scenarios } from './suite.js';

export interface SocketEnd {
  readonly linkIndex: number;
  readonly linkName: string;
  readonly ipv4: string;
  /** Link-local. */
  readonly ipv6: string;
  open(options: VrrpSocketOptions, listener: (batch: readonly ReceivedDatagram[]) => void): VrrpSocket;
}

export interface VrrpSocketsUnderTest {
  readonly ends: readonly [SocketEnd, SocketEnd];
  /** Microseconds of the clock that arrivals are told by. */
  now(): number;
  /** What was sent arrives, and nobody reads it: at once, the process does nothing else meanwhile. */
  arrive(): void;
  /** Lets sockets be read. */
  read(): Promise<void>;
  close(): Promise<void>;
}

const IPV4_GROUP = '224.0.0.18';
const OTHER_IPV4_GROUP = '224.0.0.19';
const IPV6_GROUP = 'ff02::12';
const EBADF = 9;
const ENODEV = 19;
const EINVAL = 22;
const EMSGSIZE = 90;
const EADDRNOTAVAIL = 99;
/** More than one batch of either direction holds. */
const MANY = 70;
/** Two clocks are read one after the other and cut to whole microseconds. */
const CLOCKS_DIFFER = 200;

export function vrrpSocketContract(name: string, make: () => Promise<VrrpSocketsUnderTest>): void {
  const scenarios = { ...TRAVELLING, ...QUEUEING, ...OPENING };
  declareSuite(`${name} keeps the contract of VrrpSocket`, make, scenarios);
}

/** An open socket and everything it told. */
interface Ear {
  readonly socket: VrrpSocket;
  readonly batches: (readonly ReceivedDatagram[])[];
}

const TRAVELLING: Scenarios<VrrpSocketsUnderTest> = {
  async 'IPv4 multicast arrives once, whole, with addresses, TTL and link, and not at the sender'(subject) {
    const [a, b] = listenBoth(subject, { family: 4, multicastGroup: IPV4_GROUP });
    const [from, to] = subject.ends;
    const bytes = ipv4Datagram(from.ipv4, IPV4_GROUP, message(7), 254);
    assert.deepEqual(a.socket.send([{ bytes, destination: IPV4_GROUP }]), [0]);
    const [heard] = await hear(subject, b, 1);
    assert.deepEqual(told(heard), [[...message(7)], from.ipv4, IPV4_GROUP, 254, to.linkIndex]);
    // The sender would have heard itself before this answer came.
    send4(subject, b, 1, message(8));
    assert.deepEqual(
      (await hear(subject, a, 1)).map(({ source }) => source),
      [to.ipv4],
    );
  },
  async 'IPv6 multicast arrives from the source that was asked for, with hop limit 255'(subject) {
    const [from, to] = subject.ends;
    const a = listen(subject, 0, { family: 6, multicastGroup: IPV6_GROUP, source: from.ipv6 });
    const b = listen(subject, 1, { family: 6, multicastGroup: IPV6_GROUP });
    assert.deepEqual(a.socket.send([{ bytes: message(7), destination: IPV6_GROUP }]), [0]);
    const [heard] = await hear(subject, b, 1);
    // The checksum may be the kernel's.
    const [payload, ...rest] = told(heard);
    assert.deepEqual(
      [payload?.slice(0, 6), ...rest],
      [Array.from(message(7).subarray(0, 6)), from.ipv6, IPV6_GROUP, 255, to.linkIndex],
    );
  },
  async 'a datagram to one host arrives there'(subject) {
    const [a, b] = listenBoth(subject, { family: 4 });
    const [from, to] = subject.ends;
    const bytes = ipv4Datagram(from.ipv4, to.ipv4, message(7));
    assert.deepEqual(a.socket.send([{ bytes, destination: to.ipv4 }]), [0]);
    assert.deepEqual(
      (await hear(subject, b, 1)).map(({ destination }) => destination),
      [to.ipv4],
    );
  },
  async 'one datagram that cannot go does not keep back the others; they arrive in order'(subject) {
    const [a, b] = listenBoth(subject, { family: 4, multicastGroup: IPV4_GROUP });
    const { ipv4 } = subject.ends[0];
    const datagram = (payload: Uint8Array): { bytes: Uint8Array; destination: string } => {
      return { bytes: ipv4Datagram(ipv4, IPV4_GROUP, payload), destination: IPV4_GROUP };
    };
    // Longer than the link carries, and headers of the sender's own making are not fragmented.
    const long = datagram(new Uint8Array(1600));
    assert.deepEqual(a.socket.send([datagram(message(1)), long, datagram(message(2))]), [0, EMSGSIZE, 0]);
    assert.deepEqual(numbers(await hear(subject, b, 2)), [1, 2]);
  },
  async 'a source that this host does not have is an error of that datagram'(subject) {
    const a = listen(subject, 0, { family: 6, source: 'fe80::99' });
    assert.deepEqual(a.socket.send([{ bytes: message(7), destination: IPV6_GROUP }]), [EADDRNOTAVAIL]);
  },
  async 'the time is between sending and reading'(subject) {
    const [a, b] = listenBoth(subject, { family: 4, multicastGroup: IPV4_GROUP });
    const before = subject.now();
    send4(subject, a, 0, message(1));
    const [heard] = await hear(subject, b, 1);
    const arrivedAt = heard?.arrivedAt ?? Number.NaN;
    assert.ok(arrivedAt >= before - CLOCKS_DIFFER && arrivedAt <= subject.now(), `${before} ${arrivedAt}`);
  },
};

const QUEUEING: Scenarios<VrrpSocketsUnderTest> = {
  'drain reads what waits before it returns, in order, and nothing from inside the listener'(subject) {
    let inside = -1;
    const b = listen(subject, 1, { family: 4, multicastGroup: IPV4_GROUP }, (socket) => {
      inside = socket.drain();
    });
    sendMany(subject);
    subject.arrive();
    assert.equal(b.socket.drain(), MANY);
    assert.deepEqual(numbers(b.batches.flat()), sequence(MANY));
    assert.deepEqual([inside, b.socket.drain()], [0, 0]);
  },
  async 'what nobody drains is read by itself'(subject) {
    const b = listen(subject, 1, { family: 4, multicastGroup: IPV4_GROUP });
    sendMany(subject);
    assert.deepEqual(numbers(await hear(subject, b, MANY)), sequence(MANY));
  },
  'what waits when the listener closes the socket is not delivered any more'(subject) {
    const b = listen(subject, 1, { family: 4, multicastGroup: IPV4_GROUP }, (socket) => socket.close());
    sendMany(subject);
    subject.arrive();
    b.socket.drain();
    assert.equal(b.batches.length, 1);
    b.socket.close();
    assert.equal(b.socket.drain(), 0);
    const bytes = ipv4Datagram(subject.ends[1].ipv4, IPV4_GROUP, message(1));
    assert.deepEqual(b.socket.send([{ bytes, destination: IPV4_GROUP }]), [EBADF]);
  },
  async 'two sockets of one host both hear'(subject) {
    const ears = [0, 1].map(() => listen(subject, 1, { family: 4, multicastGroup: IPV4_GROUP }));
    send4(subject, listen(subject, 0, { family: 4 }), 0, message(3));
    for (const ear of ears) assert.deepEqual(numbers(await hear(subject, ear, 1)), [3]);
  },
  async 'a socket hears every group that its host has joined on the link, and no other'(subject) {
    const own = listen(subject, 1, { family: 4, multicastGroup: IPV4_GROUP });
    const other = listen(subject, 1, { family: 4, multicastGroup: OTHER_IPV4_GROUP });
    const a = listen(subject, 0, { family: 4 });
    const { ipv4 } = subject.ends[0];
    for (const [destination, number] of [
      ['224.0.0.20', 1],
      [OTHER_IPV4_GROUP, 2],
      [IPV4_GROUP, 3],
    ] as const) {
      a.socket.send([{ bytes: ipv4Datagram(ipv4, destination, message(number)), destination }]);
    }
    assert.deepEqual(numbers(await hear(subject, own, 2)), [2, 3]);
    assert.deepEqual(numbers(await hear(subject, other, 2)), [2, 3]);
  },
};

const OPENING: Scenarios<VrrpSocketsUnderTest> = {
  'a link that is not there, and a group that is none, are errors of the operating system'(subject) {
    const fails = (options: Partial<VrrpSocketOptions>, errno: number): void => {
      assert.throws(() => listen(subject, 0, { family: 4, ...options }), { code: 'ERR_VRRP_SOCKET', errno });
    };
    fails({ linkIndex: 4711, linkName: 'eth9' }, ENODEV);
    fails({ multicastGroup: '192.0.2.9' }, EINVAL);
  },
  'an address of the other family, or none, is a RangeError'(subject) {
    for (const options of [{ multicastGroup: IPV6_GROUP }, { multicastGroup: 'vrrp' }]) {
      assert.throws(() => listen(subject, 0, { family: 4, ...options }), RangeError);
    }
    assert.throws(() => listen(subject, 0, { family: 6, source: 'eth0' }), RangeError);
  },
};

function listen(
  { ends }: VrrpSocketsUnderTest,
  which: 0 | 1,
  options: Pick<VrrpSocketOptions, 'family'> & Partial<VrrpSocketOptions>,
  more: (socket: VrrpSocket) => void = () => {},
): Ear {
  const batches: (readonly ReceivedDatagram[])[] = [];
  const { linkIndex, linkName } = ends[which];
  const socket = ends[which].open({ linkIndex, linkName, ...options }, (batch) => {
    // Payloads are views that end with this call.
    batches.push(batch.map((one) => ({ ...one, payload: one.payload.slice() })));
    more(socket);
  });
  return { socket, batches };
}

function listenBoth(
  subject: VrrpSocketsUnderTest,
  options: Pick<VrrpSocketOptions, 'family'> & Partial<VrrpSocketOptions>,
): readonly [Ear, Ear] {
  return [listen(subject, 0, options), listen(subject, 1, options)];
}

/** Bounded by the runner's own time limit of a test. */
async function hear(
  subject: VrrpSocketsUnderTest,
  { batches }: Ear,
  count: number,
): Promise<readonly ReceivedDatagram[]> {
  while (batches.flat().length < count) await subject.read();
  return batches.flat();
}

function send4({ ends }: VrrpSocketsUnderTest, { socket }: Ear, which: 0 | 1, payload: Uint8Array): void {
  const bytes = ipv4Datagram(ends[which].ipv4, IPV4_GROUP, payload);
  assert.deepEqual(socket.send([{ bytes, destination: IPV4_GROUP }]), [0]);
}

/** From the first end, numbered. */
function sendMany(subject: VrrpSocketsUnderTest): void {
  const { socket } = listen(subject, 0, { family: 4 });
  const { ipv4 } = subject.ends[0];
  const datagrams = sequence(MANY).map((number) => {
    return { bytes: ipv4Datagram(ipv4, IPV4_GROUP, message(number)), destination: IPV4_GROUP };
  });
  assert.deepEqual(
    socket.send(datagrams),
    datagrams.map(() => 0),
  );
}

function told(heard: ReceivedDatagram | undefined): readonly [number[], ...(string | number | undefined)[]] {
  return [[...(heard?.payload ?? [])], heard?.source, heard?.destination, heard?.ttl, heard?.linkIndex];
}

function numbers(heard: readonly ReceivedDatagram[]): readonly (number | undefined)[] {
  return heard.map(({ payload }) => payload[1]);
}

function sequence(count: number): readonly number[] {
  return Array.from({ length: count }, (_, number) => number);
}

/** An IPv4 datagram as IP_HDRINCL wants it: the kernel fills in identification and checksum. */
function ipv4Datagram(source: string, destination: string, payload: Uint8Array, ttl = 255): Uint8Array {
  const length = 20 + payload.length;
  const start = [0x45, 0xc0, length >> 8, length & 0xff, 0, 0, 0, 0, ttl, 112, 0, 0];
  return Uint8Array.of(...start, ...octets(source), ...octets(destination), ...payload);
}

function octets(address: string): readonly number[] {
  return address.split('.').map(Number);
}

/** Something of a VRRP message's length; sockets do not judge. */
function message(number: number): Uint8Array {
  return Uint8Array.of(0x31, number, 100, 1, 0, 100, 0, 0, 192, 0, 2, 77);
}
