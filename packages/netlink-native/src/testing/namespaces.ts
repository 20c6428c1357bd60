// A laboratory of network namespaces for tests and demonstrations, made with the `ip` command (ip-netns(8), ip-link(8)).
// Every name is unique to the laboratory; close() ends only what it started, by process id, and removes its namespaces.
// It needs root. It measures nothing and judges nothing.
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';

import { startCapture } from './capture.js';
import type { Capture } from './capture.js';
import { runChecked, runCommand } from './command.js';
import type { CommandOptions, CommandResult } from './command.js';

export type { Capture, CommandOptions, CommandResult };

/** One namespace on a LAN: the interface it gets and what that interface is given. */
export interface LanMember {
  readonly namespace: string;
  /** Name of the interface inside the namespace, at most 15 bytes. */
  readonly interface: string;
  readonly mac?: string;
  /** 'ADDRESS/PREFIX' each; IPv6 ones skip duplicate address detection. */
  readonly addresses?: readonly string[];
}

/** A bridge in a namespace of its own, one veth per member. */
export interface BridgeLan {
  readonly namespace: string;
  readonly bridge: string;
  /** Joins one more namespace. */
  connect(member: LanMember): Promise<void>;
  /** The bridge's end of a member's cable: `down` takes the member's carrier away and leaves its interface up. */
  setCable(member: Pick<LanMember, 'namespace' | 'interface'>, state: 'up' | 'down'): Promise<void>;
}

export interface LabAddress {
  readonly interface: string;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefixLength: number;
  /** As ip(8) writes it: 'global', 'link', 'host', 'site' or a number. */
  readonly scope: string;
  readonly label?: string;
  readonly broadcast?: string;
}

export interface NamespaceLab {
  /** Makes a namespace with its loopback up and IPv6 duplicate address detection off; resolves with its full name. */
  addNamespace(label: string): Promise<string>;
  addBridgeLan(label: string, members: readonly LanMember[]): Promise<BridgeLan>;
  /** Runs a command inside to its end; a status other than 0 is a value. */
  run(namespace: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a program inside; its pid is the program's own. It is ended, if still there, by close(). */
  spawn(namespace: string, argv: readonly string[], options?: SpawnOptions): ChildProcess;
  setLink(namespace: string, interfaceName: string, state: 'up' | 'down'): Promise<void>;
  addresses(namespace: string): Promise<readonly LabAddress[]>;
  /** Resolves when tcpdump listens; `filter` is a pcap-filter(7) expression in words. */
  capture(namespace: string, interfaceName: string, filter?: readonly string[]): Promise<Capture>;
  /** The file that stands for the namespace, for `enterNetworkNamespace`. */
  path(namespace: string): string;
  /** Idempotent. Kills what runs inside the laboratory's namespaces, then removes them. */
  close(): Promise<void>;
}

const NETNS_FOLDER = '/run/netns';
/** Names tried for one namespace before giving up, when leftovers of other runs hold them. */
const NAME_ATTEMPTS = 1000;
const BRIDGE_NAME = 'br0';
/** No detection of duplicates and no router solicitations: an address is usable at once and the wire stays quiet. */
const QUIET_IPV6 = ['accept_dad', 'router_solicitations', 'accept_ra']
  .flatMap((key) => ['all', 'default'].map((scope) => `echo 0 > /proc/sys/net/ipv6/conf/${scope}/${key}`))
  .join('; ');

export function createNamespaceLab(): NamespaceLab {
  return new Laboratory();
}

class Laboratory implements NamespaceLab {
  readonly #namespaces: string[] = [];
  readonly #children = new Set<ChildProcess>();
  #nextName = 1;
  #closed = false;

  async addNamespace(label: string): Promise<string> {
    this.#assertOpen();
    const name = await this.#claimName(label);
    await ip(name, ['link set lo up']);
    // A kernel without IPv6 has no such files, and then nothing to switch off.
    await this.run(name, ['sh', '-c', `test -d /proc/sys/net/ipv6 || exit 0; ${QUIET_IPV6}`]);
    return name;
  }

  async addBridgeLan(label: string, members: readonly LanMember[]): Promise<BridgeLan> {
    const namespace = await this.addNamespace(label);
    // Without snooping the bridge forwards VRRP's groups to everybody, as a plain switch does.
    await ip(namespace, [
      `link add ${BRIDGE_NAME} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
      `link set ${BRIDGE_NAME} up`,
    ]);
    const ports = new Map<string, string>();
    const connect = async (member: LanMember): Promise<void> => {
      const port = `port${ports.size + 1}`;
      ports.set(portKey(member), port);
      await plug(member, namespace, port);
    };
    for (const member of members) await connect(member);
    const setCable: BridgeLan['setCable'] = async (member, state) => {
      const port = ports.get(portKey(member));
      if (port === undefined) throw new RangeError(`${portKey(member)} is not on this LAN`);
      await ip(namespace, [`link set ${port} ${state}`]);
    };
    return { namespace, bridge: BRIDGE_NAME, connect, setCable };
  }

  run(namespace: string, argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    this.#assertOpen();
    return runCommand(['ip', 'netns', 'exec', namespace, ...argv], options);
  }

  spawn(namespace: string, argv: readonly string[], options: SpawnOptions = {}): ChildProcess {
    this.#assertOpen();
    return this.#track(spawn('ip', ['netns', 'exec', namespace, ...argv], options));
  }

  async setLink(namespace: string, interfaceName: string, state: 'up' | 'down'): Promise<void> {
    await ip(namespace, [`link set ${interfaceName} ${state}`]);
  }

  async addresses(namespace: string): Promise<readonly LabAddress[]> {
    const listing: unknown = JSON.parse(await runChecked(['ip', '-n', namespace, '-j', 'address', 'show']));
    return (listing as readonly IpLink[]).flatMap(labAddresses);
  }

  capture(namespace: string, interfaceName: string, filter: readonly string[] = []): Promise<Capture> {
    this.#assertOpen();
    return startCapture(namespace, interfaceName, filter, (child) => this.#track(child));
  }

  path(namespace: string): string {
    return `${NETNS_FOLDER}/${namespace}`;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const endings = [...this.#children].map(endOf);
    for (const child of this.#children) if (isRunning(child)) child.kill('SIGKILL');
    for (const namespace of this.#namespaces) await killInside(namespace);
    await Promise.all(endings);
    for (const namespace of this.#namespaces) await runChecked(['ip', 'netns', 'delete', namespace]);
    this.#namespaces.length = 0;
  }

  async #claimName(label: string): Promise<string> {
    for (let attempt = 0; attempt < NAME_ATTEMPTS; attempt++) {
      const name = `vrrp-${process.pid}-${this.#nextName++}-${label}`;
      const result = await runCommand(['ip', 'netns', 'add', name]);
      if (result.status === 0) {
        this.#namespaces.push(name);
        return name;
      }
      if (!result.stderr.includes('File exists')) {
        throw new Error(`cannot make network namespace ${name} (this needs root): ${result.stderr.trim()}`);
      }
    }
    throw new Error(`no free namespace name in ${NAME_ATTEMPTS} attempts for ${label}`);
  }

  #track(child: ChildProcess): ChildProcess {
    this.#children.add(child);
    child.once('close', () => this.#children.delete(child));
    // Nobody may be listening; without a listener a program that cannot be started would end the test run.
    child.on('error', () => this.#children.delete(child));
    return child;
  }

  #assertOpen(): void {
    if (this.#closed) throw new Error('this namespace laboratory is closed');
  }
}

async function plug(member: LanMember, switchNamespace: string, port: string): Promise<void> {
  const mac = member.mac === undefined ? '' : `address ${member.mac} `;
  await ip(member.namespace, [
    `link add ${member.interface} ${mac}type veth peer name ${port} netns ${switchNamespace}`,
  ]);
  await ip(switchNamespace, [`link set ${port} master ${BRIDGE_NAME} up`]);
  await ip(member.namespace, [
    `link set ${member.interface} up`,
    ...(member.addresses ?? []).map((address) => {
      const detail = address.includes(':') ? 'nodad' : 'broadcast +';
      return `address add ${address} dev ${member.interface} ${detail}`;
    }),
  ]);
}

function portKey(member: Pick<LanMember, 'namespace' | 'interface'>): string {
  return `${member.namespace} ${member.interface}`;
}

/** Several ip(8) commands in one go; the first that fails ends the batch. */
async function ip(namespace: string, commands: readonly string[]): Promise<void> {
  await runChecked(['ip', '-n', namespace, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}

/** Ends what still runs inside: children of our children that outlived them. Never this process, whatever it has entered. */
async function killInside(namespace: string): Promise<void> {
  const listing = await runCommand(['ip', 'netns', 'pids', namespace]);
  for (const pid of listing.stdout.split('\n').map(Number)) {
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (!isRunning(child)) resolve();
    else child.once('exit', () => resolve());
  });
}

/** The part of `ip -j address show` that is read. */
interface IpLink {
  readonly ifname: string;
  readonly addr_info?: readonly {
    readonly family?: string;
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
    readonly label?: string;
    readonly broadcast?: string;
  }[];
}

function labAddresses(link: IpLink): readonly LabAddress[] {
  return (link.addr_info ?? []).flatMap((entry) => {
    if (entry.local === undefined) return [];
    return [
      {
        interface: link.ifname,
        family: entry.family === 'inet6' ? 6 : 4,
        address: entry.local,
        prefixLength: entry.prefixlen ?? 0,
        scope: entry.scope ?? '',
        ...(entry.label === undefined ? {} : { label: entry.label }),
        ...(entry.broadcast === undefined ? {} : { broadcast: entry.broadcast }),
      },
    ];
  });
}
