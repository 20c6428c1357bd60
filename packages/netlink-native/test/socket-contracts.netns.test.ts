// The native sockets keep the contracts that those of simulated hosts keep, between two network namespaces.
import { setImmediate as turn } from 'node:timers/promises';

import { inNetworkNamespace, monotonicMicros, openFrameSocket, openKernel, openVrrpSocket } from '../src/index.js';
import {
  createNamespaceLab,
  frameSocketContract,
  requires,
  vrrpSocketContract,
  type NamespaceLab,
  type SocketEnd,
} from '../src/testing/index.js';

/** Of a pcap file, of one of its records, and of a frame of the contract. */
const [FILE_HEADER, RECORD_HEADER, FRAME] = [24, 16, 60];

interface Network {
  readonly lab: NamespaceLab;
  readonly namespaces: readonly [string, string];
  readonly linkIndexes: readonly [number, number];
}

async function makeNetwork(): Promise<Network> {
  const lab = createNamespaceLab();
  const namespaces = [await lab.addNamespace('a'), await lab.addNamespace('b')] as const;
  await lab.addBridgeLan(
    'lan',
    namespaces.map((namespace, i) => {
      return { namespace, interface: 'eth0', addresses: [`192.0.2.${i + 1}/24`, `fe80::${i + 1}/64`] };
    }),
  );
  return { lab, namespaces, linkIndexes: [await linkIndex(namespaces[0]), await linkIndex(namespaces[1])] };
}

async function linkIndex(namespace: string): Promise<number> {
  const kernel = await inNetworkNamespace(namespace, openKernel);
  const link = (await kernel.read('link')).find(({ name }) => name === 'eth0');
  kernel.close();
  return link?.index ?? 0;
}

requires('root', 'tcpdump')('native sockets', () => {
  vrrpSocketContract('a raw socket', async () => {
    const { lab, namespaces, linkIndexes } = await makeNetwork();
    const open: { close(): void }[] = [];
    const errors: Error[] = [];
    const end = (which: 0 | 1): SocketEnd => ({
      linkIndex: linkIndexes[which],
      linkName: 'eth0',
      ipv4: `192.0.2.${which + 1}`,
      ipv6: `fe80::${which + 1}`,
      open(options, listener) {
        const socket = inNetworkNamespace(namespaces[which], () =>
          openVrrpSocket(options, listener, (error) => errors.push(error)),
        );
        open.push(socket);
        return socket;
      },
    });
    return {
      ends: [end(0), end(1)],
      now: monotonicMicros,
      // What is sent is there before the call that sends returns: a veth pair has no queue of its own.
      arrive: () => undefined,
      read: () => turn(),
      async close() {
        for (const socket of open) socket.close();
        await lab.close();
        if (errors[0] !== undefined) throw errors[0];
      },
    };
  });

  frameSocketContract('a packet socket', async () => {
    const { lab, namespaces, linkIndexes } = await makeNetwork();
    const capture = await lab.capture(namespaces[1], 'eth0', ['ether', 'proto', '0x88b5']);
    const open: { close(): void }[] = [];
    return {
      linkIndex: linkIndexes[0],
      open(index) {
        const socket = inNetworkNamespace(namespaces[0], () => openFrameSocket({ linkIndex: index }));
        open.push(socket);
        return socket;
      },
      setLink: (state) => lab.setLink(namespaces[0], 'eth0', state),
      async arrived() {
        const records = new Uint8Array((await capture.stop()).subarray(FILE_HEADER));
        const size = RECORD_HEADER + FRAME;
        return Array.from({ length: records.length / size }, (_, i) =>
          records.subarray(i * size + RECORD_HEADER, (i + 1) * size),
        );
      },
      async close() {
        for (const socket of open) socket.close();
        await lab.close();
      },
    };
  });
});
