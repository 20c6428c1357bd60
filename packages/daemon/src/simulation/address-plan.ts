// Which links the simulated nodes have and which addresses are on them, pure: everything a configuration names, and one
// address of each family a node needs there. Configured sources are respected, so that unicast nodes find each other.
import type { Desired, DesiredVirtualRouter } from '../plan/desired.js';
import { trackedInterfaces } from '../plan/desired.js';

export interface NodePlan {
  readonly name: string;
  readonly desired: Desired;
}

export interface PlannedLink {
  readonly name: string;
  readonly mac: string;
  /** 'ADDRESS/PREFIX' each. */
  readonly addresses: readonly string[];
  readonly loopback: boolean;
}

export interface PlannedHost {
  readonly name: string;
  readonly links: readonly PlannedLink[];
}

/** More nodes than this have no place in one block of addresses. */
export const NODES_MAX = 200;

const LOOPBACK = 'lo';
const PREFIX_LENGTH = { 4: 24, 6: 64 } as const;

/**
 * @param others further configurations a node may take later (a reload), by the name of the node.
 * @throws RangeError for more than NODES_MAX nodes.
 */
export function planHosts(
  nodes: readonly NodePlan[],
  others: ReadonlyMap<string, readonly Desired[]> = new Map(),
): readonly PlannedHost[] {
  if (nodes.length > NODES_MAX) throw new RangeError(`at most ${NODES_MAX} nodes, not ${nodes.length}`);
  const routersOf = (node: NodePlan): readonly DesiredVirtualRouter[] =>
    [node.desired, ...(others.get(node.name) ?? [])].flatMap((desired) => desired.virtualRouters);
  const routers = new Map(nodes.map((node) => [node.name, routersOf(node)]));
  const links = [...new Set([...routers.values()].flat().flatMap(linksOf))];
  const taken = new Set([...routers.values()].flat().flatMap(addressesInUse));
  return nodes.map(({ name }, nodeIndex) => ({
    name,
    links: linksOfNode(routers.get(name) ?? []).map((link) => ({
      name: link,
      mac: macAddress(links.indexOf(link), nodeIndex),
      addresses: addressesOn(link, links.indexOf(link), name, nodeIndex, routers, taken),
      loopback: link === LOOPBACK,
    })),
  }));
}

function linksOfNode(routers: readonly DesiredVirtualRouter[]): readonly string[] {
  return [...new Set(routers.flatMap(linksOf))];
}

function linksOf({ channel, addresses, config }: DesiredVirtualRouter): readonly string[] {
  return [channel.link, ...addresses.map(({ link }) => link), ...trackedInterfaces(config).map(({ name }) => name)];
}

/** What the nodes' own addresses must not be. */
function addressesInUse({ addresses, channel }: DesiredVirtualRouter): readonly string[] {
  const source = channel.source === undefined ? [] : [channel.source];
  return [...addresses.map(({ address }) => address), ...channel.unicastPeers, ...source];
}

function addressesOn(
  link: string,
  linkIndex: number,
  node: string,
  nodeIndex: number,
  routers: ReadonlyMap<string, readonly DesiredVirtualRouter[]>,
  taken: ReadonlySet<string>,
): readonly string[] {
  if (link === LOOPBACK) return [];
  const own = (routers.get(node) ?? []).filter(({ channel }) => channel.link === link);
  const configured = own.flatMap((router) => sourceOf(router, node, routers));
  // IPv6 advertisements come from a link-local address even where a unicast source is configured for some of them.
  const families = new Set<4 | 6>([4, ...own.map(({ channel }) => channel.family)]);
  const automatic = [...families]
    .filter((family) => family === 6 || !configured.some((address) => !address.includes(':')))
    .map((family) => automaticAddress(family, linkIndex, nodeIndex, taken));
  return [...new Set([...configured, ...automatic])].map((address) => {
    return `${address}/${PREFIX_LENGTH[address.includes(':') ? 6 : 4]}`;
  });
}

/** The configured source; else, for unicast, the first address the other nodes send to and this one does not. */
function sourceOf(
  { channel, config }: DesiredVirtualRouter,
  node: string,
  routers: ReadonlyMap<string, readonly DesiredVirtualRouter[]>,
): readonly string[] {
  if (channel.source !== undefined) return [channel.source];
  if (channel.unicastPeers.length === 0) return [];
  const others = [...routers].filter(([name]) => name !== node).flatMap(([, list]) => list);
  const peers = others
    .filter((other) => other.config.vrid === config.vrid && other.channel.family === channel.family)
    .flatMap((other) => other.channel.unicastPeers);
  const spoken = new Set(others.map((other) => other.channel.source));
  const free = peers.find((address) => !channel.unicastPeers.includes(address) && !spoken.has(address));
  return free === undefined ? [] : [free];
}

/** 198.18.0.0/15 (RFC 2544) and fe80::/10: a later node has the higher address, which decides ties. */
function automaticAddress(family: 4 | 6, linkIndex: number, nodeIndex: number, taken: ReadonlySet<string>): string {
  const number = nodeIndex + 1;
  for (let block = linkIndex; ; block += 1) {
    const address =
      family === 4 ? `198.18.${block}.${number}` : `fe80::${(block + 1).toString(16)}:${number.toString(16)}`;
    if (!taken.has(address)) return address;
  }
}

/** Locally administered. */
function macAddress(linkIndex: number, nodeIndex: number): string {
  return `02:00:00:${hexByte(linkIndex & 0xff)}:00:${hexByte(nodeIndex + 1)}`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, '0');
}
