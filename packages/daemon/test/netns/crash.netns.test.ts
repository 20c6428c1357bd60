// What a killed Master leaves, and what the next start does about it: it removes its own leftovers before it listens or
// advertises, and never an address that it did not add.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { VRRP_PROTOCOL } from '@vrrp/netlink-native';
import type { AddressSpec } from '@vrrp/netlink-native';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import type { Program } from './program.js';
import {
  createLoneNode,
  createNodeLan,
  heldOf,
  kernelAddresses,
  linkNamed,
  onStage,
  untilHolding,
  withKernel,
} from './stage.js';
import type { Stage } from './stage.js';
import { watchAddresses } from './watch-addresses.js';

const FIRST = '198.51.100.10';
const SECOND = '198.51.100.11';
const THIRD = '198.51.100.12';

function config(priority: number, addresses: readonly string[]): string {
  return instanceConfig({
    version: 3,
    vrid: 51,
    priority,
    interval: 0.2,
    interface: 'eth0',
    // Each a network of its own: Linux removes the younger addresses of a network together with its oldest one.
    addresses: addresses.map((address) => `${address}/32`),
  });
}

/** A Master in the namespace that was killed; what it left is there. */
async function crashedMaster(stage: Stage, namespace: string, addresses: readonly string[]): Promise<Program> {
  const program = await start(stage, { namespace, config: config(200, addresses) });
  await program.becomes('master');
  await untilHolding(stage.lab, namespace, addresses, 'all');
  await program.crash();
  expect(await heldOf(stage.lab, namespace, addresses)).toEqual(addresses);
  return program;
}

async function addMarked(namespace: string, address: string, more: Partial<AddressSpec> = {}): Promise<void> {
  const linkIndex = (await linkNamed(namespace, 'eth0')).index;
  const spec: AddressSpec = {
    kind: 'address',
    family: 4,
    address,
    prefixLength: 32,
    linkIndex,
    protocol: VRRP_PROTOCOL,
    ...more,
  };
  const results = await withKernel(namespace, (kernel) => kernel.apply([{ action: 'add', object: spec }]));
  expect(results).toEqual([expect.objectContaining({ ok: true })]);
}

function position(program: Program, event: string): number {
  return program.log.findIndex((record) => record.event === event);
}

requires('root', 'tcpdump')('the start after a crash', () => {
  test.concurrent('as Backup: the address goes before the daemon listens, and it says nothing', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const [one, two] = (await createNodeLan(stage)).nodes;
      const { folder } = await crashedMaster(stage, one.namespace, [FIRST]);
      const other = await start(stage, { namespace: two.namespace, config: config(150, [FIRST]) });
      await other.becomes('master');

      const capture = await captureAdvertisements(lab, two.namespace, 'eth0');
      const watch = await watchAddresses(lab, one.namespace);
      const program = await start(stage, { namespace: one.namespace, config: config(50, [FIRST]), folder });
      expect(await heldOf(lab, one.namespace, [FIRST])).toEqual([]);
      const removal = await program.says(new RegExp(`^removed ${FIRST} from eth0, left there by an earlier run$`));
      const opened = await program.heard('opens a socket', ({ event }) => event === 'channel-opened');
      expect(position(program, 'leftovers-removed')).toBeLessThan(position(program, 'channel-opened'));
      expect(removal.monotonic).toBeLessThanOrEqual(opened.monotonic ?? 0);
      // As the kernel tells it: gone, and never there again.
      await watch.waitFor('removed', FIRST);
      await capture.waitFor('the other one goes on', () => true, { from: capture.seen.length });
      expect(watch.seen.filter(({ address }) => address === FIRST).map(({ kind }) => kind)).toEqual(['removed']);
      expect(program.roles()).toEqual(['backup']);
      expect(other.roles()).toEqual(['backup', 'master']);
      expect(new Set(capture.seen.map(({ source }) => source))).toEqual(new Set([two.address]));
    }),
  );

  test.concurrent('alone: the address goes before the first advertisement leaves, and comes back with the role', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const { node: one } = await createLoneNode(stage);
      const { folder } = await crashedMaster(stage, one.namespace, [FIRST]);
      const capture = await captureAdvertisements(lab, one.namespace, 'eth0');
      const watch = await watchAddresses(lab, one.namespace);
      const program = await start(stage, { namespace: one.namespace, config: config(200, [FIRST]), folder });
      const removed = await watch.waitFor('removed', FIRST);
      const first = await capture.waitFor('an advertisement', () => true);
      const added = await watch.waitFor('added', FIRST);
      expect(removed.at).toBeLessThan(first.at);
      expect(removed.at).toBeLessThan(added.at);
      expect(first.priority).toBe(200);
      expect(await program.stop()).toBe(0);
      expect(await heldOf(lab, one.namespace, [FIRST])).toEqual([]);
    }),
  );

  test.concurrent('with another configuration: the journal knows the address that is no longer in the file', () =>
    onStage(async (stage) => {
      const { lab } = stage;
      const { namespace } = (await createLoneNode(stage)).node;
      const { folder } = await crashedMaster(stage, namespace, [FIRST, SECOND]);
      const program = await start(stage, { namespace, config: config(50, [THIRD]), folder });
      await program.says(new RegExp(`^removed ${FIRST} from eth0`));
      await program.says(new RegExp(`^removed ${SECOND} from eth0`));
      expect(await heldOf(lab, namespace, [FIRST, SECOND, THIRD])).toEqual([]);
      expect(position(program, 'leftovers-removed')).toBeLessThan(position(program, 'channel-opened'));
      const journal = join(folder, 'vrrp.addresses.json');
      expect(await readFile(journal, 'utf8')).toContain(THIRD);
      expect(await program.stop()).toBe(0);
      expect(existsSync(journal)).toBe(false);
    }),
  );

  test.concurrent(
    'addresses of others stay: one with our mark that is not in the journal, one of the journal without it',
    () =>
      onStage(async (stage) => {
        const { lab } = stage;
        const { namespace, address: own } = (await createLoneNode(stage)).node;
        const { folder } = await crashedMaster(stage, namespace, [FIRST, SECOND]);
        await addMarked(namespace, '198.51.100.77');
        // Somebody took the second one over: it is theirs now, because it no longer carries the mark.
        await lab.run(namespace, ['ip', 'address', 'del', `${SECOND}/32`, 'dev', 'eth0']);
        await addMarked(namespace, SECOND, { protocol: 0 });

        const program = await start(stage, { namespace, config: config(50, [THIRD]), folder });
        await program.says(new RegExp(`^removed ${FIRST} from eth0`));
        const held = (await kernelAddresses(namespace)).filter(({ family, scope }) => family === 4 && scope === 0);
        expect(held.map(({ address, protocol }) => [address, protocol]).sort()).toEqual(
          [
            [own, 0],
            [SECOND, 0],
            ['198.51.100.77', VRRP_PROTOCOL],
          ].sort(),
        );
        expect(await program.stop()).toBe(0);
        expect(await heldOf(lab, namespace, [own, SECOND, '198.51.100.77'])).toHaveLength(3);
      }),
  );
});
