// The raw sockets of VRRP between two namespaces: what leaves is what was given, what arrives is told whole and once.
import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { inNetworkNamespace, monotonicMicros, openKernel, openVrrpSocket } from '../src/index.js';
import type { OperationError, ReceivedDatagram, Referenced, VrrpSocket, VrrpSocketOptions } from '../src/index.js';
import { createNamespaceLab, requires } from '../src/testing/index.js';
import type { NamespaceLab } from '../src/testing/index.js';

const IPV4_GROUP = '224.0.0.18';
const IPV6_GROUP = 'ff02::12';

/** One end: a namespace with its socket and everything the socket told. */
interface End {
  readonly namespace: string;
  readonly socket: VrrpSocket & Referenced;
  readonly batches: (readonly ReceivedDatagram[])[];
  readonly errors: OperationError[];
  heard(count: number): Promise<readonly ReceivedDatagram[]>;
}

/** An IPv4 datagram as IP_HDRINCL wants it; the kernel fills in total length, identification and checksum. */
function ipv4Datagram(source: string, destination: string, payload: Uint8Array, ttl = 255): Uint8Array {
  const header = Uint8Array.of(0x45, 0xc0, 0, 0, 0, 0, 0, 0, ttl, 112, 0, 0, ...octets(source), ...octets(destination));
  return Uint8Array.of(...header, ...payload);
}

function octets(address: string): number[] {
  return address.split('.').map(Number);
}

/** Something of a VRRP message's length; sockets do not judge. */
function message(number: number): Uint8Array {
  return Uint8Array.of(0x31, number, 100, 1, 0, 100, 0, 0, 192, 0, 2, 77);
}

requires('root', 'tcpdump')('raw VRRP sockets', () => {
  let lab: NamespaceLab = createNamespaceLab();
  let ends: { namespace: string; linkIndex: number }[] = [];
  const open: (VrrpSocket & Referenced)[] = [];

  beforeEach(async () => {
    lab = createNamespaceLab();
    ends = [];
    const names = [await lab.addNamespace('a'), await lab.addNamespace('b')];
    const members = names.map((namespace, i) => {
      const addresses = [`192.0.2.${i + 1}/32`, `fe80::${i + 1}/64`];
      return { namespace, interface: 'eth0', addresses };
    });
    await lab.addBridgeLan('lan', members);
    for (const namespace of names) {
      const kernel = await inNetworkNamespace(namespace, openKernel);
      const link = (await kernel.read('link')).find(({ name }) => name === 'eth0');
      kernel.close();
      ends.push({ namespace, linkIndex: link?.index ?? 0 });
    }
  });

  afterEach(async () => {
    for (const socket of open.splice(0)) socket.close();
    await lab.close();
  });

  /** Opens in namespace 0 or 1. */
  function openEnd(which: number, options: Partial<VrrpSocketOptions>, more: (end: End) => void = () => {}): End {
    const { namespace, linkIndex } = ends[which] ?? { namespace: '', linkIndex: 0 };
    const batches: (readonly ReceivedDatagram[])[] = [];
    const errors: OperationError[] = [];
    let wake: (() => void) | undefined;
    const listener = (batch: readonly ReceivedDatagram[]): void => {
      // Payloads are views that end with this call.
      batches.push(batch.map((one) => ({ ...one, payload: one.payload.slice() })));
      more(end);
      wake?.();
    };
    const onError = (error: OperationError): void => void errors.push(error);
    const full = { family: 4, linkIndex, linkName: 'eth0', ...options } as const;
    const socket = inNetworkNamespace(namespace, () => openVrrpSocket(full, listener, onError));
    open.push(socket);
    const heard: End['heard'] = async (count) => {
      while (batches.flat().length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return batches.flat();
    };
    const end: End = { namespace, socket, batches, errors, heard };
    return end;
  }

  test('multicast needs no route', async () => {
    const { namespace } = ends[0] ?? { namespace: '' };
    await lab.run(namespace, ['ip', 'route', 'flush', 'table', 'main']);
    expect((await lab.run(namespace, ['ip', 'route'])).stdout).toBe('');
    const a = openEnd(0, { multicastGroup: IPV4_GROUP });
    const b = openEnd(1, { multicastGroup: IPV4_GROUP });
    const bytes = ipv4Datagram('192.0.2.1', IPV4_GROUP, message(1));
    expect(a.socket.send([{ bytes, destination: IPV4_GROUP }])).toEqual([0]);
    await b.heard(1);
  });

  test('a batch larger than the slots leaves in order, one result each, and arrives in few calls', async () => {
    const a = openEnd(0, {});
    const b = openEnd(1, { multicastGroup: IPV4_GROUP });
    const datagrams = Array.from({ length: 100 }, (_, i) => {
      return { bytes: ipv4Datagram('192.0.2.1', IPV4_GROUP, message(i)), destination: IPV4_GROUP };
    });
    expect(a.socket.send(datagrams)).toEqual(datagrams.map(() => 0));
    const numbers = (await b.heard(100)).map(({ payload }) => payload[1]);
    expect(numbers).toEqual(datagrams.map((_, i) => i));
    expect(b.batches.length).toBeLessThan(20);
  });

  test('IPv6 multicast: the kernel fills in the checksum; hop limit and traffic class are VRRP’s', async () => {
    const a = openEnd(0, { family: 6, multicastGroup: IPV6_GROUP, source: 'fe80::1' });
    const b = openEnd(1, { family: 6, multicastGroup: IPV6_GROUP });
    const capture = await lab.capture(b.namespace, 'eth0', ['ip6', 'proto', '112']);
    expect(a.socket.send([{ bytes: message(7), destination: IPV6_GROUP }])).toEqual([0]);
    const [heard] = await b.heard(1);
    expect(heard).toMatchObject({
      source: 'fe80::1',
      destination: IPV6_GROUP,
      ttl: 255,
      linkIndex: ends[1]?.linkIndex,
    });
    expect(heard?.payload.subarray(6, 8)).not.toEqual(new Uint8Array(2));
    const packet = (await capture.stop()).subarray(24 + 16 + 14);
    // Version 6, class 0xc0; what follows is the flow label, which the kernel chooses.
    expect(((packet[0] ?? 0) << 4) | ((packet[1] ?? 0) >> 4)).toBe(0x6c0);
    expect(onesComplementSum(pseudoHeader(packet), packet.subarray(40))).toBe(0xffff);
  });

  test('an IPv6 datagram with a bad checksum is heard: judging is not the socket’s business', async () => {
    // Another protocol number, so that this kernel leaves the checksum as it is.
    const a = openEnd(0, { family: 6, source: 'fe80::1', protocol: 253 });
    const b = openEnd(1, { family: 6, multicastGroup: IPV6_GROUP, protocol: 253 });
    a.socket.send([{ bytes: message(7), destination: IPV6_GROUP }]);
    expect((await b.heard(1)).map(({ payload }) => payload)).toEqual([message(7)]);
  });

  test.each([4, 6] as const)('IPv%s: the time is that of the arrival, however late it is read', (family) => {
    const group = family === 4 ? IPV4_GROUP : IPV6_GROUP;
    const b = openEnd(1, { family, multicastGroup: group });
    const a = openEnd(0, { family, source: 'fe80::1' });
    const bytes = family === 4 ? ipv4Datagram('192.0.2.1', IPV4_GROUP, message(1)) : message(1);
    const send = (): void => void a.socket.send([{ bytes, destination: group }]);
    // A kernel that nobody had asked before begins to stamp a moment after it was asked.
    send();
    busyUntil(monotonicMicros() + STAMPING_BEGINS);
    b.socket.drain();
    b.batches.length = 0;
    const before = monotonicMicros();
    send();
    const between = monotonicMicros();
    busyUntil(between + READ_LATE);
    send();
    b.socket.drain();
    const [first = Number.NaN, second = Number.NaN] = b.batches.flat().map(({ arrivedAt }) => arrivedAt);
    expect(first).toBeGreaterThanOrEqual(before - CLOCKS_DIFFER);
    expect(first).toBeLessThan(between + READ_LATE / 2);
    expect(second).toBeGreaterThanOrEqual(between + READ_LATE - CLOCKS_DIFFER);
    expect(second).toBeLessThanOrEqual(monotonicMicros());
  });

  test('a socket of one link does not hear another', async () => {
    const [a, b] = ends;
    await lab.addBridgeLan('other', [
      { namespace: a?.namespace ?? '', interface: 'eth1', addresses: ['198.51.100.1/24'] },
      { namespace: b?.namespace ?? '', interface: 'eth1', addresses: ['198.51.100.2/24'] },
    ]);
    const kernel = await inNetworkNamespace(a?.namespace ?? '', openKernel);
    const other = (await kernel.read('link')).find(({ name }) => name === 'eth1');
    kernel.close();
    const sender = openEnd(0, {});
    const otherSender = openEnd(0, { linkIndex: other?.index ?? 0, linkName: 'eth1' });
    const receiver = openEnd(1, { multicastGroup: IPV4_GROUP });
    const send = (end: End, number: number): void => {
      const bytes = ipv4Datagram('192.0.2.1', IPV4_GROUP, message(number));
      expect(end.socket.send([{ bytes, destination: IPV4_GROUP }])).toEqual([0]);
    };
    send(otherSender, 1);
    send(sender, 2);
    expect((await receiver.heard(1)).map(({ payload }) => payload[1])).toEqual([2]);
  });

  test.each([
    ['a link that is not there', { linkIndex: 4711, linkName: 'eth9' }, { errno: 19, syscall: /SO_BINDTODEVICE/ }],
    ['a name that now means another link', { linkName: 'lo' }, { errno: 22, syscall: /IP_MULTICAST_IF/ }],
    ['the same for IPv6', { linkName: 'lo', family: 6 }, { errno: 22, syscall: /IPV6_MULTICAST_IF/ }],
    ['a group that is none', { multicastGroup: '192.0.2.9' }, { errno: 22, syscall: /MCAST_JOIN_GROUP/ }],
  ] as const)('%s is an OperationError that names the step', (_, options, { errno, syscall }) => {
    expect(() => openEnd(0, options)).toThrow(
      expect.objectContaining({ code: 'ERR_VRRP_SOCKET', errno, syscall: expect.stringMatching(syscall) }),
    );
  });

  test.each([
    ['a group of the other family', { multicastGroup: IPV6_GROUP }],
    ['a group that is no address', { multicastGroup: 'vrrp' }],
    ['a source that is no address', { family: 6, source: 'eth0' }],
  ] as const)('%s is a RangeError', (_, options) => {
    expect(() => openEnd(0, options)).toThrow(RangeError);
  });
});

/** Two clocks are read one after the other and cut to whole microseconds. */
const CLOCKS_DIFFER = 200;
const READ_LATE = 20_000;
const STAMPING_BEGINS = 20_000;

/** Does not let the event loop read anything meanwhile. */
function busyUntil(at: number): void {
  while (monotonicMicros() < at);
}

/** Of an IPv6 packet that carries VRRP (RFC 8200 §8.1). */
function pseudoHeader(packet: Uint8Array): Uint8Array {
  return Uint8Array.of(...packet.subarray(8, 40), 0, 0, packet[4] ?? 0, packet[5] ?? 0, 0, 0, 0, 112);
}

function onesComplementSum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) for (const [i, byte] of part.entries()) sum += i % 2 === 0 ? byte << 8 : byte;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
