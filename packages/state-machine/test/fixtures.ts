// What the unit tests share: a router driven by hand in virtual time, and advertisements made to order.
import type { VirtualRouterConfig } from '../src/config.js';
import { create, nextDeadline, step } from '../src/index.js';
import type { Action, EventBody, Observation, ReceivedAdvertisement, VirtualRouterState } from '../src/index.js';
import { advertisementBytes, defaultConfig } from '../src/sim/index.js';

export const OWN_ADDRESS = '192.0.2.10';
export const OTHER_ADDRESS = '192.0.2.20';
export const OWN_ADDRESS_6 = 'fe80::a';
export const OTHER_ADDRESS_6 = 'fe80::b';
export const SECOND = 1_000_000;

/** A router, the events sent to it and the actions of the last event. */
export class Driver {
  state: VirtualRouterState;
  at = 0;
  actions: readonly Action[] = [];

  constructor(changes: Partial<VirtualRouterConfig> = {}) {
    this.state = create(defaultConfig(changes));
  }

  send(event: EventBody, at = this.at): readonly Action[] {
    this.at = at;
    const result = step(this.state, { ...event, at });
    this.state = result.state;
    this.actions = result.actions;
    return result.actions;
  }

  /** Tells the router that it has a link and an address, and to start. */
  start(at = this.at): readonly Action[] {
    this.send({ kind: 'link', up: true }, at);
    this.send({ kind: 'primary-address', address: this.state.config.family === 4 ? OWN_ADDRESS : OWN_ADDRESS_6 });
    return this.send({ kind: 'startup' });
  }

  /** As `start`, and gives the driver itself. */
  started(): this {
    this.start();
    return this;
  }

  /** Sends `time` at the next deadline. */
  expire(): readonly Action[] {
    const deadline = nextDeadline(this.state);
    if (deadline === undefined) throw new Error('nothing is due');
    return this.send({ kind: 'time' }, deadline);
  }

  hear(changes: AdvertisementChanges = {}, at = this.at): readonly Action[] {
    return this.send({ kind: 'packet', packet: advertisement(this.state.config, changes) }, at);
  }
}

export type AdvertisementChanges = Partial<Omit<ReceivedAdvertisement, 'payload'>> & {
  readonly priority?: number;
  /** What the sender has configured otherwise than the listener. */
  readonly sender?: Partial<VirtualRouterConfig>;
  /** Damages the bytes. */
  readonly edit?: (payload: Uint8Array) => Uint8Array;
};

/** What a well configured other router sends to one with this configuration, with `changes`. */
export function advertisement(config: VirtualRouterConfig, changes: AdvertisementChanges = {}): ReceivedAdvertisement {
  const { priority = 100, sender = {}, edit = (bytes) => bytes, ...datagram } = changes;
  const source = datagram.source ?? (config.family === 4 ? OTHER_ADDRESS : OTHER_ADDRESS_6);
  const own = config.family === 4 ? OWN_ADDRESS : OWN_ADDRESS_6;
  const destination = datagram.destination ?? (config.unicast === undefined ? config.multicastGroup : own);
  const payload = edit(advertisementBytes({ ...config, ...sender }, priority, source, destination));
  return { ttl: 255, multicast: config.unicast === undefined, ...datagram, source, destination, payload };
}

/** A router that is Backup since time 0. */
export function backup(changes: Partial<VirtualRouterConfig> = {}): Driver {
  const driver = new Driver(changes);
  driver.start();
  return driver;
}

/** A router that has just become Master. */
export function master(changes: Partial<VirtualRouterConfig> = {}): Driver {
  const driver = backup(changes);
  if (driver.state.role !== 'master') driver.expire();
  return driver;
}

/** Actions without observations, one word each: `send 100`, `add-addresses`, ... */
export function deeds(actions: readonly Action[]): readonly string[] {
  return actions.flatMap((action) => {
    if (action.kind === 'observe') return [];
    if (action.kind === 'send-advertisement') return [`send ${action.priority}`];
    return [action.kind === 'announce-addresses' ? `announce ${action.repeat}` : action.kind];
  });
}

export function observations(actions: readonly Action[]): readonly Observation[] {
  return actions.flatMap((action) => (action.kind === 'observe' ? [action.observation] : []));
}

/** `from -> to (cause)` of every transition. */
export function transitions(actions: readonly Action[]): readonly string[] {
  return observations(actions).flatMap((seen) =>
    seen.kind === 'transition' ? [`${seen.from} -> ${seen.to} (${seen.cause})`] : [],
  );
}
