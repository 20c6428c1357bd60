// The README's privileged example runs as printed, with another router on the LAN.
import { expect, test } from '@jest/globals';

import { inNetworkNamespace, openKernel, openVrrpSocket } from '../src/index.js';
import { createNamespaceLab, requires } from '../src/testing/index.js';
import { PACKAGE_FOLDER, readmeExample } from './readme.js';

requires('root')('README', () => {
  test('speaking VRRP prints what the README says', async () => {
    const lab = createNamespaceLab();
    try {
      const reader = await lab.addNamespace('reader');
      const other = await lab.addNamespace('other');
      await lab.addBridgeLan('lan', [
        { namespace: reader, interface: 'eth0', addresses: ['fe80::1/64'] },
        { namespace: other, interface: 'eth0', addresses: ['fe80::2/64'] },
      ]);
      const kernel = await inNetworkNamespace(other, openKernel);
      const link = (await kernel.read('link')).find(({ name }) => name === 'eth0');
      kernel.close();
      const group = 'ff02::12';
      const options = {
        family: 6,
        linkIndex: link?.index ?? 0,
        linkName: 'eth0',
        multicastGroup: group,
        source: 'fe80::2',
      } as const;
      const socket = inNetworkNamespace(other, () =>
        openVrrpSocket(
          options,
          ([heard]) => {
            const bytes = heard?.payload.slice() ?? new Uint8Array();
            expect(socket.send([{ bytes, destination: group }])).toEqual([0]);
          },
          () => {},
        ),
      );
      const { argv, output } = readmeExample('Speak VRRP');
      // Started where the package is; the namespace is entered by `ip netns exec`.
      const folder = ['sh', '-c', 'cd "$0" && exec "$@"', PACKAGE_FOLDER];
      expect(await lab.run(reader, [...folder, ...argv])).toEqual({ stdout: output, stderr: '', status: 0 });
      socket.close();
    } finally {
      await lab.close();
    }
  });
});
