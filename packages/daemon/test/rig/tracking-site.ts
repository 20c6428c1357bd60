// One or two nodes on a LAN, each with what it tracks: the stage of the suites that compare what tracked objects do to a
// priority with real keepalived. Each node has a second interface, eth1, on a LAN of its own.
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';

import { createNamespaceLab } from '@vrrp/netlink-native/testing';
import type { BridgeLan, NamespaceLab } from '@vrrp/netlink-native/testing';

import { captureAdvertisements } from './capture.js';
import type { AdvertisementCapture, CapturedAdvertisement } from './capture.js';
import { instanceConfig } from './instance-config.js';
import { startKeepalived } from './keepalived-peer.js';
import type { Peer } from './peer.js';
import { standIn, type Kind } from './scenarios.js';
import { startVrrpd } from './vrrpd-peer.js';

export const VIRTUAL = '198.51.100.10';
const INTERFACE = 'eth0';
const SECOND_INTERFACE = 'eth1';

export interface TrackingSite {
  readonly lab: NamespaceLab;
  /** For what is tracked. */
  readonly folder: string;
  readonly namespaces: readonly string[];
  /** What passes eth0 of the last node. */
  readonly capture: AdvertisementCapture;
  start(node: number, kind: Kind, priority: number, tracked: Tracked): Promise<Peer>;
  /** Takes the carrier of an interface away, or gives it back. */
  setCable(node: number, interfaceName: 'eth0' | 'eth1', state: 'up' | 'down'): Promise<void>;
}

export interface Tracked {
  /** Lines before the instance. */
  readonly objects?: readonly string[];
  /** Lines of the instance. */
  readonly lines: readonly string[];
  /** Where it runs: eth0 unless told otherwise. */
  readonly interface?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs one test on a site of its own. Version 3, 10 advertisements a second. */
export async function onTrackingSite(nodes: number, body: (site: TrackingSite) => Promise<void>): Promise<void> {
  const lab = createNamespaceLab();
  const folder = await mkdtemp(join(tmpdir(), 'vrrpd-interop-'));
  try {
    const namespaces: string[] = [];
    for (let node = 1; node <= nodes; node += 1) namespaces.push(await lab.addNamespace(`node${node}`));
    const lans: Readonly<Record<'eth0' | 'eth1', BridgeLan>> = {
      eth0: await lab.addBridgeLan('lan', membersOf(namespaces, INTERFACE, '192.0.2')),
      eth1: await lab.addBridgeLan('lan2', membersOf(namespaces, SECOND_INTERFACE, '203.0.113')),
    };
    const capture = await captureAdvertisements(lab, namespaces.at(-1) ?? '', INTERFACE);
    await body({
      lab,
      folder,
      namespaces,
      capture,
      setCable: (node, interfaceName, state) =>
        lans[interfaceName].setCable({ namespace: namespaces[node] ?? '', interface: interfaceName }, state),
      start: async (node, kind, priority, tracked) => {
        const { objects = [], lines, interface: link = INTERFACE, environment = {} } = tracked;
        const addresses = [`${VIRTUAL}/24`];
        const common = { version: 3, vrid: 51, interval: 0.1, interface: link } as const;
        const config = `${objects.join('\n')}\n${instanceConfig({ ...common, priority, addresses, lines })}`;
        const own = await mkdtemp(join(folder, 'run-'));
        const options = { lab, namespace: namespaces[node] ?? '', config, folder: own, environment };
        return standIn(kind) === 'keepalived'
          ? startKeepalived({ ...options, processEvents: true })
          : startVrrpd(options);
      },
    });
  } finally {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export const block = (head: string, ...lines: readonly string[]): readonly string[] => [`${head} {`, ...lines, '}'];

/** Resolves with the first advertisement of this priority that comes from now on, or from index `from` of the capture on. */
export async function advertises(
  { capture }: TrackingSite,
  priority: number,
  why: string,
  from = capture.seen.length,
): Promise<CapturedAdvertisement> {
  return capture.waitFor(`priority ${priority}: ${why}`, (packet) => packet.priority === priority, { from });
}

/** A process of this name. Its file is made once: one that is open for writing cannot be started (ETXTBSY). */
export async function launch(
  { lab, folder, namespaces }: TrackingSite,
  node: number,
  name: string,
  args: readonly string[] = ['1000'],
): Promise<ChildProcess> {
  const program = join(folder, name);
  if (!existsSync(program)) await copyFile('/bin/sleep', program);
  return lab.spawn(namespaces[node] ?? '', [program, ...args], { stdio: 'ignore' });
}

const KEEPALIVED_TRIES = 3;

/**
 * keepalived 2.2.7 now and then overlooks the start or the end of a process here (about one run in five), and never finds
 * out later: a comparison it takes part in may be made again. Ours alone has one try.
 */
export async function patientWith(kind: Kind, body: () => Promise<void>): Promise<void> {
  const tries = kind === 'keepalived' ? KEEPALIVED_TRIES : 1;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await body();
    } catch (error) {
      if (attempt === tries) throw error;
    }
  }
}

function membersOf(namespaces: readonly string[], interfaceName: string, network: string) {
  return namespaces.map((namespace, index) => ({
    namespace,
    interface: interfaceName,
    addresses: [`${network}.${index + 1}/24`],
  }));
}
