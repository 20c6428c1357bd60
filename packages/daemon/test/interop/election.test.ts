// Elections with real keepalived 2.2.7, both ways round: a Backup stays Backup under its Master, takes over within
// Skew_Time when the Master stops by the book (priority 0, RFC 9568 §6.4.3), and yields when it comes back.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import type { CapturedAdvertisement } from '../rig/capture.js';
import { skewTime } from '../rig/protocol-time.js';
import { BACKUP_PRIORITY, createTwoRouterLan, MASTER_PRIORITY, MATRIX } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');

/** Advertisements that a Backup has to sit through before it counts as staying Backup. */
const HEARD_ADVERTISEMENTS = 3;
/** A takeover is late when it comes this much after Skew_Time, in microseconds: these cases share the processors. */
const COARSE_LATENESS_MAX = 500_000;

function sent(priority: number): (packet: CapturedAdvertisement) => boolean {
  return (packet) => packet.priority === priority;
}

suite('election', () => {
  test.concurrent.each(MATRIX)('%s', async (_title, scenario, pair) => {
    const lan = await createTwoRouterLan();
    try {
      const { capture } = lan;

      // The Master comes first, then the Backup, which has to listen.
      const master = await lan.start('first', pair.master, scenario, MASTER_PRIORITY);
      await master.waitForLog(/Entering MASTER STATE/);
      const backup = await lan.start('second', pair.backup, scenario, BACKUP_PRIORITY);
      await backup.waitForLog(/Entering BACKUP STATE/);
      for (let heard = 0; heard < HEARD_ADVERTISEMENTS; heard++) {
        await capture.waitFor('the Master advertises', sent(MASTER_PRIORITY), { from: capture.seen.length });
      }
      expect(capture.seen.map(({ priority }) => priority)).not.toContain(BACKUP_PRIORITY);
      await lan.untilHolding('first', scenario, 'all');
      await lan.untilHolding('second', scenario, 'none');

      // The Master stops: it says so, and the Backup needs only Skew_Time.
      const stopped = master.stop();
      const farewell = await capture.waitFor('the Master leaves with priority 0', sent(0));
      const takeover = await capture.waitFor('the Backup advertises', sent(BACKUP_PRIORITY));
      await lan.untilHolding('second', scenario, 'all');
      await lan.untilHolding('first', scenario, 'none');
      expect(await stopped).toBe(0);
      const skew = skewTime(scenario.version, BACKUP_PRIORITY, scenario.interval);
      expect(takeover.at - farewell.at).toBeGreaterThan(skew - 1_000);
      expect(takeover.at - farewell.at).toBeLessThan(skew + COARSE_LATENESS_MAX);

      // It comes back with the better priority, and the other yields.
      const before = backup.log.length;
      const returned = await lan.start('first', pair.master, scenario, MASTER_PRIORITY);
      await returned.waitForLog(/Entering MASTER STATE/);
      await backup.waitForLog(/Entering BACKUP STATE/, { from: before });
      await lan.untilHolding('first', scenario, 'all');
      await lan.untilHolding('second', scenario, 'none');
      expect(capture.seen.filter(({ checksumGood }) => !checksumGood)).toEqual([]);
    } finally {
      await lan.close();
    }
  });
});
