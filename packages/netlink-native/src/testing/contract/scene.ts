// The stage of every scenario of the kernel contract: a kernel with one link, everything heard of it, and the questions that
// scenarios ask. Assertions are Node's own.
import assert from 'node:assert/strict';

import { objectKey } from '../../rtnl/kinds.js';
import type { ChangeResult, Kernel, NetworkChange, NetworkEvent } from '../../kernel.js';
import type { Address, AddressSpec } from '../../objects/address.js';
import type { Link } from '../../objects/link.js';
import type { ObjectSpec } from '../../network-object.js';

/** A kernel with one Ethernet-like link that is up, has carrier, has a MAC and no IPv4 address, and hands to play others. */
export interface KernelUnderTest {
  readonly kernel: Kernel;
  readonly linkName: string;
  setLink(state: 'up' | 'down'): Promise<void>;
  setCarrier(present: boolean): Promise<void>;
  renameLink(name: string): Promise<void>;
  /** Somebody else adds or removes 'ADDRESS/PREFIX' on the link. */
  addAddress(address: string, detail?: { readonly label?: string; readonly peer?: string }): Promise<void>;
  removeAddress(address: string): Promise<void>;
  /** Somebody else, not of our protocol, adds a route, or knows a neighbour on the link. */
  addRoute(destination: string, gateway: string): Promise<void>;
  addNeighbour(address: string, mac: string): Promise<void>;
  removeLink(): Promise<void>;
  /** sysctl net.ipv4.conf.all.promote_secondaries = 1 */
  promoteSecondaries(): Promise<void>;
  /** Ends everything, the kernel client included. */
  close(): Promise<void>;
}

export interface Scene extends KernelUnderTest {
  readonly link: Link;
  readonly spec: AddressSpec;
  /** Everything heard since the watch began. */
  readonly events: readonly NetworkEvent[];
  /** Resolves with the first event, heard already or to come, that satisfies `matches`. */
  heard(matches: (event: NetworkEvent) => boolean): Promise<NetworkEvent>;
  find(address: string): Promise<Address | undefined>;
  /** Adds or removes, and insists that each change is made. */
  add(...objects: readonly ObjectSpec[]): Promise<void>;
  remove(...objects: readonly ObjectSpec[]): Promise<void>;
}

export type Scenario = (title: string, body: (scene: Scene) => Promise<void>) => void;

export const CHANGED: ChangeResult = { ok: true, changed: true };
export const UNCHANGED: ChangeResult = { ok: true, changed: false };

export async function setScene(subject: KernelUnderTest): Promise<Scene> {
  const { kernel, linkName } = subject;
  const link = (await kernel.read('link')).find(({ name }) => name === linkName);
  assert.ok(link !== undefined, `the kernel under test has no link ${linkName}`);
  const events: NetworkEvent[] = [];
  let wake: (() => void) | undefined;
  kernel.watch((event) => {
    events.push(event);
    wake?.();
  });
  const heard: Scene['heard'] = async (matches) => {
    // Bounded by the runner's own time limit of a test.
    for (;;) {
      const found = events.find(matches);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const find = async (address: string): Promise<Address | undefined> =>
    (await kernel.read('address')).find((one) => one.address === address && one.linkIndex === link.index);
  const spec: AddressSpec = {
    kind: 'address',
    family: 4,
    address: '192.0.2.7',
    prefixLength: 24,
    linkIndex: link.index,
  };
  const change =
    (action: NetworkChange['action']) =>
    async (...objects: readonly ObjectSpec[]): Promise<void> => {
      const results = await kernel.apply(objects.map((object) => ({ action, object })));
      assert.deepEqual(
        results,
        objects.map(() => CHANGED),
      );
    };
  return { ...subject, link, spec, events, heard, find, add: change('add'), remove: change('remove') };
}

export function isLink(event: NetworkEvent, index: number, state: { adminUp: boolean; running: boolean }): boolean {
  if (event.kind !== 'changed' || event.object.kind !== 'link' || event.object.index !== index) return false;
  return event.object.adminUp === state.adminUp && event.object.running === state.running;
}

export function changed(address: string): (event: NetworkEvent) => boolean {
  return (event) => event.kind === 'changed' && event.object.kind === 'address' && event.object.address === address;
}

export function removed(address: string): (event: NetworkEvent) => boolean {
  return (event) => event.kind === 'removed' && event.object.kind === 'address' && event.object.address === address;
}

export function unchanged(count: number): readonly { ok: true; changed: false }[] {
  return Array.from({ length: count }, () => ({ ok: true, changed: false }) as const);
}

/** The same in all but the address. */
export function at(spec: AddressSpec, address: string): AddressSpec {
  return { ...spec, address };
}

/** IFA_F_* of the address that an event tells of. */
export function hasFlag(event: NetworkEvent, flag: number): boolean {
  return event.kind !== 'resync' && event.object.kind === 'address' && (event.object.flags & flag) !== 0;
}

/** The errno of a refusal; undefined when there was none. */
export function errnoOf(result: ChangeResult | undefined): unknown {
  return result?.ok === false ? Reflect.get(result.error, 'errno') : undefined;
}

/** 'changed 192.0.2.7 own', 'removed eth0': what was heard, in short. */
export function inShort(events: readonly NetworkEvent[]): readonly string[] {
  return events.map((event) => {
    if (event.kind === 'resync') return event.kind;
    const { object } = event;
    const subject =
      object.kind === 'link' ? object.name : object.kind === 'address' ? object.address : objectKey(object);
    return `${event.kind} ${subject}${event.own ? ' own' : ''}`;
  });
}
