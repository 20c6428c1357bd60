// Link beats that are polled (linkbeat_use_polling, linkbeat_interfaces), with real keepalived 2.2.7. Both daemons ask the
// same driver: that of a veth, which answers ethtool only, or one of our own that says what the test wants (fake-driver.c).
import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { requires } from '@vrrp/netlink-native/testing';

import type { Peer } from '../rig/peer.js';
import { standIn, type Kind } from '../rig/scenarios.js';
import { advertises, block, onTrackingSite } from '../rig/tracking-site.js';
import type { Tracked, TrackingSite } from '../rig/tracking-site.js';

const KINDS: readonly [Kind][] = [['vrrpd'], ['keepalived']];
const DRIVER_SOURCE = fileURLToPath(new URL('../rig/fake-driver.c', import.meta.url));
const execute = promisify(execFile);
/** µs from the loss of a beat until it is acted on: a look each second, and a machine that may be busy. */
const BEAT_LOST_WITHIN = 2_500_000;
/** IEEE 802.3 §22.2.4.2: status registers of a transceiver with and without a link. */
const WITH_LINK = '784d';
const WITHOUT_LINK = '7849';

interface FakeDriver {
  readonly environment: Readonly<Record<string, string>>;
  /** Lines as in fake-driver.c; µs since the epoch. */
  answers(...lines: readonly string[]): Promise<number>;
}

async function fakeDriver(folder: string): Promise<FakeDriver> {
  const library = join(folder, 'fake-driver.so');
  const file = join(folder, 'driver');
  await writeFile(file, '');
  await execute('gcc', ['-shared', '-fPIC', '-Wall', '-Werror', '-o', library, DRIVER_SOURCE]);
  return {
    environment: { LD_PRELOAD: library, FAKE_DRIVER: file },
    answers: async (...lines) => {
      await writeFile(file, `${lines.join('\n')}\n`);
      return Date.now() * 1_000;
    },
  };
}

/** One node with a driver of ours, Master unless the driver says no. */
async function withDriver(
  kind: Kind,
  answers: readonly string[],
  tracked: Tracked,
  body: (peer: Peer, driver: FakeDriver, site: TrackingSite) => Promise<void>,
): Promise<void> {
  await onTrackingSite(1, async (site) => {
    const driver = await fakeDriver(site.folder);
    await driver.answers(...answers);
    await body(await site.start(0, kind, 100, { ...tracked, environment: driver.environment }), driver, site);
  });
}

const POLLED: Tracked = { objects: ['linkbeat_use_polling'], lines: [] };

requires(
  'root',
  'keepalived',
  'tcpdump',
  'gcc',
)('link beats', () => {
  describe.each(KINDS)('polled by %s', (kind) => {
    test.concurrent('a cable of a veth is pulled, and put in again', () =>
      onTrackingSite(1, async (site) => {
        const peer = await site.start(0, kind, 100, POLLED);
        await advertises(site, 100, 'it is Master');
        await site.setCable(0, 'eth0', 'down');
        const pulled = Date.now() * 1_000;
        const left = await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
        expect(left.at - pulled).toBeLessThan(BEAT_LOST_WITHIN);
        await peer.waitForLog(/Linkbeat reports eth0 down|\(eth0\): link beat lost/);
        await site.setCable(0, 'eth0', 'up');
        await peer.waitForLog(/Linkbeat reports eth0 up/);
        await advertises(site, 100, 'it is Master again');
      }),
    );

    test.concurrent.each<[string, string, string]>([
      ['its MII transceiver', `eth0 mii ${WITH_LINK}`, `eth0 mii ${WITHOUT_LINK}`],
      ['ethtool', 'eth0 ethtool 1', 'eth0 ethtool 0'],
    ])('a beat that only %s knows of is lost, and comes back', (_title, beating, silent) =>
      withDriver(kind, [beating], POLLED, async (peer, { answers }, site) => {
        await advertises(site, 100, 'it is Master');
        const before = site.capture.seen.length;
        const lost = await answers(silent);
        const left = await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
        expect(left.at - lost).toBeLessThan(BEAT_LOST_WITHIN);
        await peer.waitForLog(/Linkbeat reports eth0 down/);
        await advertises(site, 0, 'it leaves', before);
        await answers(beating);
        await peer.waitForLog(/Linkbeat reports eth0 up/);
        await advertises(site, 100, 'it is Master again');
      }),
    );

    test.concurrent('a transceiver that is no more there leaves it to the flags', () =>
      withDriver(kind, [`eth0 mii ${WITHOUT_LINK}`], POLLED, async (peer, { answers }, site) => {
        await peer.waitForLog(/\(VI_1\): entering FAULT state \(interface eth0 down\)/);
        await answers('eth0 mii ffff');
        await peer.waitForLog(/No MII transceiver present for eth0/);
        await advertises(site, 100, 'it is Master');
      }),
    );

    test.concurrent('the beat of a tracked interface is a matter of its weight', () =>
      withDriver(
        kind,
        ['eth1 ethtool 1'],
        { objects: block('linkbeat_interfaces', 'eth1'), lines: block('track_interface', 'eth1 weight 20') },
        async (_peer, { answers }, site) => {
          await advertises(site, 120, 'eth1 has its beat');
          await answers('eth1 ethtool 0');
          await advertises(site, 100, 'eth1 has lost it');
          await answers('eth1 ethtool 1');
          await advertises(site, 120, 'eth1 has it again');
        },
      ),
    );

    test.concurrent.each<[string, readonly string[], string]>([
      ['eth0 MII', ['eth0 ethtool 1'], 'MII not supported, using ETHTOOL'],
      ['eth0 MII', ['eth0 ethtool none'], 'MII not supported, using IOCTL'],
      ['eth0 ETHTOOL', ['eth0 ethtool none', `eth0 mii ${WITH_LINK}`], 'ETHTOOL not supported, using MII'],
    ])('%s where the driver says %j: %s', (line, answers, sentence) =>
      withDriver(kind, answers, { objects: block('linkbeat_interfaces', line), lines: [] }, async (peer) => {
        await peer.waitForLog(new RegExp(`\\(eth0\\): Configured linkbeat type ${sentence}`));
      }),
    );

    test.concurrent('delays of a polled link have no effect, and a link that nobody uses is not polled', () =>
      withDriver(
        kind,
        [],
        {
          objects: [
            ...block('linkbeat_interfaces', 'eth0', 'eth1'),
            ...block('interface_up_down_delays', 'eth0 200 200'),
          ],
          // Without the beat the delay would be 20 seconds.
          lines: ['down_timer_adverts 100'],
        },
        async (peer, { answers }) => {
          await peer.waitForLog(/Turning off linkbeat for eth1 since not used for tracking/);
          await peer.waitForLog(/\(VI_1\) Entering MASTER STATE/, { within: 20_000 });
          const lost = await answers('eth0 ethtool 0');
          const left = await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
          expect(left.at - lost).toBeLessThan(BEAT_LOST_WITHIN);
        },
      ),
    );
  });

  test.concurrent('vrrpd does not wait for the beat when the kernel has the link down', () =>
    withDriver('vrrpd', ['eth0 ethtool 1'], POLLED, async (peer, _driver, site) => {
      if (standIn('vrrpd') === 'keepalived') return;
      await advertises(site, 100, 'it is Master');
      await site.setCable(0, 'eth0', 'down');
      await peer.waitForLog(/Netlink reports eth0 down/);
      await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
    }),
  );
});
