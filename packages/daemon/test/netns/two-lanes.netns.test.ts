// Much at once: a Master whose 255 addresses somebody sweeps away. What is due on the wire does not wait for the kernel's work.
// 255 takeovers together are traced in test/engine/lanes.test.ts, and measured on the wire by bench/mass-takeover.js.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import { createNodeLan, heldOf, onStage } from './stage.js';
import { watchAddresses } from './watch-addresses.js';

const COUNT = 255;
const INTERVAL = 0.2;
const LINK = 'eth0';
/** An address that somebody removed is back within so many microseconds. */
const REPAIR_LIMIT = 200_000;
/**
 * How much later than its time an advertisement may be seen, in microseconds, on a machine where other tests make and end
 * namespaces: the kernel has one lock for all of their networks. It is less than a Backup waits.
 */
const SLACK = 350_000;
const TIME_LIMIT = 90_000;
const VIRTUAL = Array.from({ length: COUNT }, (_, index) => `198.51.100.${index + 1}`);

requires('root', 'tcpdump')('much at once', () => {
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
