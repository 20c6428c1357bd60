// What every suite here needs: a laboratory of namespaces and an empty folder for one test, both gone when it ends; a LAN
// of numbered nodes; and looks at the addresses of a node, through ip(8) and, for the mark, through our own rtnetlink.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inNetworkNamespace, openKernel } from '@vrrp/netlink-native';
import type { Address, Kernel, Link } from '@vrrp/netlink-native';
import { createNamespaceLab } from '@vrrp/netlink-native/testing';
import type { BridgeLan, NamespaceLab } from '@vrrp/netlink-native/testing';

import { eventually } from '../rig/deadline.js';

export interface Stage {
  readonly lab: NamespaceLab;
  /** A new empty folder. */
  folder(): Promise<string>;
}

export interface Node {
  readonly namespace: string;
  readonly interface: string;
  readonly address: string;
}

export interface NodeLan {
  readonly lan: BridgeLan;
  readonly nodes: readonly [Node, Node, Node];
}

/** Runs one test on a stage of its own. Tests may run side by side. */
export async function onStage(body: (stage: Stage) => Promise<void>): Promise<void> {
  const lab = createNamespaceLab();
  const root = await mkdtemp(join(tmpdir(), 'vrrpd-netns-'));
  try {
    await body({ lab, folder: () => mkdtemp(join(root, 'run-')) });
  } finally {
    await lab.close();
    await rm(root, { recursive: true, force: true });
  }
}

/** Three nodes on one LAN: `network` is the address less its last part, '192.0.2' gives 192.0.2.1/24 to 192.0.2.3/24. */
export async function createNodeLan(
  { lab }: Stage,
  options: { readonly network?: string; readonly interface?: string } = {},
): Promise<NodeLan> {
  const network = options.network ?? '192.0.2';
  const node = async (number: number): Promise<Node> => ({
    namespace: await lab.addNamespace(`node${number}`),
    interface: options.interface ?? 'eth0',
    address: `${network}.${number}`,
  });
  const nodes = [await node(1), await node(2), await node(3)] as const;
  const members = nodes.map((one) => ({ ...one, addresses: [`${one.address}/24`] }));
  return { lan: await lab.addBridgeLan('lan', members), nodes };
}

/** One node, 192.0.2.1/24 on eth0, alone on its LAN. */
export async function createLoneNode({ lab }: Stage): Promise<{ readonly lan: BridgeLan; readonly node: Node }> {
  const node = { namespace: await lab.addNamespace('node'), interface: 'eth0', address: '192.0.2.1' };
  return { lan: await lab.addBridgeLan('lan', [{ ...node, addresses: [`${node.address}/24`] }]), node };
}

/** A namespace with interfaces of these names, which are down and have no address: enough for what only looks at names. */
export async function createNamespaceWith({ lab }: Stage, names: readonly string[]): Promise<string> {
  const namespace = await lab.addNamespace('named');
  for (const name of names) {
    const made = await lab.run(namespace, ['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', `peer-${name}`]);
    if (made.status !== 0) throw new Error(made.stderr);
  }
  return namespace;
}

/** Resolves when the namespace holds all of these addresses, or none of them. */
export async function untilHolding(
  lab: NamespaceLab,
  namespace: string,
  addresses: readonly string[],
  holding: 'all' | 'none',
  within?: number,
): Promise<void> {
  const expected = holding === 'all' ? addresses.length : 0;
  const what = `${namespace} holds ${holding} of ${addresses.join(', ')}`;
  const look = async (): Promise<true | undefined> =>
    (await heldOf(lab, namespace, addresses)).length === expected ? true : undefined;
  await eventually(what, look, within);
}

/** Those of these addresses that the namespace holds now. */
export async function heldOf(
  lab: NamespaceLab,
  namespace: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const present = new Set((await lab.addresses(namespace)).map(({ address }) => address));
  return addresses.filter((address) => present.has(address));
}

/** Asks the kernel of a namespace something through rtnetlink: ip(8) of Debian 12 shows no protocol of an address. */
export async function withKernel<T>(namespace: string, ask: (kernel: Kernel) => Promise<T>): Promise<T> {
  const kernel = await inNetworkNamespace(namespace, openKernel);
  try {
    return await ask(kernel);
  } finally {
    kernel.close();
  }
}

export function kernelAddresses(namespace: string): Promise<readonly Address[]> {
  return withKernel(namespace, (kernel) => kernel.read('address'));
}

export async function linkNamed(namespace: string, name: string): Promise<Link> {
  const links = await withKernel(namespace, (kernel) => kernel.read('link'));
  const link = links.find((one) => one.name === name);
  if (link === undefined) throw new Error(`${namespace} has no ${name}`);
  return link;
}
