// What link beats ask the kernel, byte by byte (netdevice(7), linux/ethtool.h, linux/mii.h), and what the answers mean.
import { describe, expect, test } from '@jest/globals';

import {
  askForRegister,
  encodeGetLink,
  encodeInterfaceRequest,
  hasEthtoolLink,
  hasMiiLink,
  isRunning,
  registerValue,
} from '../src/codec/interface-request.js';
import { nativeAddon } from '../src/native/load.js';
import { hex } from './bytes.js';

/** struct ifreq with these bytes after the name. */
function answer(data: string): Uint8Array {
  const request = encodeInterfaceRequest('eth0');
  request.set(hex(data), 16);
  return request;
}

test('a request is a struct ifreq with the name in front', () => {
  expect(encodeInterfaceRequest('eth0')).toEqual(hex(`65746830${'00'.repeat(36)}`));
  expect(encodeGetLink()).toEqual(hex('0a00000000000000'));
});

test.each(['', 'sixteen-bytes-xx', 'a\0b', 'ééééééééé'])('%j cannot be the name of an interface', (name) => {
  expect(() => encodeInterfaceRequest(name)).toThrow(RangeError);
});

test.each([
  ['4310', true],
  ['0310', false],
  ['4210', false],
  ['0000', false],
])('flags %s: running %p', (flags, running) => {
  expect(isRunning(answer(flags))).toBe(running);
});

test.each([
  ['0a00000001000000', true],
  ['0a00000000000000', false],
])('ethtool answers %s: %p', (value, up) => {
  expect(hasEthtoolLink(hex(value))).toBe(up);
});

describe('an MII transceiver', () => {
  test('is asked for a register in the place of its own answer, and answers behind it', () => {
    const request = answer('0700');
    askForRegister(request, 1);
    expect(request).toEqual(answer('07000100'));
    expect(registerValue(answer('0700010000004d78'))).toBe(0x784d);
  });

  // IEEE 802.3 §22.2.4.2.13: bit 2 of the status register.
  test.each<[string, number, number, boolean | undefined]>([
    ['with a link', 0x1000, 0x784d, true],
    ['without one', 0x1000, 0x7849, false],
    ['that negotiates nothing', 0x0000, 0x0004, true],
    ['that is not there', 0xffff, 0xffff, undefined],
    ['of which nothing is known', 0x0000, 0x0000, undefined],
  ])('%s', (_title, control, status, link) => {
    expect(hasMiiLink(control, status)).toBe(link);
  });
});

describe('the addon', () => {
  test('asks the kernel, and answers with the errno of what it refuses', () => {
    const { interfaceRequest, constants } = nativeAddon();
    expect(interfaceRequest(constants.SIOCGIFFLAGS, encodeInterfaceRequest('nowhere0'))).toBe(-19 /* ENODEV */);
    const flags = encodeInterfaceRequest('lo');
    expect(interfaceRequest(constants.SIOCGIFFLAGS, flags)).toBe(0);
    expect((flags[16] ?? 0) & 0x8).toBe(0x8 /* IFF_LOOPBACK */);
  });

  test.each<[string, unknown[]]>([
    ['no request', [undefined, new Uint8Array(40)]],
    ['no bytes', [0x8913]],
    ['too few bytes', [0x8913, new Uint8Array(39)]],
    ['data that are no bytes', [0x8913, new Uint8Array(40), 7]],
  ])('takes no call with %s', (_title, words) => {
    expect(() => Reflect.apply(nativeAddon().interfaceRequest, undefined, words)).toThrow(
      // Of another realm, for jest.
      expect.objectContaining({ name: 'TypeError' }),
    );
  });
});
