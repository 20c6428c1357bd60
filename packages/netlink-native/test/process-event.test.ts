// Messages of the process connector: literal bytes as a kernel sends them, and malformed ones.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { decodeProcessEvent, encodeListen } from '../src/codec/process-event.js';
import { flipped, hex, toHex } from './bytes.js';

const HEAD = '01000000 01000000 00000000 00000000 2800 0000';

/** struct cn_msg and struct proc_event with this kind and these 32-bit numbers behind it. */
function event(what: string, ...numbers: readonly number[]): Uint8Array {
  const rest = Buffer.from(Uint32Array.from(numbers).buffer).toString('hex');
  return hex(`${HEAD} ${what} 00000000 0102030405060708 ${rest}`);
}

describe('process events', () => {
  test.each([
    ['a fork', event('01000000', 10, 10, 11, 11), { kind: 'fork', pid: 11, parent: 10 }],
    ['a fork by a thread', event('01000000', 12, 10, 11, 11), { kind: 'fork', pid: 11, parent: 10 }],
    ['a new thread', event('01000000', 10, 10, 11, 10), undefined],
    ['an exec', event('02000000', 11, 11), { kind: 'exec', pid: 11 }],
    ['an exec by a thread', event('02000000', 12, 11), { kind: 'exec', pid: 11 }],
    ['a new name', event('00020000', 11, 11, 0x616263, 0, 0, 0), { kind: 'comm', pid: 11 }],
    ['a new name of a thread', event('00020000', 12, 11, 0x616263, 0, 0, 0), undefined],
    ['an end', event('00000080', 11, 11, 0, 17, 10, 10), { kind: 'exit', pid: 11 }],
    ['the end of a thread', event('00000080', 12, 11, 0, 17, 10, 10), undefined],
    ['another user', event('04000000', 11, 11, 0, 0), undefined],
    ['consent', event('00000000', 0), { kind: 'answer', errno: 0 }],
    ['a refusal', event('00000000', 1), { kind: 'answer', errno: 1 }],
    ['a fork cut short', event('01000000', 10, 10, 11), undefined],
    ['an end cut short', event('00000080', 11), undefined],
    ['an answer cut short', event('00000000'), undefined],
    ['another connector', event('02000000', 11, 11).fill(2, 0, 1), undefined],
    ['nothing', new Uint8Array(), undefined],
  ])('%s', (_, payload, expected) => {
    expect(decodeProcessEvent(payload)).toEqual(expected);
  });

  test('whatever the bytes, reading ends without an exception', () => {
    fc.assert(
      fc.property(flipped(event('01000000', 10, 10, 11, 11)), (payload) => {
        expect(['string', 'undefined']).toContain(typeof decodeProcessEvent(payload)?.kind);
      }),
      { seed: 20260104, numRuns: 300 },
    );
  });

  test.each([
    ['on', true, '01000000'],
    ['off', false, '02000000'],
  ])('are turned %s', (_, listen, operation) => {
    const head = '28000000 0300 0000 00000000 00000000';
    const body = `01000000 01000000 00000000 00000000 0400 0000 ${operation}`;
    expect(toHex(encodeListen(listen))).toBe(toHex(hex(head + body)));
  });
});
