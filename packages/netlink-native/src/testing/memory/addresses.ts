// Addresses as Linux keeps them: primary and secondary IPv4 addresses (the first of a subnet on a link is
// primary, the others go with it), labels, peers, duplicate address detection of IPv6. Facts observed on Linux 6.18.
import { ipFamily, isMulticastText, parseIp } from '@vrrp/wire/ip';

import type { Acknowledgement } from '../../codec/netlink-message.js';
import type { EventOrigin } from '../../kernel.js';
import { objectKey } from '../../rtnl/kinds.js';
import type { Address, AddressSpec } from '../../objects/address.js';
import { ADDRESS } from '../../rtnl/address.js';
import { routesWithoutAddress } from './routes.js';
import { DONE, EADDRNOTAVAIL, EEXIST, EINVAL, ENODEV, ITSELF, withoutPort } from './state.js';
import type { MemoryState } from './state.js';

const IFA_F_SECONDARY = 0x01;
const IFA_F_NODAD = 0x02;
const IFA_F_DEPRECATED = 0x20;
const IFA_F_TENTATIVE = 0x40;
const IFA_F_PERMANENT = 0x80;
const IFA_F_MCAUTOJOIN = 0x400;
const SCOPE_LINK = 253;
const SCOPE_HOST = 254;

/** @throws RangeError when it cannot be asked for */
export function addAddress(state: MemoryState, spec: AddressSpec, by: EventOrigin): Acknowledgement {
  const asked = meaning(spec);
  const held = state.links.get(asked.linkIndex);
  if (held === undefined) return { errno: ENODEV };
  if (asked.family === 6) return addIpv6(state, asked, held.link.loopback, by);
  const rivals = primaries(state, asked.linkIndex).filter((one) => isSameSubnet(one, asked));
  if (state.addresses.some((one) => isNamed(one, asked))) return { errno: EEXIST };
  if (rivals.some(({ scope }) => scope !== asked.scope)) return { errno: EINVAL };
  const flags = rivals.length > 0 ? asked.flags | IFA_F_SECONDARY : asked.flags;
  const address = { ...asked, flags, label: asked.label ?? held.link.name };
  insertIpv4(state, address);
  state.tell('changed', address, by);
  return DONE;
}

/** By its own name, else whatever a removal of this name means to be rid of. @throws RangeError */
export function removeAddress(state: MemoryState, spec: AddressSpec, by: EventOrigin): Acknowledgement {
  // A removal names no label, so a wrong one is no matter.
  ADDRESS.encode(spec, 'remove');
  if (!state.links.has(spec.linkIndex)) return { errno: ENODEV };
  const named = state.addresses.filter((one) => isNamed(one, spec));
  const gone =
    named.length > 0
      ? named
      : state.addresses.filter((one) => ADDRESS.doubt?.meaning(one) === ADDRESS.doubt?.meaning(spec));
  for (const address of gone) dropAddress(state, address, by);
  return gone.length > 0 ? DONE : { errno: EADDRNOTAVAIL };
}

/** The address goes, and what Linux lets go with it. */
export function dropAddress(state: MemoryState, address: Address, by: EventOrigin): void {
  // It may have gone already, as a secondary of one before it.
  if (!state.addresses.includes(address)) return;
  const secondaries = state.addresses.filter((one) => isSecondaryOf(one, address));
  if (!state.promoteSecondaries) for (const one of secondaries) drop(state, one, by);
  drop(state, address, by);
  const [heir] = secondaries;
  if (!state.promoteSecondaries || heir === undefined) return;
  state.addresses = state.addresses.filter((one) => one !== heir);
  const primary = { ...heir, flags: heir.flags & ~IFA_F_SECONDARY };
  insertIpv4(state, primary);
  state.tell('changed', primary, by);
}

/** What duplicate address detection on the link has come to: each tentative address is usable, or a duplicate. */
export function endDetection(state: MemoryState, linkIndex: number): void {
  const tentative = state.addresses.filter((one) => one.linkIndex === linkIndex && (one.flags & IFA_F_TENTATIVE) !== 0);
  for (const address of tentative) replace(state, address, { ...address, flags: address.flags & ~IFA_F_TENTATIVE });
}

/** A link has another name: labels follow. */
export function relabel(state: MemoryState, linkIndex: number, name: string): void {
  const held = state.addresses.filter((one) => one.linkIndex === linkIndex && one.family === 4);
  for (const [position, address] of held.entries()) {
    const suffix = address.label?.includes(':') === true ? address.label.slice(address.label.indexOf(':')) : undefined;
    const label = position === 0 ? name : `${name}${suffix ?? `:${position + 1}`}`;
    replace(state, address, { ...address, label });
  }
}

/** 'ADDRESS/PREFIX'. @throws RangeError */
export function addressFromText(linkIndex: number, text: string): AddressSpec {
  const [address = '', prefix] = text.split('/');
  const family = ipFamily(address);
  if (family === undefined || prefix === undefined) throw new RangeError(`not ADDRESS/PREFIX: ${text}`);
  return { kind: 'address', family, address, prefixLength: Number(prefix), linkIndex };
}

function addIpv6(state: MemoryState, asked: Address, onLoopback: boolean, by: EventOrigin): Acknowledgement {
  const { address, linkIndex } = asked;
  if (isMulticastText(address) && (asked.flags & IFA_F_MCAUTOJOIN) === 0) return { errno: EADDRNOTAVAIL };
  if (address === '::' || (address === '::1' && !onLoopback)) return { errno: EADDRNOTAVAIL };
  if (state.addresses.some((one) => isNamed(one, asked))) return { errno: EEXIST };
  const isTentative = (asked.flags & IFA_F_NODAD) === 0 && !onLoopback;
  const held = { ...asked, flags: isTentative ? asked.flags | IFA_F_TENTATIVE : asked.flags };
  // The newest first, wider scopes before narrower ones.
  insert(state, held, (peers) => peers.findIndex(({ scope }) => scope >= held.scope));
  state.tell('changed', held, withoutPort(by));
  if (isTentative && state.links.get(linkIndex)?.link.running === true)
    queueMicrotask(() => endDetection(state, linkIndex));
  return DONE;
}

/** Primaries before secondaries, narrower scopes before wider ones, else the newest last. */
function insertIpv4(state: MemoryState, address: Address): void {
  const isPrimary = (address.flags & IFA_F_SECONDARY) === 0;
  insert(state, address, (peers) =>
    isPrimary
      ? peers.findLastIndex((one) => (one.flags & IFA_F_SECONDARY) === 0 && address.scope <= one.scope) + 1
      : peers.length,
  );
}

/** Tables are listed family by family, link by link; `place` says where among its like, -1 meaning last. */
function insert(state: MemoryState, address: Address, place: (peers: readonly Address[]) => number): void {
  const order = (one: Address): number => one.family - address.family || one.linkIndex - address.linkIndex;
  const peers = state.addresses.filter((one) => order(one) === 0);
  const found = place(peers);
  const position = found < 0 ? peers.length : found;
  state.addresses = [
    ...state.addresses.filter((one) => order(one) < 0),
    ...peers.slice(0, position),
    address,
    ...peers.slice(position),
    ...state.addresses.filter((one) => order(one) > 0),
  ];
}

function isNamed(one: Address, spec: AddressSpec): boolean {
  // Most differ here already, and the key is text to be made.
  return one.address === spec.address && objectKey(one) === objectKey(spec);
}

/** The address alone goes. */
export function drop(state: MemoryState, address: Address, by: EventOrigin): void {
  state.addresses = state.addresses.filter((one) => one !== address);
  state.tell('removed', address, address.family === 6 ? withoutPort(by) : by);
  routesWithoutAddress(state, address);
}

function replace(state: MemoryState, before: Address, after: Address): void {
  state.addresses = state.addresses.map((one) => (one === before ? after : one));
  state.tell('changed', after, ITSELF);
}

function primaries(state: MemoryState, linkIndex: number): readonly Address[] {
  return state.addresses.filter(
    (one) => one.family === 4 && one.linkIndex === linkIndex && (one.flags & IFA_F_SECONDARY) === 0,
  );
}

function isSecondaryOf(one: Address, primary: Address): boolean {
  if (primary.family === 6 || (primary.flags & IFA_F_SECONDARY) !== 0 || (one.flags & IFA_F_SECONDARY) === 0)
    return false;
  return one.linkIndex === primary.linkIndex && isSameSubnet(one, primary);
}

/** Of IPv4: the same prefix length, and the same network of that length beyond the link. */
function isSameSubnet(one: Address, other: Address): boolean {
  if (one.family === 6 || other.family === 6 || one.prefixLength !== other.prefixLength) return false;
  return network(one) === network(other);
}

function network({ address, peer, prefixLength }: Address): number {
  const bytes: readonly number[] = [...(parseIp(peer ?? address) ?? [])];
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return Math.floor(number / 2 ** (32 - prefixLength));
}

/** What the kernel makes of a request: read back from the very bytes that would be sent. @throws RangeError */
function meaning(spec: AddressSpec): Address {
  const address = ADDRESS.decode(ADDRESS.encode(spec, 'add'));
  if (address === undefined) throw new RangeError(`not an address: ${spec.address}`);
  const deprecated = spec.preferredLifetime === 0 ? IFA_F_DEPRECATED : 0;
  const flags = address.flags | IFA_F_PERMANENT | deprecated;
  if (spec.family === 6) return { ...address, flags, scope: ipv6Scope(address.address) };
  // Linux tells the preferred lifetime of an IPv4 address only if its valid lifetime ends too, which ours never does.
  const { preferredLifetime: _untold, ...told } = address;
  return { ...told, flags };
}

function ipv6Scope(address: string): number {
  if (address === '::1') return SCOPE_HOST;
  return /^fe[89ab]/.test(address) ? SCOPE_LINK : 0;
}
