// Two address owners (priority 255) on one LAN, one of them real keepalived 2.2.7, which lowers itself to 254 when it hears
// the other. Whoever comes first and whoever has the higher address: no two Masters remain.
import { expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { eventually } from '../rig/deadline.js';
import { createTwoRouterLan, SCENARIOS, type Kind, type Place } from '../rig/scenarios.js';

const suite = requires('root', 'keepalived', 'tcpdump');
const OWNER = 255;
/** Advertisements in a row from one sender: the other one is silent. */
const SETTLED = 8;

/** The second has the higher address. */
const CASES: readonly (readonly [Kind, Place, Kind])[] = [
  ['vrrpd', 'first', 'keepalived'],
  ['vrrpd', 'second', 'keepalived'],
  ['keepalived', 'first', 'vrrpd'],
  ['keepalived', 'second', 'vrrpd'],
];

suite('two owners', () => {
  test.concurrent.each(CASES)('%s starts at the %s address, then %s', async (kind, place, other) => {
    const scenario = SCENARIOS.find(({ title }) => title === 'version 3 over IPv4');
    if (scenario === undefined) throw new Error('no scenario');
    const otherPlace = place === 'first' ? 'second' : 'first';
    const lan = await createTwoRouterLan();
    try {
      const { capture } = lan;
      const one = await lan.start(place, kind, scenario, OWNER);
      await one.waitForLog(/Entering MASTER STATE/);
      const two = await lan.start(otherPlace, other, scenario, OWNER);
      await two.waitForLog(/Startup complete/);
      const from = capture.seen.length;
      const master = await eventually('one of them is silent', () => {
        const last = capture.seen.slice(from).slice(-SETTLED);
        const speakers = new Set(last.map(({ source }) => source));
        return Promise.resolve(last.length === SETTLED && speakers.size === 1 ? last[0]?.source : undefined);
      });
      const places = [place, otherPlace] as const;
      const holder = places.find((seat) => lan.seats[seat].address === master);
      const silent = places.find((seat) => lan.seats[seat].address !== master);
      if (holder === undefined || silent === undefined) throw new Error(`nobody has the address ${String(master)}`);
      await lan.untilHolding(holder, scenario, 'all');
      await lan.untilHolding(silent, scenario, 'none');
      // A keepalived that hears the other before its own first word never contests it.
      const spoke = (seat: Place): boolean => capture.seen.some(({ source }) => source === lan.seats[seat].address);
      if (!places.every(spoke)) return;
      // Who hears the other first says so; keepalived is silent at once, so we may never hear it.
      const told = [one, two].filter(({ log }) => log.some(({ text }) => text.includes('CONFIGURATION ERROR')));
      expect(told).not.toEqual([]);
    } finally {
      await lan.close();
    }
  });
});
