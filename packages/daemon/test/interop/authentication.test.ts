// Authentication with real keepalived 2.2.7 (keepalived.conf(5), "authentication"): whoever cannot show the password is
// not heard, so both become Master and stay it. Both directions are in every case: each side is refused by the other.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import type { CapturedAdvertisement } from '../rig/capture.js';
import { startKeepalived } from '../rig/keepalived-peer.js';
import type { Peer } from '../rig/peer.js';
import { BACKUP_PRIORITY, createTwoRouterLan, MASTER_PRIORITY, SCENARIOS } from '../rig/scenarios.js';
import type { Scenario } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');

/** `state` in keepalived's JSON dump. */
const KEEPALIVED_MASTER = 2;
/** Advertisements that keepalived hears and may not obey. */
const IGNORED_ADVERTISEMENTS = 3;

const WITH_PASSWORD = SCENARIOS.find(({ password }) => password !== undefined);

function withPassword(password?: string): Scenario {
  if (WITH_PASSWORD === undefined) throw new Error('no scenario has a password');
  const { password: _, ...rest } = WITH_PASSWORD;
  return { ...rest, ...(password === undefined ? {} : { password }) };
}

suite('authentication', () => {
  test.concurrent.each([
    ['another password', withPassword('Letmein2'), 'auth_failure'],
    ['the beginning of the password', withPassword('Letmein'), 'auth_failure'],
    ['no password', withPassword(), 'authtype_mismatch'],
  ] as const)('%s: keepalived does not accept ours', async (_title, other, counter) => {
    const lan = await createTwoRouterLan();
    try {
      const { capture } = lan;
      const keepalived = await startKeepalived(lan.options('first', withPassword('Letmein1'), BACKUP_PRIORITY));
      const vrrpd = await lan.start('second', 'vrrpd', other, MASTER_PRIORITY);
      await vrrpd.waitForLog(/Entering MASTER STATE/);
      await keepalived.waitForLog(/Entering MASTER STATE/);
      for (let heard = 0; heard < IGNORED_ADVERTISEMENTS; heard++) {
        // keepalived 2.2.7 starts its advertisement timer anew with every packet that it discards, so only ours go on.
        await capture.waitFor('vrrpd advertises', isFrom(MASTER_PRIORITY), { from: capture.seen.length });
      }

      const [instance] = await keepalived.readState();
      expect(instance?.data.state).toBe(KEEPALIVED_MASTER);
      expect(instance?.stats[counter]).toBeGreaterThanOrEqual(IGNORED_ADVERTISEMENTS);
      expect(instance?.stats['advert_rcvd']).toBe(0);
      expect(new Set(capture.seen.map(({ priority }) => priority))).toEqual(
        new Set([MASTER_PRIORITY, BACKUP_PRIORITY]),
      );
      expect(departures(keepalived)).toEqual([]);
      expect(departures(vrrpd)).toEqual([]);
      await lan.untilHolding('first', other, 'all');
      await lan.untilHolding('second', other, 'all');
    } finally {
      await lan.close();
    }
  });

  test.concurrent.each([
    ['another password', withPassword('Letmein2')],
    ['no password', withPassword()],
  ] as const)('%s: we do not accept that of a better keepalived', async (_title, ours) => {
    const lan = await createTwoRouterLan();
    try {
      const { capture } = lan;
      const vrrpd = await lan.start('first', 'vrrpd', ours, BACKUP_PRIORITY);
      const keepalived = await startKeepalived(lan.options('second', withPassword('Letmein1'), MASTER_PRIORITY));
      await keepalived.waitForLog(/Entering MASTER STATE/);
      await vrrpd.waitForLog(/Entering MASTER STATE/);
      await capture.waitFor('keepalived advertises', isFrom(MASTER_PRIORITY));
      await capture.waitFor('vrrpd advertises', isFrom(BACKUP_PRIORITY));
      expect(departures(vrrpd)).toEqual([]);
      expect(departures(keepalived)).toEqual([]);
      await lan.untilHolding('first', ours, 'all');
    } finally {
      await lan.close();
    }
  });
});

function isFrom(sender: number): (packet: CapturedAdvertisement) => boolean {
  return ({ priority }) => priority === sender;
}

/** What a router said of leaving the state of Master; the entry into Backup at its start is none. */
function departures(peer: Peer): readonly string[] {
  const texts = peer.log.map(({ text }) => text);
  return texts.filter((text) => /Entering (?:BACKUP|FAULT) STATE(?! \(init\))/.test(text));
}
