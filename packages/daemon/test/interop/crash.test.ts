// The Master dies by SIGKILL and says nothing: the Backup advertises when its Master_Down_Interval is over (RFC 9568
// §6.4.2), measured on the wire by the kernel's clock from the last advertisement it heard. One case at a time.
import { afterAll, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { masterDownInterval } from '../rig/protocol-time.js';
import { BACKUP_PRIORITY, createTwoRouterLan, MASTER_PRIORITY, MATRIX, standIn } from '../rig/scenarios.js';
import type { Kind, Scenario } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');

/**
 * How late our own Backup's first advertisement may be, in microseconds. It depends on how fast a machine wakes up to take over:
 * 0.9 to 2.7 ms were seen on two cores that others wanted too, and 4.9 ms once in 18.
 */
const OVERSHOOT_MAX = 5_000;
/** Timestamps are taken in two places of the kernel; a takeover may look this much early, in microseconds. */
const EARLY_MAX = 1_000;
/** A machine busy with something else is late by chance, a late daemon is late every time. */
const ATTEMPTS_MAX = 5;
const ALL_ATTEMPTS_MS = 240_000;

const measured: string[] = [];

suite('the Master is killed', () => {
  afterAll(() => {
    process.stdout.write(`takeover after SIGKILL, beyond Master_Down_Interval:\n${measured.join('\n')}\n`);
  });

  test.each(MATRIX)(
    '%s',
    async (title, scenario, pair) => {
      const limit = standIn(pair.backup) === 'vrrpd' ? OVERSHOOT_MAX : Number.POSITIVE_INFINITY;
      let overshoot = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < ATTEMPTS_MAX && overshoot >= limit; attempt++) {
        overshoot = await takeoverOvershoot(title, scenario, pair);
        expect(overshoot).toBeGreaterThan(-EARLY_MAX);
      }
      expect(overshoot).toBeLessThan(limit);
    },
    ALL_ATTEMPTS_MS,
  );
});

/** How long after its Master_Down_Interval the Backup advertises, in microseconds. */
async function takeoverOvershoot(
  title: string,
  scenario: Scenario,
  pair: { readonly master: Kind; readonly backup: Kind },
): Promise<number> {
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
    if (last === undefined) throw new Error('the Master never advertised');
    const interval = masterDownInterval(scenario.version, BACKUP_PRIORITY, scenario.interval);
    const overshoot = takeover.at - last.at - interval;
    measured.push(`  ${milliseconds(overshoot)} ms of ${milliseconds(interval)} ms  ${title}`);
    return overshoot;
  } finally {
    await lan.close();
  }
}

function milliseconds(micros: number): string {
  return (micros / 1000).toFixed(3).padStart(8);
}
