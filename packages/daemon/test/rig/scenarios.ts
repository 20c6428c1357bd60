// The combinations that the interop suites go through, and a LAN with two routers on it. Our daemon can be replaced by
// keepalived (VRRPD_INTEROP_STAND_IN=keepalived) to see whether a failure is the daemon's or the rig's.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createNamespaceLab } from '@vrrp/netlink-native/testing';
import type { NamespaceLab } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from './capture.js';
import type { AdvertisementCapture } from './capture.js';
import { eventually } from './deadline.js';
import { instanceConfig } from './instance-config.js';
import { startKeepalived } from './keepalived-peer.js';
import type { PeerOptions } from './keepalived-peer.js';
import type { Peer } from './peer.js';
import { startVrrpd } from './vrrpd-peer.js';

export interface Scenario {
  readonly title: string;
  readonly version: 2 | 3;
  /** Seconds. */
  readonly interval: number;
  readonly family: 4 | 6;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
  readonly password?: string;
  readonly unicast?: true;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'version 2, multicast, PASS',
    version: 2,
    interval: 1,
    family: 4,
    addresses: ['198.51.100.10/24'],
    password: 'Letmein1',
  },
  { title: 'version 2, unicast', version: 2, interval: 1, family: 4, addresses: ['198.51.100.10/24'], unicast: true },
  { title: 'version 3 over IPv4', version: 3, interval: 0.25, family: 4, addresses: ['198.51.100.10/24'] },
  {
    title: 'version 3 over IPv6',
    version: 3,
    interval: 0.25,
    family: 6,
    addresses: ['fe80::100/64', '2001:db8:1::10/64'],
  },
];

export type Kind = Peer['kind'];

/** Who is what: both ways round. */
export const PAIRS: readonly { readonly master: Kind; readonly backup: Kind }[] = [
  { master: 'keepalived', backup: 'vrrpd' },
  { master: 'vrrpd', backup: 'keepalived' },
];

/** Every scenario both ways round, as rows of a table: the title first. */
export const MATRIX = SCENARIOS.flatMap((scenario) =>
  PAIRS.map((pair) => [`${scenario.title}: ${pair.backup} behind ${pair.master}`, scenario, pair] as const),
);

export const INTERFACE = 'eth0';
export const VRID = 51;
export const MASTER_PRIORITY = 200;
export const BACKUP_PRIORITY = 100;

/** One of the two places on the LAN. */
export type Place = 'first' | 'second';

interface Seat {
  readonly namespace: string;
  readonly address: string;
  readonly folder: string;
}

export interface TwoRouterLan {
  readonly lab: NamespaceLab;
  /** Everything that passes the second router's interface. */
  readonly capture: AdvertisementCapture;
  readonly seats: Readonly<Record<Place, Seat>>;
  /** What a daemon at that place is started with. */
  options(place: Place, scenario: Scenario, priority: number): PeerOptions;
  start(place: Place, kind: Kind, scenario: Scenario, priority: number): Promise<Peer>;
  /** Resolves when the router there holds all addresses of the scenario, or none of them. */
  untilHolding(place: Place, scenario: Scenario, holding: 'all' | 'none'): Promise<void>;
  close(): Promise<void>;
}

export async function createTwoRouterLan(): Promise<TwoRouterLan> {
  const lab = createNamespaceLab();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
    const seats = {
      first: await createSeat(lab, folder, 1),
      second: await createSeat(lab, folder, 2),
    };
    await lab.addBridgeLan('lan', Object.values(seats).map(asMember));
    const options: TwoRouterLan['options'] = (place, scenario, priority) => {
      const [own, other] = place === 'first' ? [seats.first, seats.second] : [seats.second, seats.first];
      return {
        lab,
        namespace: own.namespace,
        config: configOf(scenario, priority, own, other),
        folder: own.folder,
      };
    };
    const capture = await captureAdvertisements(lab, seats.second.namespace, INTERFACE);
    return {
      lab,
      capture,
      seats,
      options,
      start: (place, kind, scenario, priority) => startPeer(kind, options(place, scenario, priority)),
      untilHolding: (place, scenario, holding) => untilHolding(lab, seats[place].namespace, scenario, holding),
      close: async () => {
        await lab.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await lab.close();
    throw error;
  }
}

async function createSeat(lab: NamespaceLab, folder: string, number: number): Promise<Seat> {
  return {
    namespace: await lab.addNamespace(`router${number}`),
    address: `192.0.2.${number}`,
    folder: await mkdtemp(join(folder, `router${number}-`)),
  };
}

function asMember({ namespace, address }: Seat): Parameters<NamespaceLab['addBridgeLan']>[1][number] {
  return { namespace, interface: INTERFACE, addresses: [`${address}/24`] };
}

function configOf(scenario: Scenario, priority: number, own: Seat, other: Seat): string {
  return instanceConfig({
    version: scenario.version,
    vrid: VRID,
    priority,
    interval: scenario.interval,
    interface: INTERFACE,
    addresses: scenario.addresses,
    ...(scenario.password === undefined ? {} : { password: scenario.password }),
    ...(scenario.unicast === true ? { unicast: { source: own.address, peers: [other.address] } } : {}),
  });
}

function startPeer(kind: Kind, options: PeerOptions): Promise<Peer> {
  return standIn(kind) === 'keepalived' ? startKeepalived(options) : startVrrpd(options);
}

/** Who really takes the part of `kind`. */
export function standIn(kind: Kind): Kind {
  return process.env['VRRPD_INTEROP_STAND_IN'] === 'keepalived' ? 'keepalived' : kind;
}

async function untilHolding(
  lab: NamespaceLab,
  namespace: string,
  scenario: Scenario,
  holding: 'all' | 'none',
): Promise<void> {
  const wanted = scenario.addresses.map((address) => address.replace(/\/.*/, ''));
  const expected = holding === 'all' ? wanted.length : 0;
  await eventually(`${namespace} holds ${holding} of ${wanted.join(', ')}`, async () => {
    const present = new Set((await lab.addresses(namespace)).map(({ address }) => address));
    return wanted.filter((address) => present.has(address)).length === expected ? true : undefined;
  });
}
