// Much at once: 255 virtual routers that take over together, and a Master whose 255 addresses somebody sweeps away. What is
// due on the wire does not wait for the kernel's work.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import { encodeAdvertisement } from '@vrrp/wire';

import { captureAdvertisements } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { openVrrpSender, VRRP_GROUP } from '../rig/vrrp-sender.js';
import { start } from './program.js';
import { createNodeLan, heldOf, onStage } from './stage.js';
import { watchAddresses } from './watch-addresses.js';

const COUNT = 255;
const INTERVAL = 0.2;
const LINK = 'eth0';
/** An address that somebody removed is back within so many microseconds. */
const REPAIR_LIMIT = 200_000;
/** How much later than its time an advertisement may be seen, in microseconds, by a test on a busy machine. */
const SLACK = 100_000;
const TIME_LIMIT = 60_000;
const VIRTUAL = Array.from({ length: COUNT }, (_, index) => `198.51.100.${index + 1}`);

requires('root', 'tcpdump')('much at once', () => {
  test(
    '255 virtual routers lose their Master: all of their advertisements have left before the first address is there',
    () =>
      onStage(async (stage) => {
        const { nodes } = await createNodeLan(stage);
        const [master, backup, witness] = nodes;
        const config = VIRTUAL.map((address, index) =>
          instanceConfig({
            name: `VI_${index + 1}`,
            version: 3,
            vrid: index + 1,
            priority: 100,
            interval: INTERVAL,
            interface: LINK,
            addresses: [`${address}/32`],
          }),
        ).join('\n');
        const sender = await openVrrpSender(master);
        const batch = VIRTUAL.map((address, index) => advertisement(index + 1, address, master.address));
        const timer = setInterval(() => sender.send(batch), INTERVAL * 1_000);
        try {
          const program = await start(stage, { namespace: backup.namespace, config });
          await program.says(/Startup complete/);
          const capture = await captureAdvertisements(stage.lab, witness.namespace, LINK);
          const addresses = await watchAddresses(stage.lab, backup.namespace);
          await capture.waitFor('the Master', ({ source, vrid }) => source === master.address && vrid === COUNT);
          clearInterval(timer);
          await addresses.waitFor('added', VIRTUAL.at(-1) ?? '');
          const first = addresses.seen.find(({ address }) => address.startsWith('198.51.100.'))?.at ?? 0;
          const ofBackup = capture.seen.filter(({ source, at }) => source === backup.address && at <= first);
          expect(new Set(ofBackup.map(({ vrid }) => vrid)).size).toBe(COUNT);
        } finally {
          clearInterval(timer);
          sender.close();
        }
      }),
    TIME_LIMIT,
  );

  test(
    'ip address flush under a Master of 255 addresses: all are back within 200 ms, no advertisement is late, the role stays',
    () =>
      onStage(async (stage) => {
        const { nodes } = await createNodeLan(stage);
        const [node, , witness] = nodes;
        const config = instanceConfig({
          version: 3,
          vrid: 51,
          priority: 200,
          interval: INTERVAL,
          interface: LINK,
          addresses: VIRTUAL.map((address) => `${address}/32`),
        });
        const program = await start(stage, { namespace: node.namespace, config });
        await program.becomes('master');
        const addresses = await watchAddresses(stage.lab, node.namespace);
        const capture = await captureAdvertisements(stage.lab, witness.namespace, LINK);
        await capture.waitFor('an advertisement', ({ vrid }) => vrid === 51);
        const from = program.log.length;
        await stage.lab.run(node.namespace, ['ip', 'address', 'flush', 'dev', LINK, 'to', '198.51.100.0/24']);
        const last = VIRTUAL.at(-1) ?? '';
        const gone = await addresses.waitFor('removed', last);
        const back = await addresses.waitFor('added', last, addresses.seen.indexOf(gone));
        expect(back.at - gone.at).toBeLessThan(REPAIR_LIMIT);
        const seen = capture.seen.length;
        await capture.waitFor('three more', () => capture.seen.length > seen + 3);
        const gaps = capture.seen.slice(1).map(({ at }, index) => at - (capture.seen[index]?.at ?? 0));
        expect(Math.max(...gaps)).toBeLessThan(INTERVAL * 1_000_000 + SLACK);
        expect(program.roles(from)).toEqual([]);
        expect(await heldOf(stage.lab, node.namespace, VIRTUAL)).toEqual(VIRTUAL);
      }),
    TIME_LIMIT,
  );
});

function advertisement(vrid: number, address: string, source: string): Uint8Array {
  return encodeAdvertisement(
    {
      version: 3,
      family: 4,
      vrid,
      priority: 200,
      maxAdvertiseInterval: INTERVAL * 100,
      addresses: [address],
    },
    { source, destination: VRRP_GROUP, checksum: 'with-pseudo-header' },
  );
}
