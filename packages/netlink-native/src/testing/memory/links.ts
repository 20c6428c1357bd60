// Links as Linux keeps them, and what their coming, going down and going does to what they carry.
import type { Acknowledgement } from '../../codec/netlink-message.js';
import type { EventOrigin } from '../../kernel.js';
import type { Link, LinkSpec } from '../../objects/link.js';
import { LINK } from '../../rtnl/link.js';
import { drop, endDetection, relabel } from './addresses.js';
import { routesWithoutLink } from './routes.js';
import { neighboursWithoutLink } from './rules.js';
import { DONE, EEXIST, ENODEV, ITSELF, withoutPort } from './state.js';
import type { HeldLink, MemoryState } from './state.js';

export interface MemoryLink {
  readonly name: string;
  readonly mac?: string;
  /** The next free number unless given. */
  readonly index?: number;
  readonly mtu?: number;
  /** Up, as links are that nobody touched, unless told otherwise. */
  readonly adminUp?: boolean;
  readonly carrier?: boolean;
  readonly loopback?: boolean;
  readonly noArp?: boolean;
  readonly multicast?: boolean;
  readonly type?: string;
}

export interface LinkState {
  /** `ip link set up|down` */
  readonly adminUp?: boolean;
  /** The cable. */
  readonly carrier?: boolean;
  readonly name?: string;
  readonly mac?: string;
  readonly mtu?: number;
}

/** @throws RangeError when the index or the name is taken */
export function addLink(state: MemoryState, spec: MemoryLink): Link {
  const index = spec.index ?? nextIndex(state);
  if (state.links.has(index)) throw new RangeError(`there is a link ${index} already`);
  assertFree(state, spec.name);
  const { adminUp = true, carrier = true, loopback = false } = spec;
  const link: Link = {
    kind: 'link',
    index,
    name: spec.name,
    mac: spec.mac ?? '',
    mtu: spec.mtu ?? 1500,
    adminUp,
    running: adminUp && carrier,
    multicast: spec.multicast ?? !loopback,
    loopback,
    noArp: spec.noArp ?? false,
    type: spec.type ?? '',
  };
  put(state, { link, carrier });
  return link;
}

/** @throws RangeError when there is no such link, or the name is taken */
export function changeLink(state: MemoryState, index: number, change: LinkState): Link {
  const { link: before, carrier: hadCarrier } = heldLink(state, index);
  if (change.name !== undefined && change.name !== before.name) assertFree(state, change.name);
  const adminUp = change.adminUp ?? before.adminUp;
  const carrier = change.carrier ?? hadCarrier;
  const { name = before.name, mac = before.mac, mtu = before.mtu } = change;
  const link = { ...before, name, mac, mtu, adminUp, running: adminUp && carrier };
  put(state, { link, carrier });
  for (const child of childrenOf(state, index)) changeLink(state, child, { carrier: link.running });
  if (name !== before.name) relabel(state, index, name);
  if (before.adminUp && !adminUp) silence(state, index);
  if (!before.running && link.running) endDetection(state, index);
  return link;
}

/** It goes down before it goes, and its addresses go in between. */
export function removeLink(state: MemoryState, index: number, by: EventOrigin = ITSELF): void {
  for (const child of childrenOf(state, index)) removeLink(state, child);
  const { link } = heldLink(state, index);
  if (link.adminUp) changeLink(state, index, { adminUp: false });
  for (const address of state.addresses) if (address.linkIndex === index) drop(state, address, ITSELF);
  const { link: last } = heldLink(state, index);
  state.links.delete(index);
  state.tell('removed', last, by);
}

/** A link that a program makes. @throws RangeError when it cannot be asked for */
export function makeLink(state: MemoryState, spec: LinkSpec, by: EventOrigin): Acknowledgement {
  LINK.encode(spec, 'add');
  const { name, type, parentIndex, macvlanMode, adminUp = false } = spec;
  const parent = state.links.get(parentIndex)?.link;
  if (parent === undefined) return { errno: ENODEV };
  if ([...state.links.values()].some(({ link }) => link.name === name)) return { errno: EEXIST };
  const index = nextIndex(state);
  const { mac = `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`, mtu = parent.mtu } = spec;
  const running = adminUp && parent.running;
  const link: Link = { ...parent, index, name, type, parentIndex, macvlanMode, mac, mtu, adminUp, running };
  put(state, { link, carrier: parent.running }, withoutPort(by));
  return DONE;
}

/** A link that a program removes. @throws RangeError */
export function unmakeLink(state: MemoryState, spec: LinkSpec, by: EventOrigin): Acknowledgement {
  LINK.encode(spec, 'remove');
  const found = [...state.links.values()].find(({ link }) =>
    spec.index === undefined ? link.name === spec.name : link.index === spec.index,
  );
  if (found === undefined) return { errno: ENODEV };
  removeLink(state, found.link.index, withoutPort(by));
  return DONE;
}

export function heldLink({ links }: MemoryState, index: number): HeldLink {
  const found = links.get(index);
  if (found === undefined) throw new RangeError(`there is no link ${index}`);
  return found;
}

/** What a link that is down loses. */
function silence(state: MemoryState, index: number): void {
  neighboursWithoutLink(state, index);
  routesWithoutLink(state, index);
  const lost = state.addresses.filter((one) => one.linkIndex === index && one.family === 6);
  for (const address of lost) drop(state, address, ITSELF);
}

function put(state: MemoryState, held: HeldLink, by: EventOrigin = ITSELF): void {
  state.links.set(held.link.index, held);
  state.tell('changed', held.link, by);
}

function childrenOf({ links }: MemoryState, index: number): readonly number[] {
  return [...links.values()].filter(({ link }) => link.parentIndex === index).map(({ link }) => link.index);
}

function nextIndex({ links }: MemoryState): number {
  return Math.max(0, ...links.keys()) + 1;
}

function assertFree({ links }: MemoryState, name: string): void {
  if ([...links.values()].some(({ link }) => link.name === name))
    throw new RangeError(`there is a link ${name} already`);
}
