// One running virtual router: the state machine's driver, and the socket, addresses and announcements its actions go to.
// It decides nothing: it carries out what the driver asks for, in order. What is said of it is standing.ts's.
import { RouterDriver, type Action, type EventBody, type Micros, type VirtualRouterState } from '@vrrp/state-machine';
import type { Link, ReceivedDatagram, VrrpSocketOptions } from '@vrrp/netlink-native';
import { isMulticastText } from '@vrrp/wire';
import type { DesiredAddress, DesiredVirtualRouter } from '../plan/desired.js';
import { diffDesired } from '../reconcile/diff.js';
import type { Announced } from './announcer.js';
import { channelKey, type Channel } from './channels.js';
import { heardAt } from './heard-at.js';
import { failureText, type EngineReport, type Repairs, type Untimed } from './messages.js';
import type { Outbox } from './outbox.js';
import { Transmitter } from './transmitter.js';

export interface VirtualRouterPorts {
  readonly outbox: Outbox;
  now(): number;
  report(report: Untimed<EngineReport>): void;
  /** What the state machine observed, at the time of its step. */
  observe(report: EngineReport & { readonly kind: 'observation' }): void;
  /** The deadline moved. */
  schedule(router: VirtualRouter, deadline: number | undefined): void;
  join(options: VrrpSocketOptions, vrid: number, router: VirtualRouter): Channel;
  leave(channel: Channel, vrid: number, router: VirtualRouter): void;
  want(router: VirtualRouter, addresses: readonly DesiredAddress[]): void;
  release(router: VirtualRouter, addresses: readonly DesiredAddress[]): void;
  announce(router: VirtualRouter, addresses: readonly DesiredAddress[], times: number): void;
  /** Tells the network, once, where an address is that is no virtual one. */
  announceSource(router: VirtualRouter, address: Announced): void;
  /** A Master of a sync group heard a lower priority: the other members announce too. */
  announceGroup(router: VirtualRouter): void;
  /** An event was dealt with, actions and all. */
  stepped(router: VirtualRouter): void;
}

export class VirtualRouter {
  readonly #ports: VirtualRouterPorts;
  readonly #driver: RouterDriver;
  #desired: DesiredVirtualRouter;
  #channel: Channel | undefined;
  #transmitter: Transmitter | undefined;
  /** Its bytes wait in the outbox, and must not be built anew before they have left. */
  #isQueued = false;
  /** The observation that it said priority 0: it counts only when that has left. */
  #farewell: (EngineReport & { readonly kind: 'observation' }) | undefined;
  #sendFailing = false;
  #masterHeardAt: Micros | undefined;
  /** Announcements of its addresses that have left. */
  announcementsSent = 0;
  repairs: Repairs = { count: 0 };

  /** @throws RangeError or TypeError for a configuration that the plan should have left out. */
  constructor(desired: DesiredVirtualRouter, ports: VirtualRouterPorts) {
    this.#desired = desired;
    this.#ports = ports;
    this.#driver = new RouterDriver(desired.config, {
      now: () => ports.now(),
      perform: (action, at) => this.#perform(action, at),
      schedule: (deadline) => ports.schedule(this, deadline),
      stepped: () => ports.stepped(this),
    });
  }

  get desired(): DesiredVirtualRouter {
    return this.#desired;
  }

  get state(): VirtualRouterState {
    return this.#driver.state;
  }

  get isMaster(): boolean {
    return this.state.role === 'master';
  }

  /** When the last good advertisement of the router that is believed to be Master came. */
  get masterHeardAt(): Micros | undefined {
    return this.state.master === undefined ? undefined : this.#masterHeardAt;
  }

  get socket(): Channel['socket'] | undefined {
    return this.#channel?.socket;
  }

  /** Feeds one event and carries out what the state machine asks for. */
  deliver(body: EventBody): void {
    this.#driver.deliver(body);
  }

  receive(datagram: ReceivedDatagram): void {
    const { source, destination, ttl, payload, arrivedAt } = datagram;
    const multicast = isMulticastText(destination);
    const at = heardAt(arrivedAt, this.#driver.lastEventAt, this.#ports.now());
    const before = this.state.statistics.advertisementsReceived;
    this.#driver.deliver({ kind: 'packet', packet: { source, destination, ttl, multicast, payload } }, at);
    const { statistics, master } = this.state;
    const isGood = statistics.advertisementsReceived !== before;
    if (isGood && source === master?.address) this.#masterHeardAt = at;
  }

  /** Whether a datagram comes from a unicast peer, and to the source address that is configured, if one is. */
  isPartnerOf({ source, destination }: ReceivedDatagram): boolean {
    const { unicastPeers, source: own } = this.#desired.channel;
    return unicastPeers.includes(source) && (own === undefined || own === destination);
  }

  /** Whether the socket it has is the one it should have. */
  isConnectedAs(link: Link | undefined, source: string | undefined): boolean {
    const options = link === undefined || source === undefined ? undefined : this.#socketOptions(link, source);
    if (options === undefined || this.#channel === undefined)
      return options === undefined && this.#channel === undefined;
    return channelKey(options) === channelKey(this.#channel.options);
  }

  /** Opens the socket that fits link and source. @returns why that was not possible. */
  connect(link: Link, source: string): string | undefined {
    if (source !== this.#transmitter?.source) this.#transmitter = new Transmitter(this.#desired, source);
    if (this.isConnectedAs(link, source)) return undefined;
    this.disconnect();
    try {
      this.#channel = this.#ports.join(this.#socketOptions(link, source), this.#desired.config.vrid, this);
      return undefined;
    } catch (error) {
      return failureText(error).message;
    }
  }

  disconnect(): void {
    if (this.#channel !== undefined) this.#ports.leave(this.#channel, this.#desired.config.vrid, this);
    this.#channel = undefined;
  }

  /** Takes a new configuration while running; addresses follow by difference. */
  reconfigure(desired: DesiredVirtualRouter): void {
    this.#flushOwn();
    const { removed, added } = diffDesired(this.#desired.addresses, desired.addresses);
    this.#desired = desired;
    const source = this.#transmitter?.source;
    this.#transmitter = source === undefined ? undefined : new Transmitter(desired, source);
    const wasMaster = this.isMaster;
    if (wasMaster && removed.length > 0) this.#ports.release(this, removed);
    this.deliver({ kind: 'reconfigure', config: desired.config });
    if (!wasMaster || !this.isMaster || added.length === 0) return;
    this.#ports.announce(this, added, desired.config.announcements.repeat);
  }

  #perform(action: Action, at: Micros): string | undefined {
    const { addresses } = this.#desired;
    switch (action.kind) {
      case 'send-advertisement':
        return this.#send(action.priority);
      case 'add-addresses':
        this.#ports.want(this, addresses);
        return undefined;
      case 'remove-addresses':
        this.#ports.release(this, addresses);
        return undefined;
      case 'announce-addresses':
        this.#ports.announce(this, addresses, action.repeat);
        return undefined;
      case 'announce-primary-address':
        this.#announceSource();
        return undefined;
      case 'announce-group':
        this.#ports.announceGroup(this);
        return undefined;
      case 'observe':
        this.#observe({ at, kind: 'observation', router: this.#desired.key, observation: action.observation });
        return undefined;
    }
  }

  #observe(report: EngineReport & { readonly kind: 'observation' }): void {
    if (report.observation.kind !== 'priority-zero-sent') this.#ports.observe(report);
    // Nobody is told that something was sent before it was.
    else if (this.#isQueued) this.#farewell = report;
  }

  #announceSource(): void {
    const { family, link } = this.#desired.channel;
    const address = this.#transmitter?.source;
    if (address !== undefined) this.#ports.announceSource(this, { family, link, address });
  }

  /** Into the outbox. @returns why that is not possible. */
  #send(priority: number): string | undefined {
    const channel = this.#channel;
    const transmitter = this.#transmitter;
    if (channel === undefined || transmitter === undefined) return this.#sendFailed('no socket is open for it');
    this.#flushOwn();
    this.#isQueued = true;
    const datagrams = transmitter.build(priority, this.state.checksumForm);
    this.#ports.outbox.add(channel.socket, datagrams, (errno) => this.#sent(errno));
    return undefined;
  }

  #flushOwn(): void {
    if (this.#isQueued) this.#ports.outbox.flush();
  }

  #sent(errno: number): void {
    this.#isQueued = false;
    const farewell = this.#farewell;
    this.#farewell = undefined;
    if (errno === 0) {
      this.#sendFailing = false;
      if (farewell !== undefined) this.#ports.observe(farewell);
      return;
    }
    const reason = this.#sendFailed(`errno ${errno}`);
    this.deliver({ kind: 'action-failed', action: 'send-advertisement', reason });
  }

  /** Reported once until it works again, and not when a router that is in fault says goodbye to a dead link. */
  #sendFailed(message: string): string {
    if (!this.#sendFailing && this.isMaster) {
      this.#sendFailing = true;
      const error = failureText(new Error(message));
      this.#ports.report({
        kind: 'operation-failed',
        router: this.#desired.key,
        operation: 'send advertisement',
        error,
      });
    }
    return message;
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
