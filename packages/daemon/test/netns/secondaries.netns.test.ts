// Addresses of one subnet: Linux takes the secondary ones away with their primary one (ip-address(8); no
// promote_secondaries), which must neither look like somebody's doing nor cost anybody an address.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import { createLoneNode, heldOf, onStage, untilHolding } from './stage.js';

const PRIMARY = '198.51.100.10';
const SECONDARY = '198.51.100.11';
const FOREIGN = '198.51.100.77';

const config = (addresses: readonly string[]): string =>
  instanceConfig({
    version: 3,
    vrid: 51,
    priority: 200,
    interface: 'eth0',
    interval: 0.2,
    addresses: addresses.map((address) => `${address}/24`),
  });

requires('root')('addresses of one subnet', () => {
  test.concurrent('a reload that removes the primary one keeps the role and the other one', () =>
    onStage(async (stage) => {
      const { node } = await createLoneNode(stage);
      const program = await start(stage, { namespace: node.namespace, config: config([PRIMARY, SECONDARY]) });
      await untilHolding(stage.lab, node.namespace, [PRIMARY, SECONDARY], 'all');

      await writeFile(join(program.folder, 'keepalived.conf'), config([SECONDARY]));
      program.signal('SIGHUP');
      await program.says(/^Reload complete$/);
      await untilHolding(stage.lab, node.namespace, [PRIMARY], 'none');
      await untilHolding(stage.lab, node.namespace, [SECONDARY], 'all');
      expect(program.roles()).toEqual(['backup', 'master']);
      expect(await program.stop()).toBe(0);
      expect(await heldOf(stage.lab, node.namespace, [PRIMARY, SECONDARY])).toEqual([]);
    }),
  );

  test.concurrent('a leftover goes without what others put beside it', () =>
    onStage(async (stage) => {
      const { node } = await createLoneNode(stage);
      for (const address of [PRIMARY, FOREIGN]) {
        await stage.lab.run(node.namespace, ['ip', 'address', 'add', `${address}/24`, 'dev', 'eth0']);
      }
      const program = await start(stage, { namespace: node.namespace, config: config([PRIMARY]) });
      await program.says(/Startup complete/);
      expect(await heldOf(stage.lab, node.namespace, [FOREIGN])).toEqual([FOREIGN]);
      await program.stop();
      expect(await heldOf(stage.lab, node.namespace, [PRIMARY, FOREIGN])).toEqual([FOREIGN]);
    }),
  );
});
