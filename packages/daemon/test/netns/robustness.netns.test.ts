// Malformed packets at a running Master and a running Backup: every truncation and every single-bit flip of two valid
// messages that would change their roles, and random bytes, from a third node. Flips are in the VRRP message only: what is
// above it is the kernel's to judge.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';
import { encodeAdvertisement, encodePassword } from '@vrrp/wire';
import type { Advertisement } from '@vrrp/wire';

import { captureAdvertisements } from '../rig/capture.js';
import type { CapturedAdvertisement } from '../rig/capture.js';
import { instanceConfig } from '../rig/instance-config.js';
import { openVrrpSender, VRRP_GROUP } from '../rig/vrrp-sender.js';
import { start } from './program.js';
import { createNodeLan, heldOf, onStage, untilHolding } from './stage.js';
import type { Node } from './stage.js';

const VIRTUAL = '198.51.100.10';
const VRID = 51;
const PASSWORD = 'Letmein1';
const MASTER_PRIORITY = 200;
const BACKUP_PRIORITY = 100;
const RANDOM_COUNT = 2_000;
const RANDOM_LENGTH_MAX = 64;
const SEED = 0x5eed;
/** Packets of one batch, and milliseconds between batches: all of them take as long as a few advertisement intervals. */
const BATCH = 32;
const BATCH_INTERVAL_MS = 40;
/** Bytes that are neither VRRP versions nor this VRID would be thrown away at the first look. */
const PLAUSIBLE_SHARE = 0.75;

interface Sender {
  send(messages: readonly Uint8Array[]): Promise<void>;
  close(): void;
}

async function openSender(node: Node): Promise<Sender> {
  const sender = await openVrrpSender(node);
  const send = async (messages: readonly Uint8Array[]): Promise<void> => {
    for (let first = 0; first < messages.length; first += BATCH) {
      sender.send(messages.slice(first, first + BATCH));
      // Paced, so that advertisements fall due in the middle of it.
      await new Promise((resolve) => setTimeout(resolve, BATCH_INTERVAL_MS));
    }
  };
  return { send, close: () => sender.close() };
}

/** A message of ours that both nodes believe: from a better Master, or, with priority 0, from one that goes. */
function valid(version: 2 | 3, source: string, priority: number): Uint8Array {
  const common = { vrid: VRID, priority, addresses: [VIRTUAL] };
  const value: Advertisement =
    version === 2
      ? { ...common, version, family: 4, advertiseInterval: 1, authType: 1, authData: encodePassword(PASSWORD) }
      : { ...common, version, family: 4, maxAdvertiseInterval: 20 };
  const context = { source, destination: VRRP_GROUP, checksum: 'with-pseudo-header' } as const;
  return encodeAdvertisement(value, context);
}

function truncations(message: Uint8Array): readonly Uint8Array[] {
  return Array.from(message, (_byte, length) => message.slice(0, length));
}

function bitFlips(message: Uint8Array): readonly Uint8Array[] {
  return Array.from({ length: message.length * 8 }, (_bit, bit) => {
    const flipped = message.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
    return flipped;
  });
}

/** Bytes from a seed; most begin as an advertisement of this version for our VRID does, so that they are looked into. */
function randomMessages(version: 2 | 3, random: () => number): readonly Uint8Array[] {
  return Array.from({ length: RANDOM_COUNT }, () => {
    const message = Uint8Array.from({ length: Math.floor(random() * RANDOM_LENGTH_MAX) }, () => random() * 256);
    if (random() < PLAUSIBLE_SHARE) message.set([(version << 4) | 1, VRID].slice(0, message.length));
    return message;
  });
}

/**
 * Seconds from one advertisement to the next. In such a flood tcpdump misses some; the identification in the IP header,
 * which counts them as they leave, tells how many lie between two that it saw.
 */
function intervals(seen: readonly CapturedAdvertisement[]): readonly number[] {
  const points = seen.map(({ at, text }) => ({ at, count: Number(/, id (\d+),/.exec(text)?.[1]) }));
  return points.slice(1).map(({ at, count }, index) => {
    const before = points[index] ?? { at, count };
    return (at - before.at) / (count - before.count) / 1_000_000;
  });
}

/** mulberry32, a small generator with a state of 32 bits: the same bytes in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

requires('root', 'tcpdump')('malformed packets', () => {
  test.each([
    { title: 'version 2 with a password', version: 2, interval: 1, password: PASSWORD, reasons: ['auth-failure'] },
    { title: 'version 3', version: 3, interval: 0.2, reasons: [] },
  ] as const)('$title: nobody changes its role, and the Master keeps its interval', (row) =>
    onStage(async (stage) => {
      const { version, interval } = row;
      const [one, two, three] = (await createNodeLan(stage)).nodes;
      const config = (priority: number): string =>
        instanceConfig({
          version,
          vrid: VRID,
          priority,
          interval,
          interface: 'eth0',
          addresses: [`${VIRTUAL}/24`],
          ...('password' in row ? { password: row.password } : {}),
        });
      const master = await start(stage, { namespace: one.namespace, config: config(MASTER_PRIORITY) });
      const backup = await start(stage, { namespace: two.namespace, config: config(BACKUP_PRIORITY) });
      const capture = await captureAdvertisements(stage.lab, two.namespace, 'eth0');
      await untilHolding(stage.lab, one.namespace, [VIRTUAL], 'all');
      await capture.waitFor('the Backup hears its Master', ({ priority }) => priority === MASTER_PRIORITY);
      const better = valid(version, three.address, 254);
      const farewell = valid(version, three.address, 0);
      const sender = await openSender(three);
      try {
        const from = capture.seen.length;
        const bases = [better, farewell];
        await sender.send([...bases.flatMap(truncations), ...bases.flatMap(bitFlips)]);
        await sender.send(randomMessages(version, seededRandom(SEED)));
        expect(master.roles()).toEqual(['backup', 'master']);
        expect(backup.roles()).toEqual(['backup']);

        // The first good packet is obeyed at once. It was behind all the others, so they have been read.
        const heard = { master: master.log.length, capture: capture.seen.length };
        await sender.send([better]);
        await master.becomes('backup', { from: heard.master });
        const end = await capture.waitFor(
          'the good packet',
          ({ source, priority, checksumGood }) => source === three.address && priority === 254 && checksumGood,
          { from: heard.capture },
        );
        await untilHolding(stage.lab, one.namespace, [VIRTUAL], 'none');
        expect(master.roles()).toEqual(['backup', 'master', 'backup']);
        expect(backup.roles()).toEqual(['backup']);
        expect(await heldOf(stage.lab, two.namespace, [VIRTUAL])).toEqual([]);

        const ours = capture.seen.slice(from).filter(({ at, source }) => at < end.at && source !== three.address);
        expect(new Set(ours.map(({ source, priority }) => `${source} ${priority}`))).toEqual(
          new Set([`${one.address} ${MASTER_PRIORITY}`]),
        );
        const gaps = intervals(ours);
        expect(gaps.length).toBeGreaterThan(1);
        // None was left out, and none was provoked.
        expect(Math.max(...gaps)).toBeLessThan(1.5 * interval);
        expect(Math.min(...gaps)).toBeGreaterThan(0.5 * interval);
        for (const program of [master, backup]) {
          const discarded = program.log.filter(({ event }) => event === 'advertisement-discarded');
          const reasons = discarded.map(({ reason }) => reason);
          expect(reasons).toEqual(expect.arrayContaining(['length', 'version', 'type', 'checksum', ...row.reasons]));
          // Each is said once, however many there were.
          expect(new Set(reasons).size).toBe(reasons.length);
        }
      } finally {
        sender.close();
      }
      expect(await backup.stop()).toBe(0);
      expect(await master.stop()).toBe(0);
    }),
  );
});
