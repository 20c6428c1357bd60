// Plays a scenario with real keepalived in network namespaces and writes down what happened when.
import { setTimeout as sleep } from 'node:timers/promises';
import { Capture } from './capture.js';
import type { Advert } from './capture.js';
import { Keepalived } from './keepalived.js';
import type { RoleSeen } from './keepalived.js';
import { Network } from './network.js';
import type { Node } from './network.js';
import type { Scenario } from './scenarios.js';

/** Frames and log lines that are still on their way at the end. */
const LINGER = 300;

export interface Run {
  /** Microseconds since the first command. */
  readonly roles: readonly RoleSeen[];
  readonly adverts: readonly Advert[];
  /** Gratuitous ARP frames by node. */
  readonly announcements: Readonly<Record<string, number>>;
}

export interface RealRun extends Run {
  /** When each command had taken effect; a start is the first role that an instance logged. */
  readonly commands: readonly { readonly at: number; readonly command: string }[];
  readonly end: number;
  readonly logs: readonly string[];
}

export function nodesOf(scenario: Scenario): readonly Node[] {
  return Object.keys(scenario.nodes).map((name, index) => ({
    name,
    address: `192.0.2.${index + 9}`,
    mac: `02:00:00:00:00:0${index + 1}`,
  }));
}

export async function runReal(scenario: Scenario): Promise<RealRun> {
  const nodes = nodesOf(scenario);
  const network = await Network.create(nodes);
  const roles: RoleSeen[] = [];
  const origin = performance.now() * 1000;
  const daemons = new Map(
    nodes.map(({ name }) => [
      name,
      new Keepalived(network, name, scenario.nodes[name] ?? [], (instance, role) => {
        roles.push({ at: Math.round(performance.now() * 1000 - origin), instance, role });
      }),
    ]),
  );
  try {
    const capture = await Capture.start(network);
    const commands: { at: number; command: string }[] = [];
    for (const [wait, command] of scenario.steps) {
      await sleep(wait);
      if (command === 'end') break;
      const before = performance.now();
      await perform(network, daemons, command);
      // A stop takes effect when it is asked for, and is over a second later; everything else when it is done.
      const effective = command.startsWith('stop') ? before : performance.now();
      commands.push({ at: Math.round(effective * 1000 - origin), command });
    }
    const end = Math.round(performance.now() * 1000 - origin);
    for (const daemon of daemons.values()) await daemon.crash();
    await sleep(LINGER);
    await capture.stop();
    const announcements = nodes.map(({ name, mac }) => [name, capture.announcements.get(mac) ?? 0] as const);
    return {
      roles: roles.filter(({ at }) => at <= end),
      adverts: capture.adverts,
      announcements: Object.fromEntries(announcements),
      commands,
      end,
      logs: [...daemons].flatMap(([name, daemon]) => daemon.log.map((line) => `${name}: ${line}`)),
    };
  } finally {
    await network.close();
    for (const daemon of daemons.values()) daemon.remove();
  }
}

async function perform(network: Network, daemons: ReadonlyMap<string, Keepalived>, command: string): Promise<void> {
  const [verb = '', node = '', ...words] = command.split(' ');
  if (verb === 'partition') return network.partition(node, words[1] ?? '');
  if (verb === 'heal') return network.heal();
  if (verb === 'link') return network.setLink(node, words[0] === 'up' ? 'up' : 'down');
  if (verb === 'address-lost') return network.removeAddress(node, '198.51.100.1');
  const daemon = daemons.get(node);
  if (daemon === undefined) throw new Error(`no node in: ${command}`);
  if (verb === 'start') return daemon.start();
  if (verb === 'stop') return daemon.stop();
  if (verb === 'crash') return daemon.crash();
  if (verb === 'reload') return daemon.reload(Number(words[0]));
  if (verb === 'file') return daemon.setFile(words[0] ?? '', Number(words[1]));
  throw new Error(`not a command: ${command}`);
}
