// The quick start without privileges: the same two configurations and the same engine, on a LAN in memory and in virtual
// time. A client is simulated as what it knows: whose announcement it heard last, and whether that node still answers.
import { Lan, VirtualClock } from '@vrrp/state-machine/sim';
import { decodeGratuitousArp } from '@vrrp/wire';
import type { RouterIdentity } from '../reports/router-identity.js';
import { reportEntries } from '../log/report-sentences.js';
import { SimulatedHost } from '../simulation/simulated-host.js';
import type { SimulatedNetwork } from '../simulation/simulated-network.js';
import { runClock } from '../simulation/run-clock.js';
import { LINK, loadDesired, NODES, VIRTUAL_ADDRESS, Watch } from './story.js';
import type { Outcome, TimelineEvent } from './timeline.js';

const SEED = 112;
/** Microseconds between two pings of the client. */
const PING_INTERVAL = 20_000;
const KILL_AT = 6_000_000;
const END_AT = 12_000_000;

export async function runSimulated(tell: (event: TimelineEvent) => void): Promise<Outcome> {
  const clock = new VirtualClock();
  const network: SimulatedNetwork = {
    clock,
    datagrams: new Lan({ clock, seed: SEED }),
    frames: new Lan({ clock, seed: SEED }),
  };
  const watch = new Watch(tell);
  const hosts = NODES.map(({ name, address }, index) => startHost(network, watch, name, address, index + 1));
  pingFrom(network, hosts, watch);
  await Promise.all(hosts.map((host, index) => host.configure(loadDesired(NODES[index]?.name ?? ''))));
  await runClock(clock, KILL_AT);
  hosts[0]?.crash();
  watch.killed(clock.now());
  await runClock(clock, END_AT);
  const outcome = watch.outcome();
  if (outcome === undefined) throw new Error('the address did not move');
  return outcome;
}

function startHost(
  network: SimulatedNetwork,
  watch: Watch,
  name: string,
  address: string,
  number: number,
): SimulatedHost {
  const identity = (): RouterIdentity => ({ name, vrid: 100, family: 4, version: 2, interface: LINK });
  return new SimulatedHost(network, {
    name,
    links: [{ name: LINK, mac: `02:00:00:00:00:0${number}`, addresses: [`${address}/24`] }],
    report: (report) => {
      for (const { fields } of reportEntries(report, identity)) watch.heard(name, report.at, fields);
    },
  });
}

/** The client: an ARP cache of one entry, and a ping every 20 ms. */
function pingFrom({ clock, frames }: SimulatedNetwork, hosts: readonly SimulatedHost[], watch: Watch): void {
  let neighbour: string | undefined;
  frames.attach('client', ({ payload }) => {
    const arp = decodeGratuitousArp(payload);
    if (arp.ok && arp.value.address === VIRTUAL_ADDRESS) neighbour = arp.value.mac;
  });
  const ping = (): void => {
    const answers = hosts.some((host) => host.isRunning && host.hasMac(neighbour ?? '') && host.holds(VIRTUAL_ADDRESS));
    if (answers) watch.answered(clock.now());
    clock.schedule(clock.now() + PING_INTERVAL, ping);
  };
  ping();
}
