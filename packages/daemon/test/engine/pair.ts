// Two (or more) hosts with the production engine on one simulated LAN: the stage of the engine's tests.
import { Lan, VirtualClock } from '@vrrp/state-machine/sim';
import { decodeAdvertisement, decodeGratuitousArp, type Advertisement, type ChecksumForm } from '@vrrp/wire';
import type { EngineReport } from '../../src/engine/messages.js';
import type { Desired, DesiredAddress, DesiredVirtualRouter } from '../../src/plan/desired.js';
import { runClock } from '../../src/simulation/run-clock.js';
import { SimulatedHost } from '../../src/simulation/simulated-host.js';
import type { SimulatedNetwork } from '../../src/simulation/simulated-network.js';

export const SECOND = 1_000_000;
export const VIRTUAL = '192.0.2.100';
const GROUP = '224.0.0.18';

export const virtualAddress = (address: string, more: Partial<DesiredAddress> = {}): DesiredAddress => ({
  kind: 'address',
  family: 4,
  address,
  prefixLength: 32,
  link: 'eth0',
  scope: 0,
  noDad: false,
  tracked: true,
  ...more,
});

export function desiredRouter(
  priority: number,
  config: Partial<DesiredVirtualRouter['config']> = {},
  addresses: readonly DesiredAddress[] = [virtualAddress(VIRTUAL)],
): Desired {
  const router: DesiredVirtualRouter = {
    key: 'eth0/4/51/multicast',
    config: {
      name: 'VI_1',
      vrid: 51,
      family: 4,
      version: 3,
      interface: 'eth0',
      priority,
      advertisementInterval: SECOND,
      downTimerAdverts: 3,
      preempt: true,
      preemptDelay: 0,
      virtualAddresses: addresses.map((address) => address.address),
      authentication: { kind: 'none' },
      checksum: 'with-pseudo-header',
      multicastGroup: GROUP,
      announcements: {
        delay: 5 * SECOND,
        repeat: 5,
        refresh: 0,
        refreshRepeat: 1,
        lowerPriorityDelay: 5 * SECOND,
        lowerPriorityRepeat: 5,
      },
      answerLowerPriority: true,
      advertiseBeforeYielding: false,
      checkAddressList: true,
      startupDelay: 0,
      trackInterface: true,
      trackedObjects: [],
      ...config,
    },
    channel: { family: 4, link: 'eth0', multicastGroup: GROUP, unicastPeers: [], ttl: 255 },
    addresses,
  };
  return { virtualRouters: [router], syncGroups: [], trackers: [] };
}

export interface Heard {
  readonly at: number;
  readonly from: string;
  readonly advertisement: Advertisement;
  /** The form its checksum has. */
  readonly checksum: ChecksumForm;
}

/** A LAN with a listener that hears everything. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly network: SimulatedNetwork = {
    clock: this.clock,
    datagrams: new Lan({ clock: this.clock, seed: 1 }),
    frames: new Lan({ clock: this.clock, seed: 1 }),
  };
  readonly heard: Heard[] = [];
  readonly announced: { readonly at: number; readonly from: string; readonly address: string }[] = [];
  readonly reports = new Map<string, EngineReport[]>();
  #hosts = 0;

  constructor() {
    this.network.datagrams.attach('listener', ({ source, destination, payload }, from) => {
      const decoded = decodeAdvertisement(payload, { source, destination, checksum: 'auto' });
      if (!decoded.ok) throw new Error(`${from} sent a malformed advertisement: ${decoded.issue.kind}`);
      this.heard.push({ at: this.clock.now(), from, advertisement: decoded.value, checksum: decoded.checksum });
    });
    this.network.frames.attach('listener', ({ payload }, from) => {
      const arp = decodeGratuitousArp(payload);
      if (arp.ok) this.announced.push({ at: this.clock.now(), from, address: arp.value.address });
    });
  }

  addHost(name: string): SimulatedHost {
    this.#hosts += 1;
    const reports: EngineReport[] = [];
    this.reports.set(name, reports);
    const link = {
      name: 'eth0',
      mac: `02:00:00:00:00:0${this.#hosts}`,
      addresses: [`192.0.2.${this.#hosts}/24`],
    } as const;
    return new SimulatedHost(this.network, { name, links: [link], report: (report) => reports.push(report) });
  }

  /** Runs until this many seconds since the beginning. */
  until(seconds: number): Promise<void> {
    return runClock(this.clock, seconds * SECOND);
  }

  /** Kinds of a host's reports, observations by their own name, in order. */
  told(name: string): readonly string[] {
    return (this.reports.get(name) ?? []).map((report) =>
      report.kind === 'observation' ? observationName(report) : report.kind,
    );
  }
}

function observationName({ observation }: EngineReport & { kind: 'observation' }): string {
  return observation.kind === 'transition' ? `${observation.from}->${observation.to}` : observation.kind;
}
