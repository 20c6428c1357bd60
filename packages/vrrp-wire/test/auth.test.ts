// Authentication with cryptography: IP AH against what keepalived 2.2.7 really sent, the HMAC trailer against its known
// vector, and both replay rules as steps.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  acceptSequence,
  decodeAuthenticationHeader,
  decodeHmacTrailer,
  EMPTY_REPLAY_WINDOW,
  encodeHmacTrailer,
  hmacSequence,
  judgeHmac,
  signDatagram,
  verifyDatagram,
} from '../src/auth/index.js';
import type { AhSigning, HmacPolicy } from '../src/auth/index.js';
import { encodePassword } from '../src/index.js';
import { concat } from './capture-files.js';
import { fromHex, toHex } from './vector-file.js';

function hmacMd5(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac('md5', key).update(input).digest();
}

function hmacSha256(key: Uint8Array, input: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(input).digest();
}

describe('IP Authentication Header', () => {
  const multicast: AhSigning = { key: encodePassword('Letmein1'), hmacMd5, unicast: false };
  const unicast: AhSigning = { key: encodePassword('secret'), hmacMd5, unicast: true };
  // Sent by keepalived 2.2.7 in our own namespaces, with auth_pass Letmein1 and secret.
  const sent: readonly (readonly [string, AhSigning, number, Uint8Array])[] = [
    [
      'multicast, first',
      multicast,
      1,
      fromHex(
        '45c0004000010000ff33d0ad0a090001e0000012700400000a09000100000001bd98de2048d1a6f79ab8d5642134c80102010a5a0a0900660000000000000000',
      ),
    ],
    [
      'multicast, second',
      multicast,
      2,
      fromHex(
        '45c0004000020000ff33d0ac0a090001e0000012700400000a090001000000022e2592ec3a8ad1928839e2812134c80102010a5a0a0900660000000000000000',
      ),
    ],
    [
      'multicast, stopping',
      multicast,
      6,
      fromHex(
        '45c0004000060000ff33d0a80a090001e0000012700400000a09000100000006a182f178ed9aeed23a9b8b10213400010201d25a0a0900660000000000000000',
      ),
    ],
    [
      'unicast, first',
      unicast,
      1,
      fromHex(
        '45c0004000010000ff33a6ae0a0900010a090009700400000a09000100000001118fbb2234826ae7639dfbb6213b640102016e4c0a09006d0000000000000000',
      ),
    ],
    [
      'unicast, second',
      unicast,
      2,
      fromHex(
        '45c0004000020000ff33a6ad0a0900010a090009700400000a09000100000002c77ae252aed4bb18dfeac910213b640102016e4c0a09006d0000000000000000',
      ),
    ],
  ];

  test.each(sent)('%s: verifies, and is signed to the same bytes', (_, signing, sequence, datagram) => {
    expect(verifyDatagram(datagram, signing)).toBe(true);
    const copy = Uint8Array.from(datagram);
    copy.fill(0xa5, 20, 44);
    signDatagram(copy, sequence, signing);
    expect(toHex(copy)).toBe(toHex(datagram));
    const header = decodeAuthenticationHeader(datagram.subarray(20));
    expect(
      header.ok && { ...header.value, icv: header.value.icv.length, payload: header.value.payload.length },
    ).toEqual({
      nextHeader: 112,
      spi: '10.9.0.1',
      sequence,
      icv: 12,
      payload: 20,
    });
  });

  test.each(sent)('%s: only the fields that change on the way may differ', (_, signing, _sequence, datagram) => {
    const free = new Set([1, 6, 7, 10, 11]);
    if (signing.unicast) free.add(8);
    for (let offset = 0; offset < datagram.length; offset += 1) {
      const changed = Uint8Array.from(datagram);
      changed[offset] = (changed[offset] ?? 0) ^ 1;
      expect([offset, verifyDatagram(changed, signing)]).toEqual([offset, free.has(offset)]);
    }
  });

  test('another password does not verify, nor does a datagram without room for the header', () => {
    const [[, , , datagram] = ['', multicast, 0, new Uint8Array()]] = sent;
    expect(verifyDatagram(datagram, { ...multicast, key: encodePassword('letmein1') })).toBe(false);
    expect(verifyDatagram(datagram.subarray(0, 43), multicast)).toBe(false);
  });

  test('signing refuses a sequence that does not fit, and a datagram too short', () => {
    expect(() => signDatagram(new Uint8Array(64), 0, multicast)).toThrow(RangeError);
    expect(() => signDatagram(new Uint8Array(64), 2 ** 32, multicast)).toThrow(RangeError);
    expect(() => signDatagram(new Uint8Array(43), 1, multicast)).toThrow(RangeError);
    const datagram = new Uint8Array(64);
    signDatagram(datagram, 2 ** 32 - 1, multicast);
    expect(toHex(datagram.subarray(28, 32))).toBe('ffffffff');
  });

  test.each([
    ['too short', '70040000 00000000 00000001 0000000000000000000000', 'truncated'],
    ['another length', '70050000 00000000 00000001 000000000000000000000000', 'unexpected-value'],
  ])('a header that is %s is an issue', (_, hex, kind) => {
    const header = decodeAuthenticationHeader(fromHex(hex));
    expect(!header.ok && header.issue.kind).toBe(kind);
  });
});

/** `1 3!` means 1 accepted, 3 refused. */
function play(sequences: readonly number[], size?: number): string {
  let window = EMPTY_REPLAY_WINDOW;
  const words: string[] = [];
  for (const sequence of sequences) {
    const step = acceptSequence(window, sequence, size);
    words.push(`${sequence}${step.accepted ? '' : '!'}`);
    window = step.window;
  }
  return words.join(' ');
}

describe('acceptSequence', () => {
  test.each<[string, readonly number[], number | undefined, string]>([
    ['each number once', [1, 1, 2, 2, 1], undefined, '1 1! 2 2! 1!'],
    ['late ones within the window', [5, 3, 4, 3, 36, 5, 6, 4], undefined, '5 3 4 3! 36 5! 6 4!'],
    ['a leap forgets', [1, 100, 69, 68, 99], undefined, '1 100 69 68! 99'],
    ['a leap of exactly the window', [1, 33, 1, 2, 2], undefined, '1 33 1! 2 2!'],
    ['zero never', [0, 1], undefined, '0! 1'],
    ['size 1: only forward', [2, 1, 2, 3], 1, '2 1! 2! 3'],
    [
      'the end of the numbers',
      [0xfffffffe, 0xffffffff, 0xffffffff, 0xfffffffe],
      undefined,
      '4294967294 4294967295 4294967295! 4294967294!',
    ],
  ])('%s', (_, sequences, size, expected) => {
    expect(play(sequences, size)).toBe(expected);
  });

  test.each([0, 33, 1.5])('a window of %s is the caller’s mistake', (size) => {
    expect(() => acceptSequence(EMPTY_REPLAY_WINDOW, 1, size)).toThrow(RangeError);
  });
});

type Arrival = Parameters<typeof judgeHmac>[2];

describe('HMAC trailer', () => {
  const key = Uint8Array.from('0123456789abcdef0123456789abcdef', (letter) => letter.charCodeAt(0));
  const message = fromHex('314bc801006411620a09004b');
  const trailer = fromHex('010100006b02ed8171530000ecf094f93b40f657b53cec190dd6ca47');
  const payload = concat(message, trailer);
  const time = { seconds: 0x6b02ed81, fraction: 0x7153, counter: 0 };
  const policy: HmacPolicy = { keys: new Map([[1, key]]), window: 30, hmacSha256 };
  const arrival: Arrival = { source: '10.9.0.1', seconds: time.seconds, last: undefined };

  function patched(offset: number, value: number): Uint8Array {
    const copy = Uint8Array.from(payload);
    copy[offset] = value;
    return copy;
  }

  test('is what keepalived made of this message, key and time', () => {
    const made = encodeHmacTrailer(message, { ...time, keyId: 1, key, source: '10.9.0.1', hmacSha256 });
    expect(toHex(made)).toBe(toHex(trailer));
    const { hash, ...fields } = decodeHmacTrailer(payload) ?? { hash: new Uint8Array() };
    expect(fields).toEqual({ ...time, type: 1, keyId: 1, reserved: 0 });
    expect(toHex(hash)).toBe('ecf094f93b40f657b53cec190dd6ca47');
  });

  test('is accepted, and says what to remember', () => {
    const sequence = 0x6b02ed8171530000n;
    expect(judgeHmac(payload, 12, arrival, policy)).toEqual({ outcome: 'accepted', sequence });
    expect(hmacSequence(time)).toBe(sequence);
  });

  test.each<[string, Uint8Array, Partial<Arrival>, Partial<HmacPolicy>, string]>([
    ['no trailer', message, {}, {}, 'missing'],
    ['a cut trailer', payload.subarray(0, 39), {}, {}, 'malformed'],
    ['bytes behind it', concat(payload, Uint8Array.of(0)), {}, {}, 'malformed'],
    ['another type', patched(12, 2), {}, {}, 'malformed'],
    ['reserved bits', patched(15, 1), {}, {}, 'malformed'],
    ['30 seconds late', payload, { seconds: time.seconds + 30 }, {}, 'accepted'],
    ['31 seconds late', payload, { seconds: time.seconds + 31 }, {}, 'stale'],
    ['31 seconds early', payload, { seconds: time.seconds - 31 }, {}, 'stale'],
    [
      'a year late without a window',
      payload,
      { seconds: time.seconds + 31_536_000 },
      { window: undefined },
      'accepted',
    ],
    ['a key nobody has', patched(13, 2), {}, {}, 'unknown_key'],
    ['another key', payload, {}, { keys: new Map([[1, encodePassword('x')]]) }, 'invalid_hmac'],
    ['another source', payload, { source: '10.9.0.2' }, {}, 'invalid_hmac'],
    ['an IPv6 source', payload, { source: '::10.9.0.1' }, {}, 'invalid_hmac'],
    ['a changed priority', patched(2, 255), {}, {}, 'invalid_hmac'],
    ['a changed time', patched(23, 1), {}, {}, 'invalid_hmac'],
    ['a changed checksum, which is not covered', patched(6, 0), {}, {}, 'accepted'],
    ['a sequence after the last', payload, { last: hmacSequence(time) - 1n }, {}, 'accepted'],
    ['the same sequence again', payload, { last: hmacSequence(time) }, {}, 'replay'],
    ['an older sequence', payload, { last: hmacSequence(time) + 1n }, {}, 'replay'],
    ['a last one from before the numbers wrapped', payload, { last: 2n ** 64n - 1n }, {}, 'accepted'],
  ])('%s: %5$s', (_, bytes, arrivalPart, policyPart, outcome) => {
    expect(judgeHmac(bytes, 12, { ...arrival, ...arrivalPart }, { ...policy, ...policyPart }).outcome).toBe(outcome);
  });

  test('works over IPv6', () => {
    const made = encodeHmacTrailer(message, { ...time, keyId: 7, key, source: 'fe80::1', hmacSha256 });
    const keys = new Map([[7, key]]);
    const verdict = judgeHmac(concat(message, made), 12, { ...arrival, source: 'fe80::1' }, { ...policy, keys });
    expect(verdict.outcome).toBe('accepted');
  });

  test('what does not fit its field is the caller’s mistake', () => {
    const signing = { ...time, keyId: 1, key, source: '10.9.0.1', hmacSha256 };
    expect(() => encodeHmacTrailer(message, { ...signing, keyId: 256 })).toThrow(RangeError);
    expect(() => encodeHmacTrailer(message, { ...signing, counter: 65_536 })).toThrow(RangeError);
    expect(() => encodeHmacTrailer(message.subarray(0, 7), signing)).toThrow(RangeError);
    expect(decodeHmacTrailer(new Uint8Array(27))).toBeUndefined();
  });
});
