// Our packets beside keepalived's, decoded by tcpdump -v: good checksums, and the same packet for the same configuration,
// header fields included. Only what counts packets may differ: the IPv4 identification and the IPv6 flow label.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import type { CapturedAdvertisement } from '../rig/capture.js';
import { createTwoRouterLan, MASTER_PRIORITY, SCENARIOS, VRID } from '../rig/scenarios.js';
import type { Kind, Scenario } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');

function isOrdinary({ priority }: CapturedAdvertisement): boolean {
  return priority === MASTER_PRIORITY;
}

async function advertisementsOf(kind: Kind, scenario: Scenario): Promise<readonly CapturedAdvertisement[]> {
  const lan = await createTwoRouterLan();
  try {
    const { capture } = lan;
    const peer = await lan.start('first', kind, scenario, MASTER_PRIORITY);
    await capture.waitFor('it advertises', isOrdinary);
    await capture.waitFor('it advertises again', isOrdinary, { from: 1 });
    await peer.stop();
    await capture.waitFor('it leaves with priority 0', ({ priority }) => priority === 0);
    return capture.seen;
  } finally {
    await lan.close();
  }
}

/** The text of each kind of packet once, without what counts packets and without the source that every lab makes anew. */
function normalized(packets: readonly CapturedAdvertisement[]): readonly string[] {
  const texts = packets.map(({ text, source }) =>
    text
      .replace(/, id \d+,/, ', id N,')
      .replace(/, flowlabel 0x[0-9a-f]+,/, ',')
      .replace(source, 'SOURCE'),
  );
  return [...new Set(texts)].sort();
}

suite('packets', () => {
  test.concurrent.each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))(
    '%s: tcpdump reads ours, and they are as those of keepalived',
    async (_title, scenario) => {
      const [ours, theirs] = await Promise.all([
        advertisementsOf('vrrpd', scenario),
        advertisementsOf('keepalived', scenario),
      ]);
      for (const packet of ours) {
        expect(packet).toMatchObject({
          checksumGood: true,
          ttl: 255,
          version: scenario.version,
          vrid: VRID,
          interval: scenario.interval * 1_000_000,
          addresses: scenario.addresses.map((address) => address.replace(/\/.*/, '')),
        });
        expect(packet.password).toBe(scenario.password);
      }
      expect(normalized(ours)).toEqual(normalized(theirs));
    },
  );
});
