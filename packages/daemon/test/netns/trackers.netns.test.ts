// ../../examples/track-file and ../../examples/track-process, run by the real program: a number in a file is advertised,
// and the address goes where the application runs.
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { start } from './program.js';
import { createLoneNode, createNodeLan, onStage, untilHolding } from './stage.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const VIRTUAL = '192.168.1.100';
/** From the write of a tracked file to the advertisement that counts it, in microseconds. */
const ADVERTISED_WITHIN = 50_000;
/** A busy machine may be late: one write of so many has to be in time. */
const WRITES = 5;

requires('root', 'tcpdump')('examples/track-file', () => {
  test.concurrent('as it is: 5 in the file makes 249 of 244, 6 makes 250, and no file is 0', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const file = join(folder, 'keepalived.conf');
      await copyFile(join(EXAMPLES, 'track-file', 'keepalived.conf'), file);
      await writeFile(join(folder, 'bonus'), '5\n');
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const program = await start(stage, { namespace, folder, config: { file } });
      const first = await capture.waitFor('an advertisement', () => true);
      expect(first.priority).toBe(249);
      await writeFile(join(folder, 'bonus.new'), '6\n');
      await rename(join(folder, 'bonus.new'), join(folder, 'bonus'));
      await program.says(/^\(VI_1\) Changing effective priority from 249 to 250$/);
      await capture.waitFor('6 in the file', ({ priority }) => priority === 250);
      await rm(join(folder, 'bonus'));
      await capture.waitFor('no file', ({ priority }) => priority === 244);
      expect(await program.stop()).toBe(0);
    }),
  );

  // The file says `advert_int 1`; with a fiftieth of that the advertisement says how quickly the file was seen.
  test('the advertisement follows the write within 50 ms', () =>
    onStage(async (stage) => {
      const { namespace } = (await createLoneNode(stage)).node;
      const folder = await stage.folder();
      const text = await readFile(join(EXAMPLES, 'track-file', 'keepalived.conf'), 'utf8');
      expect(text).toContain('advert_int 1\n');
      const config = text.replace('advert_int 1\n', 'version 3\nadvert_int 0.02\n');
      const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
      const program = await start(stage, { namespace, folder, config });
      await capture.waitFor('no file', ({ priority }) => priority === 244);
      const delays: number[] = [];
      for (let count = 0; count < WRITES; count += 1) {
        const value = 5 + count;
        const from = capture.seen.length;
        await writeFile(join(folder, 'bonus'), `${value}\n`);
        const written = Date.now() * 1000;
        const seen = await capture.waitFor(`${value} in the file`, ({ priority }) => priority === 244 + value, {
          from,
        });
        delays.push(seen.at - written);
      }
      expect(Math.min(...delays)).toBeLessThan(ADVERTISED_WITHIN);
      expect(await program.stop()).toBe(0);
    }));
});

requires('root', 'tcpdump')('examples/track-process', () => {
  test.concurrent('the application stops and the address moves; it starts and the address comes back', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const { nodes } = await createNodeLan(stage, { network: '192.168.1' });
      const [nodeA, nodeB] = nodes;
      const bin = await stage.folder();
      const launch = async (namespace: string, name: string) => {
        await copyFile('/bin/sleep', join(bin, name));
        return lab.spawn(namespace, [join(bin, name), '1000'], { stdio: 'ignore' });
      };
      const applicationA = await launch(nodeA.namespace, 'demo-app');
      await launch(nodeB.namespace, 'demo-app-b');
      const a = await start(stage, {
        namespace: nodeA.namespace,
        config: { file: join(EXAMPLES, 'track-process', 'node-a.conf') },
      });
      // Both nodes see the processes of one machine here: the second has an application of another name.
      const text = await readFile(join(EXAMPLES, 'track-process', 'node-b.conf'), 'utf8');
      const config = text.replace('process demo-app ', 'process demo-app-b ');
      expect(config).not.toBe(text);
      const b = await start(stage, { namespace: nodeB.namespace, config });
      await a.becomes('master');
      await untilHolding(lab, nodeA.namespace, [VIRTUAL], 'all');
      const capture = await captureAdvertisements(lab, nodeB.namespace, 'eth0');
      await capture.waitFor('node a with its application', ({ priority }) => priority === 110);

      const from = { a: a.log.length, b: b.log.length };
      applicationA.kill('SIGKILL');
      await a.says(/^Quorum lost for tracked process app$/, { from: from.a });
      await b.becomes('master', { from: from.b });
      await a.becomes('backup', { from: from.a });
      await capture.waitFor('node b', ({ priority }) => priority === 105);
      await untilHolding(lab, nodeB.namespace, [VIRTUAL], 'all');
      await untilHolding(lab, nodeA.namespace, [VIRTUAL], 'none');

      const back = { a: a.log.length, b: b.log.length };
      await launch(nodeA.namespace, 'demo-app');
      await a.says(/^Quorum gained for tracked process app$/, { from: back.a });
      await a.becomes('master', { from: back.a });
      await b.becomes('backup', { from: back.b });
      await untilHolding(lab, nodeA.namespace, [VIRTUAL], 'all');
      await untilHolding(lab, nodeB.namespace, [VIRTUAL], 'none');
      expect(await a.stop()).toBe(0);
      expect(await b.stop()).toBe(0);
    }),
  );
});
