// One running virtual router: the state machine's state, and the socket, addresses and announcements its actions go to.
// It decides nothing: it feeds events to `step` and carries out what comes back, in order.
import {
  create,
  explain,
  nextDeadline,
  step,
  trackerFact,
  type Action,
  type EventBody,
  type Micros,
  type VirtualRouterState,
} from '@vrrp/state-machine';
import type { Link, ReceivedDatagram, VrrpSocketOptions } from '@vrrp/netlink-native';
import type { DesiredAddress, DesiredVirtualRouter } from '../plan/desired.js';
import { diffDesired } from '../reconcile/diff.js';
import type { AddressKeeper } from './address-keeper.js';
import type { Announced } from './announcer.js';
import { channelKey, type Channel } from './channels.js';
import { heardAt } from './heard-at.js';
import {
  failureText,
  type AddressStanding,
  type EngineReport,
  type RouterSnapshot,
  type RouterStanding,
  type Untimed,
} from './messages.js';
import { Transmitter } from './transmitter.js';

export interface VirtualRouterPorts {
  now(): number;
  report(report: Untimed<EngineReport>): void;
  /** What the state machine observed, at the time of its step. */
  observe(report: EngineReport & { readonly kind: 'observation' }): void;
  /** The deadline moved. */
  schedule(router: VirtualRouter, deadline: number | undefined): void;
  join(options: VrrpSocketOptions, vrid: number, router: VirtualRouter): Channel;
  leave(channel: Channel, vrid: number, router: VirtualRouter): void;
  keeper(router: VirtualRouter): AddressKeeper;
  /** Tells the network, once, where an address is that is no virtual one. */
  announce(router: VirtualRouter, address: Announced): void;
  /** A Master of a sync group heard a lower priority: the other members announce too. */
  announceGroup(router: VirtualRouter): void;
  /** An event was dealt with, actions and all. */
  stepped(router: VirtualRouter): void;
}

export class VirtualRouter {
  readonly #ports: VirtualRouterPorts;
  readonly #keeper: AddressKeeper;
  #desired: DesiredVirtualRouter;
  #state: VirtualRouterState;
  #channel: Channel | undefined;
  #transmitter: Transmitter | undefined;
  #lastEventAt = 0;
  #sendFailing = false;
  #masterHeardAt: Micros | undefined;
  /** Announcements of its addresses that have left. */
  announcementsSent = 0;
  /** Why an advertisement of this step was not sent: told to the state machine when the step is over. */
  #unsent: string | undefined;

  constructor(desired: DesiredVirtualRouter, ports: VirtualRouterPorts) {
    this.#desired = desired;
    this.#ports = ports;
    this.#keeper = ports.keeper(this);
    this.#state = create(desired.config);
  }

  get desired(): DesiredVirtualRouter {
    return this.#desired;
  }

  get state(): VirtualRouterState {
    return this.#state;
  }

  get isMaster(): boolean {
    return this.#state.role === 'master';
  }

  /** Whether it can send and hear advertisements. */
  get isConnected(): boolean {
    return this.#channel !== undefined;
  }

  get keeper(): AddressKeeper {
    return this.#keeper;
  }

  /** Feeds one event and carries out what the state machine asks for. */
  deliver(body: EventBody): void {
    this.#take(body, this.#ports.now());
  }

  receive(datagram: ReceivedDatagram): void {
    const { source, destination, ttl, payload, arrivedAt } = datagram;
    const multicast = this.#desired.channel.family === 4 ? isMulticast4(destination) : destination.startsWith('ff');
    const at = heardAt(arrivedAt, this.#lastEventAt, this.#ports.now());
    const before = this.#state.statistics.advertisementsReceived;
    this.#take({ kind: 'packet', packet: { source, destination, ttl, multicast, payload } }, at);
    const { statistics, master } = this.#state;
    const isGood = statistics.advertisementsReceived !== before;
    if (isGood && source === master?.address) this.#masterHeardAt = at;
  }

  #take(body: EventBody, at: number): void {
    this.#lastEventAt = at;
    const result = step(this.#state, { ...body, at });
    this.#state = result.state;
    for (const action of result.actions) this.#perform(action, at);
    this.#reportUnsent(at);
    this.#ports.schedule(this, nextDeadline(this.#state));
    this.#ports.stepped(this);
  }

  /** Whether a datagram comes from a unicast peer, and to the source address that is configured, if one is. */
  isPartnerOf({ source, destination }: ReceivedDatagram): boolean {
    const { unicastPeers, source: own } = this.#desired.channel;
    return unicastPeers.includes(source) && (own === undefined || own === destination);
  }

  /** Reads what waits in the socket before a deadline is believed: a Backup that overslept may have heard its Master. */
  drain(): void {
    this.#channel?.socket.drain();
  }

  /** Opens, keeps or replaces the socket so that it fits the link and source address of now. */
  connect(link: Link | undefined, source: string | undefined): void {
    const options = link === undefined || source === undefined ? undefined : this.#socketOptions(link, source);
    const fits =
      options !== undefined && this.#channel !== undefined && channelKey(options) === channelKey(this.#channel.options);
    if (!fits) {
      this.disconnect();
      if (options !== undefined) this.#open(options);
    }
    if (source !== this.#transmitter?.source) {
      this.#transmitter = source === undefined ? undefined : new Transmitter(this.#desired, source);
    }
  }

  disconnect(): void {
    if (this.#channel !== undefined) this.#ports.leave(this.#channel, this.#desired.config.vrid, this);
    this.#channel = undefined;
  }

  /** Takes a new configuration while running; addresses follow by difference. */
  reconfigure(desired: DesiredVirtualRouter): void {
    const { removed, added } = diffDesired(this.#desired.addresses, desired.addresses);
    const kept = this.#desired.addresses.filter((address) => !removed.includes(address));
    this.#desired = { ...desired, addresses: orderAs(desired.addresses, [...kept, ...added]) };
    const source = this.#transmitter?.source;
    this.#transmitter = source === undefined ? undefined : new Transmitter(this.#desired, source);
    this.deliver({ kind: 'reconfigure', config: desired.config });
    if (!this.isMaster) return;
    // Removing a primary address may take kept ones of its subnet along, so all are asked for again.
    if (removed.length > 0) this.#keeper.remove(removed);
    if (removed.length > 0 || added.length > 0) this.#keeper.add(this.#desired.addresses);
    if (added.length > 0) {
      this.#keeper.announce(added, desired.config.announcements.repeat);
    }
  }

  snapshot(): RouterSnapshot {
    const { role, priority, faults, statistics } = this.#state;
    return { key: this.#desired.key, name: this.#desired.config.name, role, priority, faults, statistics };
  }

  /** @param isPresent whether the kernel has this address. */
  standing(isPresent: (address: DesiredAddress) => boolean): RouterStanding {
    const state = this.#state;
    const { vrid, family, version, preempt, syncGroup, trackedObjects } = state.config;
    const advertised = new Set(state.config.virtualAddresses);
    const describe = (one: DesiredAddress): AddressStanding => {
      const { address, prefixLength, link } = one;
      return { address, prefixLength, link, advertised: advertised.has(address), present: isPresent(one) };
    };
    return {
      ...this.snapshot(),
      interface: state.config.interface,
      vrid,
      family,
      version,
      preempt,
      syncGroup,
      explanation: explain(state),
      intervals: {
        advertisement: state.config.advertisementInterval,
        masterAdvertisement: state.masterAdvertisementInterval,
        masterDown: state.masterDownInterval,
        skew: state.skewTime,
      },
      primaryAddress: state.facts.primaryAddress,
      masterHeardAt: state.master === undefined ? undefined : this.#masterHeardAt,
      addresses: this.#desired.addresses.map(describe),
      tracked: trackedObjects.map(({ kind, name, weight, reverse }) => {
        return { kind, name, weight, reverse, status: trackerFact(state.facts, kind, name).status };
      }),
      announcementsSent: this.announcementsSent,
    };
  }

  #reportUnsent(at: number): void {
    const reason = this.#unsent;
    if (reason === undefined) return;
    this.#unsent = undefined;
    this.#state = step(this.#state, { at, kind: 'action-failed', action: 'send-advertisement', reason }).state;
  }

  #perform(action: Action, at: number): void {
    const { addresses } = this.#desired;
    if (action.kind === 'send-advertisement') this.#send(action.priority);
    else if (action.kind === 'add-addresses') this.#keeper.add(addresses);
    else if (action.kind === 'remove-addresses') this.#keeper.remove(addresses);
    else if (action.kind === 'announce-addresses') this.#keeper.announce(addresses, action.repeat);
    else if (action.kind === 'announce-primary-address') this.#announceSource();
    else if (action.kind === 'announce-group') this.#ports.announceGroup(this);
    else this.#ports.observe({ at, kind: 'observation', router: this.#desired.key, observation: action.observation });
  }

  #announceSource(): void {
    const { family, link } = this.#desired.channel;
    const address = this.#transmitter?.source;
    if (address !== undefined) this.#ports.announce(this, { family, link, address });
  }

  #send(priority: number): void {
    const errno =
      this.#channel === undefined
        ? undefined
        : this.#transmitter?.send(this.#channel.socket, priority, this.#state.checksumForm);
    if (errno === 0) {
      this.#sendFailing = false;
      return;
    }
    const message = errno === undefined ? 'no socket is open for it' : `errno ${errno}`;
    this.#unsent = message;
    // Reported once until it works again, and not when a router that is in fault says goodbye to a dead link.
    if (this.#sendFailing || !this.isMaster) return;
    this.#sendFailing = true;
    this.#failed('send advertisement', new Error(message));
  }

  #open(options: VrrpSocketOptions): void {
    try {
      this.#channel = this.#ports.join(options, this.#desired.config.vrid, this);
    } catch (error) {
      this.#failed(`open a socket for advertisements on ${options.linkName}`, error);
    }
  }

  #failed(operation: string, error: unknown): void {
    this.#ports.report({ kind: 'operation-failed', router: this.#desired.key, operation, error: failureText(error) });
  }

  #socketOptions(link: Link, source: string): VrrpSocketOptions {
    const { family, multicastGroup, ttl } = this.#desired.channel;
    return {
      family,
      linkIndex: link.index,
      linkName: link.name,
      ...(multicastGroup === undefined ? {} : { multicastGroup }),
      ...(family === 6 ? { source, hopLimit: ttl } : {}),
    };
  }
}

/** 224.0.0.0/4 */
function isMulticast4(address: string): boolean {
  const first = Number(address.slice(0, address.indexOf('.')));
  return first >= 224 && first <= 239;
}

/** `members` in the order of `pattern`, compared by content: the kept objects keep their identity. */
function orderAs(pattern: readonly DesiredAddress[], members: readonly DesiredAddress[]): readonly DesiredAddress[] {
  const byContent = new Map(members.map((address) => [JSON.stringify(address), address]));
  return pattern.map((address) => byContent.get(JSON.stringify(address)) ?? address);
}
