// The Master dies by SIGKILL and says nothing: the Backup advertises when its Master_Down_Interval is over (RFC 9568
// §6.4.2), measured on the wire by the kernel's clock from the last advertisement it heard. One case at a time.
import { afterAll, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { masterDownInterval } from '../rig/protocol-time.js';
import { BACKUP_PRIORITY, createTwoRouterLan, MASTER_PRIORITY, MATRIX, standIn } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');

/** How late our own Backup's first advertisement may be, in microseconds. */
const OVERSHOOT_MAX = 5_000;
/** Timestamps are taken in two places of the kernel; a takeover may look this much early, in microseconds. */
const EARLY_MAX = 1_000;

const measured: string[] = [];

suite('the Master is killed', () => {
  afterAll(() => {
    process.stdout.write(`takeover after SIGKILL, beyond Master_Down_Interval:\n${measured.join('\n')}\n`);
  });

  test.each(MATRIX)('%s', async (title, scenario, pair) => {
    const lan = await createTwoRouterLan();
    try {
      const { capture } = lan;
      const master = await lan.start('first', pair.master, scenario, MASTER_PRIORITY);
      await master.waitForLog(/Entering MASTER STATE/);
      const backup = await lan.start('second', pair.backup, scenario, BACKUP_PRIORITY);
      await backup.waitForLog(/Entering BACKUP STATE/);
      await capture.waitFor('the Master advertises', ({ priority }) => priority === MASTER_PRIORITY, {
        from: capture.seen.length,
      });

      await master.crash();
      const takeover = await capture.waitFor('the Backup advertises', ({ priority }) => priority === BACKUP_PRIORITY);
      await lan.untilHolding('second', scenario, 'all');

      expect(capture.seen.map(({ priority }) => priority)).not.toContain(0);
      const last = capture.seen.findLast(({ priority }) => priority === MASTER_PRIORITY);
      expect(last).toBeDefined();
      const interval = masterDownInterval(scenario.version, BACKUP_PRIORITY, scenario.interval);
      const overshoot = takeover.at - (last?.at ?? 0) - interval;
      measured.push(
        `  ${(overshoot / 1000).toFixed(3).padStart(8)} ms of ${(interval / 1000).toFixed(3)} ms  ${title}`,
      );
      expect(overshoot).toBeGreaterThan(-EARLY_MAX);
      if (standIn(pair.backup) === 'vrrpd') expect(overshoot).toBeLessThan(OVERSHOOT_MAX);
    } finally {
      await lan.close();
    }
  });
});
