// What every BeatProbe answers about a link that speaks ethtool and has no MII transceiver (a veth): FakeBeats and the one
// over ioctl(2) of @vrrp/netlink-native pass.

import type { BeatMethod, BeatReading } from '../linkbeat.js';
import type { BeatProbe } from '../linkbeat-watch.js';
import { ensure } from './contract.js';
import type { ContractCase } from './contract.js';

export interface BeatsHarness {
  readonly probe: BeatProbe;
  readonly link: string;
  /** The name of no link. */
  readonly absent: string;
  /** Takes the carrier of the link away, or gives it back. */
  plug(state: 'up' | 'down'): Promise<void>;
}

function expectReadings(probe: BeatProbe, link: string, expected: Readonly<Record<BeatMethod, BeatReading>>): void {
  for (const method of ['mii', 'ethtool', 'ioctl'] as const) {
    const reading = probe.read(link, method);
    ensure(reading === expected[method], `${link} by ${method}: ${expected[method]}, not ${reading}`);
  }
}

export const beatsContract: readonly ContractCase<BeatsHarness>[] = [
  {
    name: 'a link answers in the ways its driver has, and only in those',
    run: async ({ probe, link, plug }) => {
      for (const state of ['up', 'down', 'up'] as const) {
        await plug(state);
        expectReadings(probe, link, { mii: 'unknown', ethtool: state, ioctl: state });
      }
    },
  },
  {
    name: 'no link answers in no way',
    run: ({ probe, absent }) => {
      expectReadings(probe, absent, { mii: 'unknown', ethtool: 'unknown', ioctl: 'unknown' });
      return Promise.resolve();
    },
  },
];
