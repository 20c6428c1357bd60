// Interfaces that are tracked, delays, source addresses and interfaces that come later, with real keepalived 2.2.7: the
// same cables pulled make both daemons advertise the same priorities, at about the same time, and be in fault alike.
import { describe, expect, test } from '@jest/globals';
import { requires } from '@vrrp/netlink-native/testing';

import { standIn, type Kind } from '../rig/scenarios.js';
import { advertises, block, onTrackingSite } from '../rig/tracking-site.js';
import type { TrackingSite } from '../rig/tracking-site.js';

const KINDS: readonly [Kind][] = [['vrrpd'], ['keepalived']];
/** µs: the clock of the capture and that of this process are one; a busy machine is late by this at most. */
const SLACK = 1_500_000;

const trackEth1 = (line: string): readonly string[] => block('track_interface', line);

/** Pulls or puts in a cable; µs since the epoch. */
async function cable({ setCable }: TrackingSite, name: 'eth0' | 'eth1', state: 'up' | 'down'): Promise<number> {
  await setCable(0, name, state);
  return Date.now() * 1_000;
}

requires(
  'root',
  'keepalived',
  'tcpdump',
)('interfaces', () => {
  describe.each(KINDS)('tracked by %s', (kind) => {
    test.concurrent.each<[string, string, number, number]>([
      ['a bonus while it is up', 'eth1 weight 20', 120, 100],
      ['a penalty while it is down', 'eth1 weight -20', 100, 80],
      ['the bonus reversed', 'eth1 weight 20 reverse', 80, 100],
      ['the penalty reversed', 'eth1 weight -20 reverse', 100, 120],
    ])('%s', (_title, line, up, down) =>
      onTrackingSite(1, async (site) => {
        await site.start(0, kind, 100, { lines: trackEth1(line) });
        await advertises(site, up, 'eth1 is up');
        await site.setCable(0, 'eth1', 'down');
        await advertises(site, down, 'eth1 is down');
        await site.setCable(0, 'eth1', 'up');
        await advertises(site, up, 'eth1 is up again');
      }),
    );

    test.concurrent('without a weight: a fault while it is down', () =>
      onTrackingSite(1, async (site) => {
        const peer = await site.start(0, kind, 100, { lines: trackEth1('eth1') });
        await advertises(site, 100, 'eth1 is up');
        const before = site.capture.seen.length;
        await site.setCable(0, 'eth1', 'down');
        await advertises(site, 0, 'eth1 is down: it leaves', before);
        await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
        await site.setCable(0, 'eth1', 'up');
        await advertises(site, 100, 'eth1 is up again');
      }),
    );

    test.concurrent('weight 0 reverse: a fault while it is up', () =>
      onTrackingSite(1, async (site) => {
        await site.setCable(0, 'eth1', 'down');
        await site.start(0, kind, 100, { lines: trackEth1('eth1 weight 0 reverse') });
        await advertises(site, 100, 'eth1 is down');
        const before = site.capture.seen.length;
        await site.setCable(0, 'eth1', 'up');
        await advertises(site, 0, 'eth1 is up: it leaves', before);
      }),
    );

    test.concurrent('interface_up_down_delays: a change counts when it has stood for its delay', () =>
      onTrackingSite(1, async (site) => {
        // down_timer_adverts 30: the delays are not cut short (keepalived: less than 29 intervals).
        await site.start(0, kind, 100, {
          objects: block('interface_up_down_delays', 'eth1 1.5 1'),
          lines: ['down_timer_adverts 30', ...trackEth1('eth1 weight -20')],
        });
        await advertises(site, 100, 'eth1 is up');
        const from = site.capture.seen.length;
        await cable(site, 'eth1', 'down');
        await cable(site, 'eth1', 'up');
        const down = await cable(site, 'eth1', 'down');
        const lowered = await advertises(site, 80, 'eth1 is down for long enough');
        expect(lowered.at - down).toBeGreaterThan(1_500_000);
        expect(lowered.at - down).toBeLessThan(1_500_000 + SLACK);
        const up = await cable(site, 'eth1', 'up');
        const raised = await advertises(site, 100, 'eth1 is up for long enough');
        expect(raised.at - up).toBeGreaterThan(1_000_000);
        expect(raised.at - up).toBeLessThan(1_000_000 + SLACK);
        const changes = site.capture.seen.slice(from).map(({ priority }) => priority);
        expect(changes.filter((priority, index) => priority !== changes[index - 1])).toEqual([100, 80, 100]);
      }),
    );

    test.concurrent('of its own interface too, cut to less than a Backup waits', () =>
      onTrackingSite(1, async (site) => {
        const peer = await site.start(0, kind, 100, {
          objects: block('interface_up_down_delays', 'eth0 100 100'),
          lines: ['down_timer_adverts 11'],
        });
        await advertises(site, 100, 'it is Master');
        const down = await cable(site, 'eth0', 'down');
        const left = await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
        expect(left.at - down).toBeGreaterThan(900_000);
        expect(left.at - down).toBeLessThan(1_000_000 + SLACK);
        const from = peer.log.length;
        const up = await cable(site, 'eth0', 'up');
        const back = await peer.waitForLog(/\(VI_1\) Entering BACKUP STATE/, { from });
        expect(back.at - up).toBeGreaterThan(900_000);
        expect(back.at - up).toBeLessThan(1_000_000 + SLACK);
      }),
    );

    test.concurrent('dynamic_interfaces: an interface that is made later', () =>
      onTrackingSite(1, async (site) => {
        const ip = async (words: string): Promise<void> => {
          const { status, stderr } = await site.lab.run(site.namespaces[0] ?? '', ['ip', ...words.split(' ')]);
          if (status !== 0) throw new Error(stderr);
        };
        const peer = await site.start(0, kind, 100, {
          objects: block('global_defs', 'dynamic_interfaces'),
          interface: 'later0',
          lines: [],
        });
        await peer.waitForLog(/entering FAULT state \(interface later0 down\)/);
        await ip('link add later0 type veth peer name later1');
        await ip('address add 192.0.2.77/24 dev later0');
        await ip('link set later1 up');
        await ip('link set later0 up');
        await peer.waitForLog(/\(VI_1\) Entering MASTER STATE/);
        await ip('link delete later0');
        await peer.waitForLog(/\(VI_1\) Entering FAULT STATE/);
        const from = peer.log.length;
        await ip('link add later0 type veth peer name later1');
        await ip('address add 192.0.2.77/24 dev later0');
        await ip('link set later1 up');
        await ip('link set later0 up');
        await peer.waitForLog(/\(VI_1\) Entering MASTER STATE/, { from });
      }),
    );

    test.concurrent('a unicast source that is not there is a fault', () =>
      onTrackingSite(1, async (site) => {
        const peer = await site.start(0, kind, 100, {
          lines: ['unicast_src_ip 192.0.2.9', ...block('unicast_peer', '192.0.2.2')],
        });
        await peer.waitForLog(/^(.*: )?\(VI_1\): entering FAULT state \(src address not configured\)$/);
      }),
    );
  });

  test.concurrent('track_src_ip: fault while the source is not there; keepalived 2.2.7 does not look', () =>
    onTrackingSite(1, async (site) => {
      const lines = ['mcast_src_ip 192.0.2.9', 'track_src_ip'];
      const address = (verb: string) =>
        site.lab.run(site.namespaces[0] ?? '', ['ip', 'address', verb, '192.0.2.9/24', 'dev', 'eth0']);
      const theirs = await site.start(0, 'keepalived', 100, { lines });
      await advertises(site, 100, 'keepalived sends from an address that is not there');
      expect(await theirs.stop()).toBe(0);
      if (standIn('vrrpd') === 'keepalived') return;
      const ours = await site.start(0, 'vrrpd', 90, { lines });
      await ours.waitForLog(/\(VI_1\): entering FAULT state \(src address not configured\)/);
      await address('add');
      const seen = await advertises(site, 90, 'the address is there');
      expect(seen.source).toBe('192.0.2.9');
      const from = ours.log.length;
      await address('del');
      await ours.waitForLog(/\(VI_1\) Entering FAULT STATE/, { from });
      await address('add');
      await advertises(site, 90, 'the address is there again');
    }),
  );
});
