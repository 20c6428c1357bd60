// Raw ICMP sockets: an echo request to another host and the reply to it, over both families; nothing but replies is heard.
import { expect, test } from '@jest/globals';

import { inNetworkNamespace, openIcmpSocket } from '../src/index.js';
import { createNamespaceLab, requires } from '../src/testing/index.js';

/** Echo request without data, identifier 0x1234, sequence 1; the checksum of the IPv6 one is the kernel's. */
const REQUESTS = {
  4: Uint8Array.of(8, 0, 0xe5, 0xca, 0x12, 0x34, 0, 1),
  6: Uint8Array.of(128, 0, 0, 0, 0x12, 0x34, 0, 1),
} as const;
const ECHO_REPLY = { 4: 0, 6: 129 } as const;

requires('root')('an ICMP socket', () => {
  test.each([
    [4, ['192.0.2.1', '192.0.2.2'], '192.0.2.9'],
    [6, ['2001:db8::1', '2001:db8::2'], 'not an address'],
  ] as const)('over IPv%p', async (family, [own, other], wrong) => {
    const lab = createNamespaceLab();
    const prefix = family === 4 ? 24 : 64;
    try {
      const names = [await lab.addNamespace('a'), await lab.addNamespace('b')] as const;
      await lab.addBridgeLan('lan', [
        { namespace: names[0], interface: 'eth0', addresses: [`${own}/${prefix}`] },
        { namespace: names[1], interface: 'eth0', addresses: [`${other}/${prefix}`] },
      ]);
      const socket = inNetworkNamespace(names[0], () => openIcmpSocket(family));
      const heard: number[][] = [];
      const sources: string[] = [];
      const replied = new Promise<void>((resolve) => {
        socket.receive((message, source) => {
          heard.push([...message]);
          sources.push(source);
          resolve();
        });
      });
      // The other host asks us, too: its request is not for this socket.
      await lab.run(names[1], ['ping', '-c', '1', '-W', '5', own]);
      expect(socket.send(other, REQUESTS[family])).toBeUndefined();
      await replied;
      expect(heard).toEqual([[ECHO_REPLY[family], 0, expect.any(Number), expect.any(Number), 0x12, 0x34, 0, 1]]);
      expect(sources).toEqual([other]);
      expect(socket.send(family === 4 ? '203.0.113.1' : '2001:db8:f::1', REQUESTS[family])).toBe('ENETUNREACH');
      if (family === 6) expect(socket.send(wrong, REQUESTS[family])).toBe('not an IPv6 address');
      socket.close();
    } finally {
      await lab.close();
    }
  });
});
