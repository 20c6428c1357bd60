// One host in memory for the engine: links on simulated LANs, a kernel, sockets and a timer in virtual time, and what can
// happen to them. The engine that runs on it is the production one.
import { MemoryKernel } from '@vrrp/netlink-native/testing';
import type { ErrnoName } from '@vrrp/state-machine/sim';
import { createEngine, type Engine } from '../engine/engine.js';
import type { EngineReport, Leftovers, TrackerNews } from '../engine/messages.js';
import type { World } from '../engine/world.js';
import type { Desired } from '../plan/desired.js';
import { FaultyKernel } from './faulty-kernel.js';
import { Life } from './life.js';
import type { Plug, SimulatedLink, SimulatedNetwork, SimulatedWire } from './simulated-network.js';
import { SimulatedSockets } from './simulated-sockets.js';
import { openSimulatedTimer } from './simulated-timer.js';

export interface SimulatedHostOptions {
  readonly name: string;
  readonly links: readonly SimulatedLink[];
  readonly report: (report: EngineReport) => void;
}

export class SimulatedHost {
  readonly kernel = new MemoryKernel();
  readonly #sockets: SimulatedSockets;
  readonly #network: SimulatedNetwork;
  readonly #options: SimulatedHostOptions;
  readonly #faultyKernel: FaultyKernel;
  /** One for each wire. */
  readonly #plugs: Plug[] = [];
  readonly #plugOfLink = new Map<number, Plug>();
  /** When somebody took an address away by hand, until it is back. */
  readonly #taken = new Map<string, number>();
  #engine: Engine;
  #life: Life;
  #running = true;
  #changes = 0;
  #isSettled = false;

  constructor(network: SimulatedNetwork, options: SimulatedHostOptions) {
    this.#network = network;
    this.#options = options;
    for (const { name, mac, addresses, loopback = false, wire = network } of options.links) {
      const { index } = this.kernel.addLink({ name, mac, loopback });
      for (const address of addresses) this.kernel.addAddress(index, address);
      this.#plugOfLink.set(index, this.#plugs.find((plug) => plug.wire === wire) ?? this.#plugInto(wire));
    }
    this.#sockets = new SimulatedSockets({
      clock: network.clock,
      plugAt: (linkIndex) => this.#plugOfLink.get(linkIndex),
      isUp: (linkIndex) => this.kernel.snapshot().links.some((link) => link.index === linkIndex && link.adminUp),
      holds: (address) => this.holds(address),
      isStalled: () => this.#life.isStalled,
    });
    this.#faultyKernel = new FaultyKernel(this.kernel, network.clock);
    this.kernel.watch((event) => {
      this.#touch();
      if (event.kind === 'changed' && event.object.kind === 'address') this.#taken.delete(event.object.address);
    });
    this.#life = new Life(network.clock);
    this.#engine = createEngine(this.#world());
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get isStalled(): boolean {
    return this.#life.isStalled;
  }

  /** Grows with everything that an onlooker could see. */
  get changes(): number {
    return this.#changes;
  }

  /** False once after something began whose consequences come in microtasks. */
  takeSettled(): boolean {
    const wasSettled = this.#isSettled;
    this.#isSettled = true;
    return wasSettled;
  }

  /** Whether its kernel does as it is told, and has done so for long enough. */
  get hasWellKernel(): boolean {
    return this.#faultyKernel.isWell;
  }

  /** Whether nothing that it sends is refused and nothing that arrives dropped. */
  get hasWellSockets(): boolean {
    return this.#sockets.areWell;
  }

  takenAt(address: string): number | undefined {
    return this.#taken.get(address);
  }

  async configure(desired: Desired, leftovers: Leftovers = []): Promise<void> {
    this.#touch();
    const [problem] = await this.#engine.prepare(desired);
    if (problem !== undefined) throw new RangeError(`${problem.router ?? this.#options.name}: ${problem.message}`);
    await this.#engine.commit(leftovers);
  }

  track(news: TrackerNews): void {
    this.#engine.track(news);
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Runs the task now, or once the program is scheduled again; never when this run of it is over. */
  whenAwake(task: () => void): void {
    this.#touch();
    this.#life.whenAwake(() => {
      this.#touch();
      task();
    });
  }

  async stop(): Promise<void> {
    this.#touch();
    await this.#engine.stop();
    this.#running = false;
    this.#touch();
  }

  /** The program is gone at once: nothing is sent, nothing is heard, its addresses stay where they were. */
  crash(): void {
    this.#touch();
    this.#life.end();
    this.#sockets.closeAll();
    this.#running = false;
  }

  /** Starts the program again; configure it next. */
  restart(): void {
    this.#touch();
    this.#life.end();
    this.#life = new Life(this.#network.clock);
    this.#running = true;
    this.#engine = createEngine(this.#world());
  }

  /** What a machine that was switched off forgets: every address but the links' own. */
  forgetAddresses(): void {
    const own = new Set(this.#options.links.flatMap(({ addresses }) => addresses));
    for (const { address, prefixLength, linkIndex } of this.kernel.snapshot().addresses) {
      const text = `${address}/${prefixLength}`;
      if (!own.has(text)) this.kernel.removeAddress(linkIndex, text);
    }
    this.#touch();
  }

  /**
   * The process is not scheduled for this long (SIGSTOP, a busy hypervisor), in microseconds. Its timers ring late and
   * first; what arrived meanwhile waits in the sockets, as in a real kernel.
   */
  stall(duration: number): void {
    this.#life.stall(duration);
    this.whenAwake(() => this.#sockets.drainAll());
  }

  /** Plugs the cable of a link in or out; the link has a wire of its own. @throws RangeError when there is no such link. */
  setLink(name: string, up: boolean): void {
    const link = this.kernel.snapshot().links.find((one) => one.name === name);
    const wire = this.#plugOfLink.get(link?.index ?? 0)?.wire;
    if (link === undefined || wire === undefined) throw new RangeError(`${this.#options.name} has no link ${name}`);
    wire.datagrams.setLink(this.#options.name, up);
    wire.frames.setLink(this.#options.name, up);
    this.kernel.setLink(link.index, { carrier: up });
    this.#touch();
  }

  /** Somebody removes the address by hand, wherever it is. */
  takeAddress(address: string): void {
    for (const held of this.kernel.snapshot().addresses) {
      if (held.address !== address) continue;
      this.#taken.set(address, this.#network.clock.now());
      this.kernel.removeAddress(held.linkIndex, `${address}/${held.prefixLength}`);
    }
    this.#touch();
  }

  /** The kernel refuses what it is told to change. */
  refuseChanges(errno: ErrnoName, duration: number): void {
    this.#faultyKernel.refuseChanges(errno, duration);
    this.#touchAlsoIn(duration);
  }

  /** The kernel's events are lost; at the end it says that some were. */
  loseEvents(duration: number): void {
    this.#faultyKernel.loseEvents(duration);
    this.#touchAlsoIn(duration);
  }

  /** The kernel refuses advertisements with this errno (a firewall, full buffers), or with 0 takes them again. */
  refuseSending(errno: number, duration?: number): void {
    this.#sockets.refuse(errno, duration);
    this.#touchAlsoIn(duration);
  }

  /**
   * What arrives looks older than it is by this many microseconds: somebody sets the time of day forward before it is read
   * (ReceivedDatagram.arrivedAt).
   */
  misdate(micros: number, duration?: number): void {
    this.#sockets.misdate(micros, duration);
  }

  /** What arrives is dropped. */
  overflow(duration: number): void {
    this.#sockets.overflow(duration);
    this.#touchAlsoIn(duration);
  }

  hasMac(mac: string): boolean {
    return this.#options.links.some((link) => link.mac === mac);
  }

  holds(address: string): boolean {
    return this.kernel.snapshot().addresses.some((one) => one.address === address);
  }

  /** A world of this life: what an earlier life scheduled or opened is dead. */
  #world(): World {
    const { clock } = this.#network;
    const life = this.#life;
    const asked = (): void => void (this.#isSettled = false);
    return {
      now: () => clock.now(),
      kernel: life.kernel(this.#faultyKernel.seen, asked),
      openTimer: (listener) => openSimulatedTimer(clock, life, listener),
      openVrrpSocket: (options, listener) => this.#sockets.openVrrp(options, listener),
      openFrameSocket: ({ linkIndex }) => this.#sockets.openFrames(linkIndex, this.#options.name),
      forwardsIpv6: () => false,
      processName: () => undefined,
      report: (report) => {
        this.#changes += 1;
        if (life.isAlive) this.#options.report(report);
      },
    };
  }

  #plugInto(wire: SimulatedWire): Plug {
    const { name } = this.#options;
    const plug: Plug = {
      wire,
      port: wire.datagrams.attach(name, (datagram) => this.#sockets.receive(plug, datagram)),
      framePort: wire.frames.attach(name, () => undefined),
    };
    this.#plugs.push(plug);
    return plug;
  }

  #touch(): void {
    this.#changes += 1;
    this.#isSettled = false;
  }

  /** Now, and when the time is over. */
  #touchAlsoIn(duration: number | undefined): void {
    this.#touch();
    const { clock } = this.#network;
    if (duration !== undefined) clock.schedule(clock.now() + duration, () => this.#touch());
  }
}
