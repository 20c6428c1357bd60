// Signals to a running Master (behaviour of keepalived 2.2.7): the end by the book, with and without giving the addresses
// back; a new configuration on SIGHUP; the signals that only ask for something.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from '../rig/capture.js';
import type { AdvertisementCapture } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { start } from './program.js';
import type { Program } from './program.js';
import { createLoneNode, heldOf, onStage, untilHolding } from './stage.js';
import type { Stage } from './stage.js';

const FIRST = '198.51.100.10';
const SECOND = '203.0.113.10';
/** Seconds. */
const INTERVAL = 0.2;
/** Two advertisements farther apart than this have one missing between them, in microseconds. */
const GAP_MAX = 1.5 * INTERVAL * 1_000_000;
/** How many advertisements are looked at before something happens, and after it. */
const LOOK = 4;

function config(addresses: readonly string[], more: Partial<Parameters<typeof instanceConfig>[0]> = {}): string {
  return instanceConfig({
    version: 3,
    vrid: 51,
    priority: 200,
    interval: INTERVAL,
    interface: 'eth0',
    addresses: addresses.map((address) => `${address}/24`),
    ...more,
  });
}

interface Running {
  readonly namespace: string;
  readonly program: Program;
  readonly capture: AdvertisementCapture;
  /** The configuration file. */
  readonly file: string;
}

/** A Master that holds the first address and has advertised a few times. */
async function startMaster(stage: Stage, flags: readonly string[] = []): Promise<Running> {
  const { namespace } = (await createLoneNode(stage)).node;
  const capture = await captureAdvertisements(stage.lab, namespace, 'eth0');
  const program = await start(stage, { namespace, config: config([FIRST]), flags });
  await untilHolding(stage.lab, namespace, [FIRST], 'all');
  await moreAdvertisements(capture);
  return { namespace, program, capture, file: join(program.folder, 'keepalived.conf') };
}

/** Resolves when a few more have left. */
async function moreAdvertisements(capture: AdvertisementCapture): Promise<void> {
  const wanted = capture.seen.length + LOOK;
  await capture.waitFor(`${LOOK} more advertisements`, () => capture.seen.length >= wanted, { from: wanted - 1 });
}

function widestGap({ seen }: AdvertisementCapture): number {
  return Math.max(...seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? at)));
}

async function reload({ program }: Running, answer: RegExp): Promise<void> {
  const from = program.log.length;
  program.signal('SIGHUP');
  await program.says(answer, { from });
}

requires('root', 'tcpdump')('signals', () => {
  test.concurrent.each(['SIGTERM', 'SIGINT'] as const)('%s: priority 0, then the address goes, status 0', (signal) =>
    onStage(async (stage) => {
      const { namespace, program, capture } = await startMaster(stage);
      program.signal(signal);
      const farewell = await capture.waitFor('priority 0', ({ priority }) => priority === 0);
      expect(await program.end()).toBe(0);
      expect(farewell).toMatchObject({ vrid: 51, addresses: [FIRST], checksumGood: true });
      expect(capture.seen.at(-1)?.priority).toBe(0);
      expect(await heldOf(stage.lab, namespace, [FIRST])).toEqual([]);
    }),
  );

  test.concurrent('with -V the address stays, and nobody is told', () =>
    onStage(async (stage) => {
      const { namespace, program, capture } = await startMaster(stage, ['-V']);
      expect(await program.stop()).toBe(0);
      expect(await heldOf(stage.lab, namespace, [FIRST])).toEqual([FIRST]);
      await capture.stop();
      expect(new Set(capture.seen.map(({ priority }) => priority))).toEqual(new Set([200]));
    }),
  );

  test.concurrent('with --ignore-sigint SIGINT does nothing', () =>
    onStage(async (stage) => {
      const { program, capture } = await startMaster(stage, ['--ignore-sigint']);
      program.signal('SIGINT');
      await moreAdvertisements(capture);
      expect(program.roles()).toEqual(['backup', 'master']);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent.each(['SIGUSR1', 'SIGUSR2'] as const)('%s does not disturb it', (signal) =>
    onStage(async (stage) => {
      const { program, capture } = await startMaster(stage);
      program.signal(signal);
      await moreAdvertisements(capture);
      expect(widestGap(capture)).toBeLessThan(GAP_MAX);
      expect(await program.stop()).toBe(0);
    }),
  );

  test.concurrent('SIGHUP applies a changed file, and no advertisement is missing', () =>
    onStage(async (stage) => {
      const running = await startMaster(stage);
      const { namespace, program, capture, file } = running;
      await writeFile(file, config([FIRST, SECOND], { priority: 210 }));
      await reload(running, /^Reload complete$/);
      await untilHolding(stage.lab, namespace, [FIRST, SECOND], 'all');
      const changed = await capture.waitFor('the new priority', ({ priority }) => priority === 210);
      expect(changed.addresses).toEqual([FIRST, SECOND]);

      await writeFile(file, config([FIRST], { priority: 210 }));
      await reload(running, /^Reload complete$/);
      await untilHolding(stage.lab, namespace, [SECOND], 'none');
      await moreAdvertisements(capture);
      expect(capture.seen.at(-1)?.addresses).toEqual([FIRST]);
      expect(await heldOf(stage.lab, namespace, [FIRST])).toEqual([FIRST]);

      expect(widestGap(capture)).toBeLessThan(GAP_MAX);
      expect(capture.seen.map(({ priority }) => priority)).not.toContain(0);
      expect(program.roles()).toEqual(['backup', 'master']);
    }),
  );

  test.concurrent.each([
    ['a file that cannot be run', (file: string) => writeFile(file, config([SECOND], { interface: 'nosuch0' }))],
    ['no file', (file: string) => rm(file)],
  ] as const)('SIGHUP with %s keeps the old configuration, which a good one may follow', (_what, spoil) =>
    onStage(async (stage) => {
      const running = await startMaster(stage);
      const { namespace, program, capture, file } = running;
      await spoil(file);
      await reload(running, /^the configuration was not reloaded; the one that runs stays: /);
      await moreAdvertisements(capture);
      expect(new Set(capture.seen.map(({ addresses }) => addresses.join()))).toEqual(new Set([FIRST]));
      expect(await heldOf(stage.lab, namespace, [FIRST, SECOND])).toEqual([FIRST]);
      expect(widestGap(capture)).toBeLessThan(GAP_MAX);

      await writeFile(file, config([FIRST, SECOND]));
      await reload(running, /^Reload complete$/);
      await untilHolding(stage.lab, namespace, [FIRST, SECOND], 'all');
      expect(program.roles()).toEqual(['backup', 'master']);
      expect(await program.stop()).toBe(0);
    }),
  );
});
