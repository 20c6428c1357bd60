// ICMP echo (RFC 792, RFC 4443): bytes with a checksum worked out by hand, and many pings over one socket.
import { describe, expect, test } from '@jest/globals';
import { assert, constantFrom, integer, property, uint8Array } from 'fast-check';
import { createNodeProber, createPinger, decodeEchoReply, encodeEchoRequest } from '../src/index.js';
import type { IcmpSocket, PingResult, Prober } from '../src/index.js';
import { FakeClock, FakeSpawner } from '../src/testing/index.js';

describe('bytes', () => {
  test('an IPv4 request: type 8, code 0, checksum, identifier, sequence', () => {
    // 0x0800 + 0x1234 + 0x0001 = 0x1a35, whose complement is 0xe5ca.
    const bytes = encodeEchoRequest(4, { identifier: 0x1234, sequence: 1 });
    expect([...bytes.subarray(0, 8)]).toEqual([8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1]);
    expect(bytes.length).toBe(64);
  });

  test('an IPv6 request: type 128, the checksum left to the kernel', () => {
    const bytes = encodeEchoRequest(6, { identifier: 0x1234, sequence: 1 });
    expect([...bytes.subarray(0, 8)]).toEqual([128, 0, 0, 0, 0x12, 0x34, 0, 1]);
  });

  test('a reply of an odd length, at an offset', () => {
    // 0x0000 + 0x1234 + 0x0001 + 0x0700 = 0x1935, whose complement is 0xe6ca.
    const bytes = new Uint8Array([0xff, 0, 0, 0xe6, 0xca, 0x12, 0x34, 0, 1, 7]).subarray(1);
    expect(decodeEchoReply(4, bytes)).toEqual({ identifier: 0x1234, sequence: 1 });
  });

  test.each<[string, number[]]>([
    ['a wrong checksum', [0, 0, 0xe6, 0xcb, 0x12, 0x34, 0, 1, 7]],
    ['a request', [8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1]],
    ['a code', [0, 1, 0xed, 0xc9, 0x12, 0x34, 0, 1]],
    ['a truncated one', [0, 0, 0xed, 0xca, 0x12, 0x34, 0]],
    ['nothing', []],
  ])('%s is no reply', (_fact, bytes) => {
    expect(decodeEchoReply(4, new Uint8Array(bytes))).toBeUndefined();
  });

  test('any bytes are a reply or none; a request with the type of a reply is the reply to it', () => {
    assert(
      property(uint8Array({ maxLength: 40 }), constantFrom(4 as const, 6 as const), (bytes, family) => {
        const { identifier, sequence } = decodeEchoReply(family, bytes) ?? { identifier: 0, sequence: 0 };
        for (const part of [identifier, sequence]) expect(part === (part & 0xffff)).toBe(true);
      }),
      { seed: 5, numRuns: 200 },
    );
    const number = integer({ min: 0, max: 0xffff });
    assert(
      property(number, number, constantFrom(4 as const, 6 as const), (identifier, sequence, family) => {
        expect(decodeEchoReply(family, replyTo(encodeEchoRequest(family, { identifier, sequence })))).toEqual({
          identifier,
          sequence,
        });
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});

/** What the other side answers: another type, and over IPv4 the checksum that goes with it. */
function replyTo(request: Uint8Array): Uint8Array {
  const reply = request.slice();
  const view = new DataView(reply.buffer);
  if (request[0] === 128) view.setUint8(0, 129);
  else {
    view.setUint8(0, 0);
    const sum = view.getUint16(2) + 0x0800;
    view.setUint16(2, sum > 0xffff ? sum - 0xffff : sum);
  }
  return reply;
}

class MemorySocket implements IcmpSocket {
  readonly family: 4 | 6;
  readonly sent: { readonly address: string; readonly message: Uint8Array }[] = [];
  problem: string | undefined;
  #listener: (message: Uint8Array, source: string) => void = () => undefined;

  constructor(family: 4 | 6) {
    this.family = family;
  }

  send(address: string, message: Uint8Array): string | undefined {
    if (this.problem === undefined) this.sent.push({ address, message });
    return this.problem;
  }

  receive(listener: (message: Uint8Array, source: string) => void): void {
    this.#listener = listener;
  }

  /** By the one that was asked, or by another. */
  answer(index: number, source = this.sent[index]?.address ?? ''): void {
    this.#listener(replyTo(this.sent[index]?.message ?? new Uint8Array()), source);
  }
}

describe('pings over one socket', () => {
  test('each hears its own answer, once, in any order', async () => {
    const sockets = [new MemorySocket(4), new MemorySocket(6)] as const;
    const ping = createPinger(sockets, 77);
    const heard: string[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1'])
      ping(address, ({ kind }) => heard.push(`${address} ${kind}`));
    sockets[0].answer(1);
    sockets[0].answer(1);
    sockets[1].answer(0);
    await Promise.resolve();
    expect(heard).toEqual(['192.0.2.2 replied', '2001:db8::1 replied']);
  });

  test('what another host answers says nothing of the one that was asked', async () => {
    const socket = new MemorySocket(4);
    const heard: PingResult[] = [];
    createPinger([socket], 1)('192.0.2.1', (result) => heard.push(result));
    socket.answer(0, '192.0.2.9');
    await Promise.resolve();
    expect(heard).toEqual([]);
    socket.answer(0);
    await Promise.resolve();
    expect(heard).toEqual([{ kind: 'replied' }]);
  });

  test('a cancelled ping hears nothing, nor does another pinger', async () => {
    const socket = new MemorySocket(4);
    const heard: PingResult[] = [];
    createPinger([socket], 1)('192.0.2.1', (result) => heard.push(result))();
    createPinger([socket], 2);
    socket.answer(0);
    await Promise.resolve();
    expect(heard).toEqual([]);
  });

  test('what cannot be sent is unreachable; no socket for a family cannot run', async () => {
    const socket = new MemorySocket(4);
    socket.problem = 'ENETUNREACH';
    const ping = createPinger([socket], 1);
    const heard: PingResult[] = [];
    ping('192.0.2.1', (result) => heard.push(result));
    ping('2001:db8::1', (result) => heard.push(result));
    expect(heard).toEqual([]);
    await Promise.resolve();
    expect(heard).toEqual([
      { kind: 'failed', reason: 'unreachable', detail: '192.0.2.1: ENETUNREACH' },
      { kind: 'cannot-run', message: 'no ICMP socket for IPv6' },
    ]);
  });
});

const ping = (prober: Prober, heard: (result: unknown) => void): (() => void) => prober.ping('192.0.2.1', heard);
const unit = (prober: Prober, heard: (result: unknown) => void): (() => void) => prober.unit('a.service', heard);

describe('what a program says by its exit status', () => {
  test.each([
    ['ping', ping, 0, { kind: 'replied' }],
    ['ping', ping, 1, { kind: 'failed', reason: 'unreachable', detail: '192.0.2.1' }],
    ['ping', ping, 2, { kind: 'cannot-run', message: 'ping exited with 2' }],
    ['ping', ping, undefined, { kind: 'cannot-run', message: 'spawn ping ENOENT' }],
    ['systemctl', unit, 0, { kind: 'active' }],
    ['systemctl', unit, 3, { kind: 'inactive' }],
    ['systemctl', unit, 4, { kind: 'missing' }],
    ['systemctl', unit, 1, { kind: 'cannot-run', message: 'systemctl exited with 1' }],
    ['systemctl', unit, undefined, { kind: 'cannot-run', message: 'spawn systemctl ENOENT' }],
  ])('%s: %p %p is %j', (program, probe, status, result) => {
    const clock = new FakeClock();
    const spawner = new FakeSpawner(clock);
    if (status !== undefined) spawner.install(program, { runs: 1, end: { kind: 'exit', status } });
    const heard: unknown[] = [];
    probe(createNodeProber({ spawner }), (one) => heard.push(one));
    clock.advance(1);
    expect(heard).toEqual([result]);
  });

  test.each([
    ['ping', ping],
    ['systemctl', unit],
  ])('%s is killed when it is cancelled', (program, probe) => {
    const clock = new FakeClock();
    const spawner = new FakeSpawner(clock);
    spawner.install(program, {});
    const heard: unknown[] = [];
    probe(createNodeProber({ spawner }), (one) => heard.push(one))();
    clock.advance(1);
    expect([heard.length, spawner.living]).toEqual([0, 0]);
  });

  test('systemctl is asked quietly for one unit', () => {
    const spawner = new FakeSpawner(new FakeClock());
    createNodeProber({ spawner }).unit('a.service', () => undefined);
    expect(spawner.requests).toEqual([{ argv: ['systemctl', 'is-active', '--quiet', '--', 'a.service'] }]);
  });
});
