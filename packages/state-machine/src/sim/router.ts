// A host for one virtual router in virtual time: the loop of ../host over a simulated LAN and clock, with the ways a real
// host fails: crash, restart, a process that is not scheduled for a while, a link that flaps. No kernel and no engine
// here: addresses are a flag.
import { VRRP_GROUP_IPV4 } from '@vrrp/wire';
import type { VirtualRouterConfig } from '../config.js';
import { RouterDriver } from '../host/router-driver.js';
import type { VirtualRouterState } from '../state.js';
import type { Action, EventBody, Micros } from '../types.js';
import { advertisementBytes } from './advertise.js';
import type { Lan, LanDatagram, LanPort } from './lan.js';
import type { ScheduledTask, VirtualClock } from './virtual-clock.js';

const SENT_TTL = 255;
/** Events that wait for a stalled host; a real socket buffer is not larger. */
export const BACKLOG_MAX = 10_000;

export interface SimulatedRouterOptions {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly lan: Lan;
  readonly config: VirtualRouterConfig;
  /** The primary address. */
  readonly address: string;
  /** Hears every action as it is carried out. */
  readonly onAction: (router: SimulatedRouter, action: Action) => void;
  /** Is called after every step, when its actions are carried out. */
  readonly onStep?: (router: SimulatedRouter) => void;
}

export class SimulatedRouter {
  readonly name: string;
  readonly #clock: VirtualClock;
  readonly #lan: Lan;
  readonly #port: LanPort;
  readonly #onAction: (router: SimulatedRouter, action: Action) => void;
  readonly #onStep: ((router: SimulatedRouter) => void) | undefined;
  #config: VirtualRouterConfig;
  #address: string | undefined;
  #linkUp = true;
  readonly #trackers = new Map<string, EventBody & { readonly kind: 'tracker' }>();
  #driver: RouterDriver | undefined;
  #holdsAddresses = false;
  #wake: ScheduledTask | undefined;
  #stalledUntil: Micros | undefined;
  #backlog: EventBody[] = [];

  constructor(options: SimulatedRouterOptions) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#lan = options.lan;
    this.#config = options.config;
    this.#address = options.address;
    this.#onAction = options.onAction;
    this.#onStep = options.onStep;
    this.#port = options.lan.attach(options.name, (datagram) => this.#receive(datagram));
  }

  get config(): VirtualRouterConfig {
    return this.#config;
  }

  /** `undefined` while the router does not run. */
  get state(): VirtualRouterState | undefined {
    return this.#driver?.state;
  }

  /** Whether the virtual addresses are on this host. */
  get holdsAddresses(): boolean {
    return this.#holdsAddresses;
  }

  get isStalled(): boolean {
    return this.#stalledUntil !== undefined;
  }

  get linkUp(): boolean {
    return this.#linkUp;
  }

  /** Starts the process; nothing when it runs already. */
  start(): void {
    if (this.#driver !== undefined) return;
    // What a process that was killed left behind goes before anything else.
    this.#holdsAddresses = false;
    this.#driver = new RouterDriver(this.#config, {
      now: () => this.#clock.now(),
      perform: (action) => this.#perform(action),
      schedule: (deadline) => this.#rearm(deadline),
      stepped: () => this.#onStep?.(this),
    });
    this.handle({ kind: 'link', up: this.#linkUp });
    this.handle({ kind: 'primary-address', address: this.#address });
    for (const tracker of this.#trackers.values()) this.handle(tracker);
    this.handle({ kind: 'startup' });
  }

  /** Stops the process in order. */
  stop(): void {
    this.#endStall();
    this.handle({ kind: 'shutdown' });
    this.#forget();
  }

  /** The host loses power: no word to anybody, nothing left. */
  crash(): void {
    this.#stalledUntil = undefined;
    this.#holdsAddresses = false;
    this.#forget();
  }

  /** The process is gone at once: no word to anybody, the addresses stay on the host. */
  kill(): void {
    this.#stalledUntil = undefined;
    this.#forget();
  }

  /** The process is not scheduled for a while; what arrives waits in its sockets. */
  stall(duration: Micros): void {
    if (this.#driver === undefined) return;
    const until = this.#clock.now() + duration;
    if (this.#stalledUntil !== undefined && this.#stalledUntil >= until) return;
    this.#stalledUntil = until;
    this.#clock.schedule(until, () => {
      if (this.#stalledUntil === until) this.#endStall();
    });
  }

  setLink(up: boolean): void {
    this.#linkUp = up;
    this.#lan.setLink(this.name, up);
    this.handle({ kind: 'link', up });
  }

  setPrimaryAddress(address: string | undefined): void {
    this.#address = address;
    this.handle({ kind: 'primary-address', address });
  }

  setTracker(event: EventBody & { readonly kind: 'tracker' }): void {
    this.#trackers.set(`${event.trackerKind}:${event.tracker}`, event);
    this.handle(event);
  }

  reconfigure(config: VirtualRouterConfig): void {
    this.#config = config;
    this.handle({ kind: 'reconfigure', config });
  }

  /** One event, now; it waits while the host is stalled. Nothing while the router does not run. */
  handle(event: EventBody): void {
    if (this.#driver === undefined) return;
    if (this.#stalledUntil !== undefined) {
      if (this.#backlog.length < BACKLOG_MAX) this.#backlog.push(event);
      return;
    }
    this.#driver.deliver(event);
  }

  #rearm(deadline: Micros | undefined): void {
    this.#clock.cancel(this.#wake);
    this.#wake = deadline === undefined ? undefined : this.#clock.schedule(deadline, () => this.#onDeadline());
  }

  #onDeadline(): void {
    // A stalled host does not even know that its timer ran out; it looks when it wakes.
    if (this.#stalledUntil === undefined) this.handle({ kind: 'time' });
  }

  /** What waited in the sockets comes before the timers: a stale timer proves nothing about the Master. */
  #endStall(): void {
    if (this.#stalledUntil === undefined) return;
    this.#stalledUntil = undefined;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const event of backlog) this.handle(event);
    this.handle({ kind: 'time' });
  }

  #forget(): void {
    this.#driver = undefined;
    this.#backlog = [];
    this.#clock.cancel(this.#wake);
  }

  #receive(datagram: LanDatagram): void {
    const multicast = datagram.destination === this.#config.multicastGroup;
    if (!multicast && datagram.destination !== this.#address) return;
    this.handle({ kind: 'packet', packet: { ...datagram, multicast } });
  }

  #perform(action: Action): string | undefined {
    this.#onAction(this, action);
    if (action.kind === 'send-advertisement') return this.#send(action.priority);
    if (action.kind === 'add-addresses') this.#holdsAddresses = true;
    else if (action.kind === 'remove-addresses') this.#holdsAddresses = false;
    return undefined;
  }

  /** Why it could not be sent. */
  #send(priority: number): string | undefined {
    const source = this.#address;
    if (source === undefined) return 'no address to send from';
    const config = this.#config;
    const destinations = config.unicast?.peers.map((peer) => peer.address) ?? [config.multicastGroup];
    for (const destination of destinations) {
      const isOldForm = this.state?.checksumForm === 'multicast-pseudo-header';
      const payload = advertisementBytes(config, priority, source, isOldForm ? VRRP_GROUP_IPV4 : destination);
      this.#port.send({ source, destination, ttl: SENT_TTL, payload });
    }
    return undefined;
  }
}
