// A LAN for real routers: one network namespace each, a bridge between them in another. Made with ip(8) and nft(8); needs
// root. Names are unique to the process; close() removes everything and ends only what was started here, by pid.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const LINK = 'eth0';
let created = 0;

export interface Node {
  readonly name: string;
  /** Without prefix; the LAN is 192.0.2.0/24. */
  readonly address: string;
  readonly mac: string;
}

export class Network {
  readonly #prefix: string;
  readonly #nodes: readonly Node[];
  readonly #children: ChildProcess[] = [];

  private constructor(nodes: readonly Node[]) {
    created += 1;
    this.#prefix = `smd${process.pid}x${created}`;
    this.#nodes = nodes;
  }

  static async create(nodes: readonly Node[]): Promise<Network> {
    const network = new Network(nodes);
    await network.#build();
    return network;
  }

  /** Starts a program in a node's namespace ('switch' is the bridge's). */
  spawn(node: string, argv: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#namespace(node), ...argv], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return child;
  }

  async setLink(node: string, state: 'up' | 'down'): Promise<void> {
    await this.#ip(node, 'link', 'set', LINK, state);
  }

  async removeAddress(node: string, address: string): Promise<void> {
    await this.#ip(node, 'address', 'del', `${address}/32`, 'dev', LINK);
  }

  /** From now on `to` hears nothing from `from`. */
  async partition(from: string, to: string): Promise<void> {
    const source = this.#nodes.find((node) => node.name === from)?.address ?? '';
    await this.#nft(`add rule netdev cuts to_${to} ip saddr ${source} drop`);
  }

  async heal(): Promise<void> {
    await this.#nft('flush table netdev cuts');
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    for (const name of ['switch', ...this.#nodes.map((node) => node.name)]) {
      await run('ip', ['netns', 'del', this.#namespace(name)]).catch(() => undefined);
    }
  }

  async #build(): Promise<void> {
    await run('ip', ['netns', 'add', this.#namespace('switch')]);
    await this.#ip('switch', 'link', 'add', 'br0', 'type', 'bridge', 'forward_delay', '0', 'mcast_snooping', '0');
    await this.#ip('switch', 'link', 'set', 'br0', 'up');
    await this.#nft('add table netdev cuts');
    for (const { name, address, mac } of this.#nodes) {
      const namespace = this.#namespace(name);
      await run('ip', ['netns', 'add', namespace]);
      const peer = ['peer', 'name', LINK, 'address', mac, 'netns', namespace];
      await this.#ip('switch', 'link', 'add', `to_${name}`, 'type', 'veth', ...peer);
      await this.#ip('switch', 'link', 'set', `to_${name}`, 'master', 'br0', 'up');
      await this.#ip(name, 'address', 'add', `${address}/24`, 'dev', LINK);
      await this.#ip(name, 'link', 'set', LINK, 'up');
      await this.#nft(
        `add chain netdev cuts to_${name} { type filter hook egress device to_${name} priority 0; policy accept; }`,
      );
    }
  }

  async #ip(node: string, ...words: readonly string[]): Promise<void> {
    await run('ip', ['-n', this.#namespace(node), ...words]);
  }

  async #nft(command: string): Promise<void> {
    await run('ip', ['netns', 'exec', this.#namespace('switch'), 'nft', command]);
  }

  #namespace(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}
